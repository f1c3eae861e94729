package jdpvs.linux.netlink;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link NetlinkFuzz} with seeded inputs: good datagrams, and the same damaged. */
class NetlinkFuzzTest {
    private final Random random = new Random(1722);

    private byte[] datagram() {
        Messages messages = new Messages();
        for (int n = random.nextInt(4); n > 0; n--) {
            switch (random.nextInt(4)) {
                case 0 ->
                    messages.address(2, random.nextInt(34), 5)
                            .peer(octets(4))
                            .local(octets(4))
                            .label("eth0:1");
                case 1 -> messages.address(10, random.nextInt(130), 6).peer(octets(16));
                case 2 -> messages.link(random.nextInt()).name("eth" + random.nextInt(100));
                default -> messages.done(-random.nextInt(200));
            }
        }
        return messages.toBytes();
    }

    private int[] octets(int count) {
        return random.ints(count, 0, 256).toArray();
    }

    @Test
    void goodAndDamagedDatagrams() {
        for (int i = 0; i < 60_000; i++) {
            byte[] datagram = datagram();
            for (int n = datagram.length == 0 ? 0 : random.nextInt(4); n > 0; n--) {
                datagram[random.nextInt(datagram.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(40) : random.nextInt());
            }
            NetlinkFuzz.fuzzerTestOneInput(
                    random.nextInt(4) == 0 ? Arrays.copyOf(datagram, random.nextInt(datagram.length + 8)) : datagram);
        }
    }
}
