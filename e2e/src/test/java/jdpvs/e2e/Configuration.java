package jdpvs.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The text of a dpvs.conf.
 *
 * @param devices dpvs device names, each with the lines its block holds beyond queues
 * @param bonds of devices, which workers then have ports of instead
 * @param workers forwarding workers beside the master
 * @param timeouts lines of the tcp timeout block
 * @param more whole blocks to append
 */
record Configuration(
        List<DeviceBlock> devices, List<BondBlock> bonds, int workers, List<String> timeouts, String more) {
    record DeviceBlock(String name, List<String> lines) {}

    /** @param slaves device names, the first is the primary */
    record BondBlock(String name, int mode, List<String> slaves) {}

    /** dpdk0 and dpdk2, Linux interfaces of these names; one worker. */
    static Configuration twoArm() {
        return new Configuration(devices("dpdk0", "dpdk2"), List.of(), 1, List.of(), "");
    }

    /** One device, a Linux interface of that name unless a line or an option says otherwise. */
    static Configuration oneDevice(String name, String... lines) {
        return new Configuration(List.of(new DeviceBlock(name, List.of(lines))), List.of(), 1, List.of(), "");
    }

    /** bond1 of dpdk0 and dpdk1 towards the servers, bond2 of dpdk2 and dpdk3 towards the clients, as in the how-to's section 2. */
    static Configuration twoBonds(int mode) {
        return new Configuration(
                devices("dpdk0", "dpdk1", "dpdk2", "dpdk3"),
                List.of(
                        new BondBlock("bond1", mode, List.of("dpdk0", "dpdk1")),
                        new BondBlock("bond2", mode, List.of("dpdk2", "dpdk3"))),
                1,
                List.of(),
                "");
    }

    private static List<DeviceBlock> devices(String... names) {
        return Stream.of(names).map(name -> new DeviceBlock(name, List.of())).toList();
    }

    Configuration workers(int number) {
        return new Configuration(devices, bonds, number, timeouts, more);
    }

    /** @param state as dpvs.conf names it, for example {@code established} */
    Configuration tcpTimeout(String state, int seconds) {
        var lines = new ArrayList<>(timeouts);
        lines.add(state + " " + seconds);
        return new Configuration(devices, bonds, workers, lines, more);
    }

    Configuration append(String blocks) {
        return new Configuration(devices, bonds, workers, timeouts, more + blocks + "\n");
    }

    String text() {
        return """
                global_defs {
                    log_level INFO
                }
                netif_defs {
                    <init> pktpool_size 65535
                %s%s}
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
                bonds.stream().map(Configuration::bondText).collect(Collectors.joining()),
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

    private static String bondText(BondBlock bond) {
        return """
                    <init> bonding %s {
                        mode %d
                        slave %s
                        primary %s
                    }
                """.formatted(
                        bond.name(),
                        bond.mode(),
                        String.join("\n        slave ", bond.slaves()),
                        bond.slaves().getFirst());
    }

    /** @return the names of bonds and of devices that are in none */
    private Stream<String> ports() {
        Stream<String> alone = devices.stream()
                .map(DeviceBlock::name)
                .filter(name -> bonds.stream().noneMatch(bond -> bond.slaves().contains(name)));
        return Stream.concat(bonds.stream().map(BondBlock::name), alone);
    }

    private String workerText(int number) {
        String ports =
                ports().map(port -> """
                            port %s {
                                rx_queue_ids %d
                                tx_queue_ids %d
                            }
                    """.formatted(port, number - 1, number - 1)).collect(Collectors.joining());
        return """
                    <init> worker cpu%d {
                        type slave
                        cpu_id %d
                %s    }
                """.formatted(number, number, ports);
    }
}
