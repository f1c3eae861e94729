package jdpvs.command;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives {@link CommandLineFuzz} with lines of known words, mutated. */
class CommandLineFuzzTest {
    private static final String[] VOCABULARY = """
            dpip ipvsadm ipvsadm-save ipvsadm-restore dpvsctl addr route link neigh vlan show add del set flush list change replace help dev dpdk0 dpdk9 cpu
            via src mtu metric scope host global local default lladdr 02:00:00:00:00:01 sapool 10.0.0.1 10.0.0.1/24 10.0.0.1:80 300.1.1.1 [2001:db8::1]:80
            2001:db8::1/64 -4 -6 -s -v -V -h -C -F -f inet inet6 --family=inet --stats -A -E -D -C -a -e -d -L -l -lnc -ln -Z -S -Sn -R -P -Q -G -t -u -q -1 -r -b -w
            -x -y -z -F -p -M -j -n -c -o --ops --rate --thresholds --sockpair --nosort --exact enable rr wrr conhash 255.255.255.0 80 65536 -1 0 status drops conns
            --json --count --client --server --state -- - --set 1 2 3 promisc on off -U -k -H proto=tcp,af=ipv4 -f --dest-check default --conn-timeout
            """.split("\\s+");

    @Test
    void randomLines() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261123);
        for (int i = 0; i < 10_000; i++) {
            int tool = random.nextInt(Tools.NAMES.size());
            StringBuilder line = new StringBuilder().append((char) tool);
            // picocli builds its model anew for each command, which is slow: fewer of those.
            if (Tools.NAMES.get(tool).equals("dpvsctl") && random.nextInt(10) != 0) {
                continue;
            }
            int count = random.nextInt(9);
            for (int w = 0; w < count; w++) {
                line.append(w == 0 ? "" : "\0").append(word(random));
            }
            CommandLineFuzz.fuzzerTestOneInput(line.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String word(RandomGenerator random) {
        String word = VOCABULARY[random.nextInt(VOCABULARY.length)];
        if (random.nextInt(5) != 0) {
            return word;
        }
        StringBuilder mutated = new StringBuilder(word);
        int at = random.nextInt(mutated.length() + 1);
        switch (random.nextInt(3)) {
            case 0 -> mutated.insert(at, (char) (1 + random.nextInt(255)));
            case 1 -> mutated.setLength(at);
            default -> mutated.append(VOCABULARY[random.nextInt(VOCABULARY.length)]);
        }
        return mutated.toString();
    }
}
