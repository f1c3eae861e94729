package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives the fuzz target with random bytes, random tokens and damaged files. */
class ConfigurationFuzzTest {
    @Test
    void randomBytesAndTokensAndMutations() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20);
        List<String> tokens = List.of(
                "global_defs",
                "netif_defs",
                "device",
                "dpdk0",
                "rx",
                "tx",
                "worker_defs",
                "worker",
                "cpu1",
                "port",
                "type",
                "master",
                "slave",
                "cpu_id",
                "0",
                "1",
                "rx_queue_ids",
                "tx_queue_ids",
                "bonding",
                "mode",
                "primary",
                "{",
                "}",
                "<init>",
                "<",
                "\"",
                "!",
                "#",
                "\n",
                "\n",
                "\n",
                "ipvs_defs",
                "tcp",
                "timeout",
                "established",
                "conn",
                "conn_pool_size",
                "65536",
                "-1",
                "99999999999999999999",
                "on",
                "off",
                "mtu",
                "log_level",
                "DEBUG",
                "\u0000",
                "é");
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            survives(bytes);
            StringBuilder text = new StringBuilder();
            for (int t = random.nextInt(60); t >= 0; t--) {
                text.append(tokens.get(random.nextInt(tokens.size()))).append(random.nextInt(3) == 0 ? "" : " ");
            }
            survives(text.toString().getBytes(StandardCharsets.UTF_8));
            byte[] mutated = (i % 2 == 0 ? Conf.MINIMAL : SampleTest.bonding()).getBytes(StandardCharsets.UTF_8);
            for (int m = random.nextInt(6); m >= 0; m--) {
                int at = random.nextInt(mutated.length);
                mutated[at] =
                        random.nextBoolean() ? (byte) random.nextInt(128) : mutated[random.nextInt(mutated.length)];
            }
            survives(mutated);
        }
    }

    private static void survives(byte[] data) {
        assertThatNoException()
                .as(() -> new String(data, StandardCharsets.UTF_8))
                .isThrownBy(() -> ConfigurationFuzz.fuzzerTestOneInput(data));
    }
}
