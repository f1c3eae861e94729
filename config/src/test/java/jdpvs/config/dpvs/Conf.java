package jdpvs.config.dpvs;

import java.nio.file.Path;
import java.util.List;
import jdpvs.config.Message;
import jdpvs.config.Severity;

/** Texts of configurations for tests. */
final class Conf {
    /** The smallest that has nothing to complain about, 17 lines. */
    static final String MINIMAL = """
            netif_defs {
                device dpdk0 {
                }
            }
            worker_defs {
                worker cpu0 {
                    type master
                    cpu_id 0
                }
                worker cpu1 {
                    cpu_id 1
                    port dpdk0 {
                        rx_queue_ids 0
                        tx_queue_ids 0
                    }
                }
            }
            """;

    static final Path FILE = Path.of("t.conf");

    private Conf() {}

    static LoadResult parse(String text) {
        return DpvsConfiguration.parse(text, FILE);
    }

    /** After the minimal configuration, so that only this text is complained about. */
    static LoadResult after(String text) {
        return parse(MINIMAL + text);
    }

    /** {@code SEVERITY line: text} of what is not an echo, lines counted from the end of the minimal configuration. */
    static List<String> complaints(String text) {
        return after(text).messages().stream()
                .filter(message -> message.severity() != Severity.INFO)
                .map(message -> message.severity() + " " + (message.at().line() - 17) + ": " + message.text())
                .toList();
    }

    static List<String> messages(LoadResult result, Severity severity) {
        return result.messages().stream()
                .filter(message -> message.severity() == severity)
                .map(Message::toString)
                .toList();
    }
}
