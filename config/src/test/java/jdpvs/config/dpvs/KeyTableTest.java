package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key with good and bad values: line numbers, phrases, defaults. */
class KeyTableTest {
    record Place(List<Block> path, Key key) {
        /** The key with these words inside its blocks; the key is on line {@code path.size() + 1} of it. */
        String text(String words) {
            StringBuilder text = new StringBuilder();
            for (Block block : path) {
                text.append(block.name()).append(block.named() ? " x" : "").append(" {\n");
            }
            text.append(key.name()).append(' ').append(words).append('\n');
            path.forEach(block -> text.append("}\n"));
            return text.toString();
        }

        @Override
        public String toString() {
            return path.stream().map(Block::name).reduce("", (a, b) -> a + b + ".") + key.name();
        }
    }

    static List<Place> keys() {
        List<Place> places = new ArrayList<>();
        collect(KeyTable.ROOT, List.of(), places);
        return places;
    }

    private static void collect(Block block, List<Block> path, List<Place> into) {
        block.keys().forEach(key -> into.add(new Place(path, key)));
        for (Block inner : block.blocks()) {
            List<Block> longer = new ArrayList<>(path);
            longer.add(inner);
            collect(inner, longer, into);
        }
    }

    private static List<String> at(LoadResult result, int line, Severity severity) {
        return result.messages().stream()
                .filter(message -> message.at().line() == line && message.severity() == severity)
                .map(Message::text)
                .filter(text -> !text.startsWith("no meaning here"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void defaultsAreAccepted(Place place) {
        Key key = place.key();
        if (key.defaultValue() == null) {
            return;
        }
        String words = key.type() instanceof DpvsType.Flag ? "" : key.type().format(key.defaultValue());
        LoadResult result = Conf.parse(place.text(words));
        int line = place.path().size() + 1;
        assertThat(at(result, line, Severity.WARNING)).isEmpty();
        assertThat(at(result, line, Severity.INFO)).hasSize(1).allMatch(text -> text.contains(key.name()));
    }

    /** Nine wrong values for each of the about 100 keys: never an exception, always the right line and phrase. */
    @ParameterizedTest
    @MethodSource("keys")
    void wrongValuesAreNamedWithTheirLine(Place place) {
        Key key = place.key();
        for (String words : List.of(
                "",
                "nonsense!",
                "-1",
                "99999999999",
                "123456789012345678901234567890",
                "1.5",
                "0x10",
                "\"\"",
                "\"a b\"")) {
            LoadResult result = Conf.parse(place.text(words));
            int line = place.path().size() + 1;
            boolean accepted = !at(result, line, Severity.INFO).isEmpty();
            List<String> said = new ArrayList<>(at(result, line, Severity.WARNING));
            said.addAll(at(result, line, Severity.ERROR));
            if (!accepted) {
                assertThat(said).as(words).hasSize(1);
                assertThat(said.getFirst())
                        .containsAnyOf("invalid " + key.name() + " ", "illegal log level: ", "invalid port ");
                boolean error = !at(result, line, Severity.ERROR).isEmpty();
                if (key.substitute() != null && !error && !key.name().equals("log_level")) {
                    assertThat(said.getFirst())
                            .endsWith("using default " + key.type().format(key.substitute()));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "global_defs {; log_level LOUD; } | WARNING 2: illegal log level: LOUD",
                "global_defs {; log_level WARNING,x; } | ",
                "ipvs_defs {; conn {; conn_pool_size many; }; } | WARNING 3: invalid conn_pool_size many, using default 2097151",
                "ipvs_defs {; conn {; conn_pool_size 65535; }; } | WARNING 3: invalid conn_pool_size 65535, using default 2097151",
                "ipvs_defs {; conn {; conn_pool_size 65536; }; } | NOTICE 3: conn_pool_size 65536 is adjusted to 65535 (2^n − 1)",
                "ipvs_defs {; conn {; conn_pool_size 65536 <65536, 65536-many>; }; } | NOTICE 3: conn_pool_size 65536 is adjusted to 65535 (2^n − 1)",
                "ipvs_defs {; nonsense 7; } | WARNING 2: not supported keyword -- nonsense",
                "nonsense {; log_level DEBUG; } | WARNING 1: not supported keyword -- nonsense",
                "log_level DEBUG | WARNING 1: not supported keyword -- log_level",
                "ipvs_defs {; tcp 7; } | WARNING 2: 'tcp' is a block: write 'tcp {', ignored",
                "ipv4_defs {; forwarding {; x; }; } | WARNING 2: 'forwarding' is not a block, ignored with all it holds",
                "ipv4_defs {; forwarding maybe; } | WARNING 2: invalid forwarding maybe, using default off",
                "ipv4_defs {; forwarding on off; } | WARNING 2: one statement per line: 'off' after forwarding is ignored",
                "ipv4_defs {; forwarding; } | WARNING 2: invalid forwarding (no value), using default off",
                "ipv4_defs extra {; } | WARNING 1: one statement per line: 'extra' after ipv4_defs is ignored",
                "} | WARNING 1: '}' closes nothing, ignored",
                "ipv4_defs { | WARNING 1: block 'ipv4_defs' has no closing '}', it ends with the file",
                "ipv4_defs {; } x | WARNING 2: one statement per line: what follows '}' is ignored",
                "ipv4_defs {; <init forwarding on; } | WARNING 2: remark '<init forwarding on' has no '>', the rest of the line is skipped",
                "global_defs {; log_file \"/a b; } | WARNING 2: quoted text has no closing '\"', it ends with the line",
                "include | WARNING 1: include needs a file name or pattern, ignored",
                "include /nowhere/*.conf | WARNING 1: include /nowhere/*.conf: no such file, ignored",
                "include [ | WARNING 1: include [: not a pattern, ignored",
                "{; } | WARNING 1: '{' without a keyword, its block is ignored",
                "netif_defs {; device dpdk0 {; mtu 9001; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~WARNING 3: invalid mtu 9001, using default 1500",
                "netif_defs {; device dpdk0 {; }; device {; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~WARNING 4: 'device' needs a name, ignored with all it holds",
                "netif_defs {; device a234567890123456 {; }; } | WARNING 2: invalid name a234567890123456 of device, longer than 15 characters, ignored with all it holds",
                "netif_defs {; device dpdk0 {; port Packet:eth1; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~ERROR 3: device dpdk0: invalid port Packet:eth1; write KIND:ARGS, for example packet:eth1",
                "netif_defs {; device dpdk0 {; promisc_mode off; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~WARNING 3: dpdk0:promisc_mode takes no value: its presence switches it on, 'off' is ignored",
                "netif_defs {; device dpdk0 {; rx {; descriptor_number 1000; }; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~NOTICE 4: dpdk0:rx_descriptor_number 1000 is adjusted to 512 (2^n)",
                "netif_defs {; device dpdk0 {; rx {; queue_number 17; }; }; } | WARNING 2: device dpdk0 is there already (line 2), later values win~WARNING 4: invalid queue_number 17, using default 16~WARNING -15: rx-queues configured in workers (1) != rx-queues configured in device (16), setup 1 rx-queues for dpdk0",
                "worker_defs {; worker cpu1 {; port dpdk0 {; rx_queue_ids 0 x; }; }; } | WARNING 2: worker cpu1 is there already (line 10), later values win~WARNING 3: port dpdk0 is there already (line 12), later values win~WARNING 4: worker cpu1:dpdk0 rx_queue_ids x is not in 0 … 15, ignored",
                "sa_pool {; flow_enable off; }; timer_defs {; schedule_interval 500; } | NOTICE 2: no meaning here, ignored (docs/reference/dpvs.conf.md says why): sa_pool.flow_enable, timer_defs.schedule_interval",
            })
    void says(String text, String expected) {
        List<String> wanted = expected == null ? List.of() : List.of(expected.split("~", -1));
        assertThat(Conf.complaints(text.replace("; ", "\n").replace(";", "\n") + "\n"))
                .isEqualTo(wanted);
    }
}
