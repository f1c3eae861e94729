package jdpvs.e2e;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the balancers of {@link Lab#ecmp}: dpvs and FRRouting on a host, set up as docs/guide/ecmp.md says. */
final class Balancer implements AutoCloseable {
    static final String GUIDE = "ecmp.md";

    private static final Pattern SERVICE = Pattern.compile("TCP +10\\.0\\.97\\.204:80 +(\\d+) ");

    private static final Configuration CONFIGURATION = new Configuration(
            List.of(
                    new Configuration.DeviceBlock("dpdk0", List.of()),
                    new Configuration.DeviceBlock("dpdk2", List.of("kni_name dpdk2.kni"))),
            List.of(),
            1,
            List.of(),
            "");

    private final Lab lab;
    private final Host host;
    private final int number;
    private Dpvs dpvs;

    private Balancer(Lab lab, int number) {
        this.lab = lab;
        this.host = lab.balancer(number);
        this.number = number;
        this.dpvs = launch();
    }

    /**
     * Starts dpvs and does not wait.
     *
     * @param number 1 or 2
     */
    static Balancer launch(Lab lab, int number) {
        return new Balancer(lab, number);
    }

    private Dpvs launch() {
        return Dpvs.launch(host, CONFIGURATION.text());
    }

    /** Of the kernel interface. */
    String address() {
        return "10.0.96.20" + number;
    }

    Host host() {
        return host;
    }

    Dpvs dpvs() {
        return dpvs;
    }

    /** A block of the guide, which is about the first balancer, as it is for this one. */
    private String block(String name) {
        return Guide.block(GUIDE, name)
                .replace("10.0.96.201", address())
                .replace("192.168.229.204", "192.168.229.20" + (3 + number));
    }

    /** Addresses and services of dpvs, once it answers. */
    void typeServices() {
        dpvs.awaitAnswer();
        dpvs.type(block("dpvs").lines().toArray(String[]::new));
    }

    /** The kernel's address. */
    void typeAddress() {
        block("host").lines().forEach(line -> host.run(line).succeeded());
    }

    void announce() {
        block("announce").lines().forEach(line -> host.run(line).succeeded());
    }

    void withdraw() {
        block("announce")
                .lines()
                .forEach(
                        line -> host.run(line.replace("route add", "route del")).succeeded());
    }

    void startBgp() {
        lab.startRouting(host, "bgpd", block("balancer"));
    }

    void startOspf() {
        lab.startRouting(host, "ospfd", block("ospf"));
    }

    /** Connections that its service has had. */
    long connections() {
        String statistics = dpvs.ipvsadm("-ln --stats").succeeded();
        return number(SERVICE, statistics);
    }

    long established() {
        return dpvs.ipvsadm("-lnc")
                .succeeded()
                .lines()
                .filter(line -> line.contains("TCP_EST"))
                .count();
    }

    /** Frames for the kernel that dpvs has lost itself, but for what a worker may not give: that is never a hello. */
    long lostForKernel() {
        String status = dpvs.dpvsctl("status --json").succeeded();
        long lost = 0;
        for (String reason : List.of("droppedDown", "droppedRefused", "droppedMissed")) {
            lost += number(Pattern.compile("\"" + reason + "\" : (\\d+)"), status);
        }
        return lost;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    void kill() {
        dpvs.process().signal("KILL");
        dpvs.process().awaitExit(Duration.ofSeconds(15));
    }

    void launchAgain() {
        dpvs = launch();
    }

    @Override
    public void close() {
        dpvs.close();
    }
}
