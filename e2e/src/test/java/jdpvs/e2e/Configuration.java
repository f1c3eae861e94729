package jdpvs.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text of a dpvs.conf.
 *
 * @param devices dpvs device names, each with the lines its block holds beyond queues
 * @param workers forwarding workers beside the master
 * @param timeouts lines of the tcp timeout block
 * @param more whole blocks to append
 */
record Configuration(List<DeviceBlock> devices, int workers, List<String> timeouts, String more) {
    record DeviceBlock(String name, List<String> lines) {}

    /** dpdk0 and dpdk2, Linux interfaces of these names; one worker. */
    static Configuration twoArm() {
        return new Configuration(
                List.of(new DeviceBlock("dpdk0", List.of()), new DeviceBlock("dpdk2", List.of())), 1, List.of(), "");
    }

    /** One device, a Linux interface of that name unless a line or an option says otherwise. */
    static Configuration oneDevice(String name, String... lines) {
        return new Configuration(List.of(new DeviceBlock(name, List.of(lines))), 1, List.of(), "");
    }

    Configuration workers(int number) {
        return new Configuration(devices, number, timeouts, more);
    }

    /** @param state as dpvs.conf names it, for example {@code established} */
    Configuration tcpTimeout(String state, int seconds) {
        var lines = new ArrayList<>(timeouts);
        lines.add(state + " " + seconds);
        return new Configuration(devices, workers, lines, more);
    }

    Configuration append(String blocks) {
        return new Configuration(devices, workers, timeouts, more + blocks + "\n");
    }

    String text() {
        return """
                global_defs {
                    log_level INFO
                }
                netif_defs {
                    <init> pktpool_size 65535
                %s}
                worker_defs {
                    <init> worker cpu0 {
                        type master
                        cpu_id 0
                    }
                %s}
                ipvs_defs {
                    conn {
                        <init> conn_pool_size 65536
                    }
                    tcp {
                        timeout {
                            %s
                        }
                    }
                }
                %s""".formatted(
                devices.stream().map(this::deviceText).collect(Collectors.joining()),
                IntStream.rangeClosed(1, workers).mapToObj(this::workerText).collect(Collectors.joining()),
                String.join("\n            ", timeouts),
                more);
    }

    private String deviceText(DeviceBlock device) {
        return """
                    <init> device %s {
                        %s
                        rx {
                            queue_number %d
                            descriptor_number 1024
                            rss all
                        }
                        tx {
                            queue_number %d
                            descriptor_number 1024
                        }
                    }
                """.formatted(device.name(), String.join("\n        ", device.lines()), workers, workers);
    }

    private String workerText(int number) {
        String ports = devices.stream()
                .map(device -> """
                            port %s {
                                rx_queue_ids %d
                                tx_queue_ids %d
                            }
                    """.formatted(device.name(), number - 1, number - 1))
                .collect(Collectors.joining());
        return """
                    <init> worker cpu%d {
                        type slave
                        cpu_id %d
                %s    }
                """.formatted(number, number, ports);
    }
}
