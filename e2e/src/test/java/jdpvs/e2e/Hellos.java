package jdpvs.e2e;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the router's daemons and one balancer's say to each other, packet by packet, at three places: BGP's segments with data (keepalives, and what TCP repeats) and OSPF's hellos.
 *
 * <pre>
 *  router ── its interface ─────── the balancer's device ── dpvs ── kernel interface ── daemon
 *               "router"                 "device"                       "kernel"
 * </pre>
 */
final class Hellos implements AutoCloseable {
    private static final String ROUTER = "10.0.96.254";
    private static final String FILTER = "tcp port 179 or ip proto 89";
    private static final String HELLOS = "tcp.len > 0 || ospf.msg == 1";

    /** The router's interface has everybody's. */
    private final Capture router;

    private final Capture device;
    private final Capture kernel;
    private final String address;
    private final double beganSeconds;

    private Hellos(Capture router, Balancer balancer) {
        this.router = router;
        this.address = balancer.address();
        this.device = Capture.start(balancer.host(), "dpdk2", FILTER);
        this.kernel = Capture.start(balancer.host(), "dpdk2.kni", FILTER);
        this.beganSeconds = nowSeconds();
    }

    /** @param router from {@link #atRouter}, shared by those of all balancers */
    static Hellos between(Capture router, Balancer balancer) {
        return new Hellos(router, balancer);
    }

    static Capture atRouter(Lab lab) {
        return Capture.start(lab.gateway(), "outside", FILTER);
    }

    static double nowSeconds() {
        return System.currentTimeMillis() / 1000.0;
    }

    /** One packet: IP identifications differ within a minute. */
    private record Hello(String source, String destination, String protocol, String id) {}

    private record Sighting(double seconds, Hello hello) {}

    /**
     * What became of the packets of one direction and protocol.
     *
     * @param before lost between the sender and dpvs, or for those to the router between dpvs and the router
     * @param within went into dpvs and did not come out
     */
    record Fate(String what, int sent, int before, int within) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%s: %d sent, %d lost on the link, %d in dpvs", what, sent, before, within);
        }
    }

    /** Ends the captures, and tells of what was sent since they began until then. */
    List<Fate> fates(double endSeconds) {
        List<Sighting> atRouter = sightings(router);
        List<Sighting> atDevice = sightings(device);
        List<Sighting> atKernel = sightings(kernel);
        Set<Hello> seenRouter = hellos(atRouter);
        Set<Hello> seenDevice = hellos(atDevice);
        Set<Hello> seenKernel = hellos(atKernel);
        Predicate<Sighting> inTime = seen -> seen.seconds() >= beganSeconds && seen.seconds() <= endSeconds;
        return List.of("6", "89").stream()
                .flatMap(protocol -> {
                    String name = protocol.equals("6") ? "BGP" : "OSPF";
                    Set<Hello> in = hellos(atRouter.stream()
                            .filter(inTime)
                            .filter(seen -> isOf(seen.hello(), protocol, ROUTER, address))
                            .toList());
                    Set<Hello> out = hellos(atKernel.stream()
                            .filter(inTime)
                            .filter(seen -> isOf(seen.hello(), protocol, address, ROUTER))
                            .toList());
                    return List.of(
                            new Fate(
                                    name + " to " + address,
                                    in.size(),
                                    missing(in, seenDevice),
                                    missing(both(in, seenDevice), seenKernel)),
                            new Fate(
                                    name + " from " + address,
                                    out.size(),
                                    missing(both(out, seenDevice), seenRouter),
                                    missing(out, seenDevice)))
                            .stream();
                })
                .toList();
    }

    private static boolean isOf(Hello hello, String protocol, String source, String destination) {
        return hello.protocol().equals(protocol)
                && hello.source().equals(source)
                && (hello.destination().equals(destination)
                        || hello.destination().equals("224.0.0.5"));
    }

    private static Set<Hello> both(Set<Hello> one, Set<Hello> other) {
        return one.stream().filter(other::contains).collect(Collectors.toSet());
    }

    private static int missing(Set<Hello> wanted, Set<Hello> seen) {
        return wanted.size() - both(wanted, seen).size();
    }

    private static Set<Hello> hellos(List<Sighting> sightings) {
        return sightings.stream().map(Sighting::hello).collect(Collectors.toSet());
    }

    private static List<Sighting> sightings(Capture capture) {
        return capture.packets(HELLOS, "frame.time_epoch", "ip.src", "ip.dst", "ip.proto", "ip.id").stream()
                .map(f -> new Sighting(Double.parseDouble(f.get(0)), new Hello(f.get(1), f.get(2), f.get(3), f.get(4))))
                .toList();
    }

    @Override
    public void close() {
        Closing.all(device, kernel);
    }
}
