package jdpvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A network of {@code lab/}, of this test's own; see the pictures in {@code lab/lab.sh}. It goes when this process does, however it ends. */
final class Lab implements AutoCloseable {
    private static final String COMMAND = Shell.HOME.resolve("lab/lab").toString();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Where dpvs has two cables in {@link #bond}. */
    enum Side {
        LAN("lan", "bond1", "dpdk0", "dpdk1"),
        WAN("wan", "bond2", "dpdk2", "dpdk3");

        /** The switch. */
        final String host;

        final String bond;

        private final String first;
        private final String second;

        Side(String host, String bond, String first, String second) {
            this.host = host;
            this.bond = bond;
            this.first = first;
            this.second = second;
        }

        List<String> slaves() {
            return List.of(first, second);
        }
    }

    private final String id;

    private Lab(String id) {
        this.id = id;
    }

    /** The how-to's network: dpdk2 towards the clients, dpdk0 towards the servers 192.168.229.1 and .2. */
    static Lab twoArm(String... options) {
        return up("two-arm", options);
    }

    /** Everything on eth0, which the kernel shares with its own address 10.0.96.10; servers 10.0.96.1 and .2. */
    static Lab oneArm(String... options) {
        return up("one-arm", options);
    }

    /**
     * The how-to's network with two cables on each side of dpvs: dpdk2 and dpdk3 to the switch wan, dpdk0 and dpdk1 to the switch lan.
     *
     * @param aggregate what the switches make of two cables: lacp, lacp-slow, static or plain
     */
    static Lab bond(String aggregate, String... options) {
        var words = new ArrayList<>(List.of("--aggregate", aggregate));
        words.addAll(List.of(options));
        return up("bond", words.toArray(String[]::new));
    }

    /** Everything on dpdk0, a switch's trunk: VLAN 96 towards the clients, VLAN 229 towards the servers 192.168.229.1 and .2. */
    static Lab trunk(String... options) {
        return up("trunk", options);
    }

    /** Two balancers that are active at once, {@link #balancer}, behind a router that chooses between routes of equal cost by addresses and ports. */
    static Lab ecmp(String... options) {
        return up("ecmp", options);
    }

    private static Lab up(String topology, String... options) {
        long pid = ProcessHandle.current().pid();
        String id = "e" + pid + "n" + NUMBER.incrementAndGet();
        var words = new ArrayList<>(List.of("up", id, "--topology", topology, "--owner", Long.toString(pid)));
        words.addAll(List.of(options));
        lab(words).succeeded();
        return new Lab(id);
    }

    Host client() {
        return host("client");
    }

    Host gateway() {
        return host("gateway");
    }

    Host dpvs() {
        return host("dpvs");
    }

    /**
     * Of {@link #ecmp}, instead of {@link #dpvs}.
     *
     * @param number 1 or 2
     */
    Host balancer(int number) {
        return host("dpvs" + number);
    }

    /** The host whose bridge joins dpvs and the servers. */
    Host bridge() {
        return host("lan");
    }

    /** @param number 1 or 2 */
    Host server(int number) {
        return host("rs" + number);
    }

    /**
     * Makes a host of this lab more, behind one that becomes a router; it goes with the lab.
     *
     * @param router the name of a host, which gets an interface named as the new host
     * @param name of the new host, whose interface is eth0 and whose way to everywhere is the router
     * @param near the router's address on the new link, with its prefix length
     * @param address the new host's
     */
    Host addHostBehind(String router, String name, String near, String address) {
        Host behind = host(name);
        Host before = host(router);
        String namespace = "jdpvs-" + id + "-" + name;
        command("ip netns add " + namespace);
        command("ip link add eth0 netns " + namespace + " type veth peer name " + name + " netns jdpvs-" + id + "-"
                + router);
        behind.run("ip link set lo up").succeeded();
        behind.run("ip link set eth0 up").succeeded();
        behind.run("ip address add " + address + " dev eth0").succeeded();
        behind.run("ip route add default via " + near.substring(0, near.indexOf('/')))
                .succeeded();
        before.run("ip link set " + name + " up").succeeded();
        before.run("ip address add " + near + " dev " + name).succeeded();
        before.run("sysctl -qw net.ipv4.ip_forward=1").succeeded();
        return behind;
    }

    private static void command(String line) {
        Shell.run(Duration.ofSeconds(10), List.of(line.split(" ")), Map.of(), "")
                .succeeded();
    }

    Host switchOf(Side side) {
        return host(side.host);
    }

    /** What a switch of {@link #bond} says. */
    String askSwitch(Side side, String words) {
        var command = new ArrayList<>(List.of("ovs", id, side.host, "appctl"));
        command.addAll(List.of(words.split(" +")));
        return lab(command).succeeded();
    }

    /**
     * A cable is pulled at the switch: dpvs's end loses its carrier.
     *
     * @return how long dpvs gave frames to it
     */
    LastFrame pull(Side side, String device, Duration watched) {
        return LastFrame.watch(dpvs(), device, watched, List.of(COMMAND, "pull", id, side.host, device));
    }

    void plug(Side side, String device) {
        lab(List.of("plug", id, side.host, device)).succeeded();
    }

    /**
     * A cable's frames are eaten both ways, while both ends keep their carrier.
     *
     * @return how long dpvs gave frames to it
     */
    LastFrame mute(Side side, String device, Duration watched) {
        return LastFrame.watch(dpvs(), device, watched, List.of(COMMAND, "mute", id, side.host, device));
    }

    void unmute(Side side, String device) {
        lab(List.of("unmute", id, side.host, device)).succeeded();
    }

    /**
     * Starts a routing daemon of FRRouting on a host.
     *
     * @param daemon bgpd, ospfd, ...
     */
    void startRouting(Host host, String daemon, String configuration) {
        lab(List.of("frr", id, host.name(), daemon), configuration).succeeded();
    }

    /** What the routing daemons of a host say to a command such as "show bgp summary". */
    String askRouting(Host host, String command) {
        return lab(List.of("vtysh", id, host.name(), command)).succeeded();
    }

    /** Starts nginx on both servers: its page says "This is rs1." and whom it saw; /files/ is {@link #filesOf}. */
    void startWebServers() {
        startWebServers(new String[0]);
    }

    /** Likewise with options of {@code lab_nginx}. */
    void startWebServers(String... options) {
        Stream.of("rs1", "rs2").parallel().forEach(server -> {
            var words = new ArrayList<>(List.of("nginx", id, server));
            words.addAll(List.of(options));
            lab(words).succeeded();
        });
    }

    /** Starts nginx on one server in a control group, with each request's client in {@link #clientsSeen}, with more options of {@code lab_nginx}. */
    void startWebServer(int server, Path controlGroup, String... options) {
        var words = new ArrayList<>(List.of("nginx", id, "rs" + server, "--cgroup", controlGroup.toString(), "--log"));
        words.addAll(List.of(options));
        lab(words).succeeded();
    }

    /**
     * Builds the nginx module that {@code lab_nginx --toa} loads, which may take longer than that one may; only what has changed since it was built.
     *
     * @return the module, in a directory that {@code make BUILD=} takes
     */
    static Path buildNginxModule() {
        return Path.of(Shell.run(Duration.ofMinutes(2), List.of(COMMAND, "module"), Map.of(), "")
                .succeeded()
                .strip());
    }

    /** Whom nginx saw, {@code address:port}, in the order of its access log; empties it. */
    List<String> clientsSeen(int server) {
        Path log = directory().resolve("rs" + server).resolve("access.log");
        try {
            List<String> clients = Files.readAllLines(log);
            Files.writeString(log, "");
            return clients;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the server's files for download lie. */
    Path filesOf(int server) {
        return directory().resolve("rs" + server).resolve("files");
    }

    Path directory() {
        return Path.of("/run/jdpvs-lab", id);
    }

    @Override
    public void close() {
        lab(List.of("down", id)).succeeded();
    }

    private Host host(String name) {
        return new Host("jdpvs-" + id + "-" + name, name, directory());
    }

    private static Outcome lab(List<String> words) {
        return lab(words, "");
    }

    private static Outcome lab(List<String> words, String input) {
        var command = new ArrayList<>(List.of(COMMAND));
        command.addAll(words);
        return Shell.run(Duration.ofSeconds(30), command, Map.of(), input);
    }
}
