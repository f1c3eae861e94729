package jdpvs.stack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdpvs.port.Burst;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Segmentation;
import jdpvs.wire.VirtioNetHeader;

/**
 * One worker's {@link Ipv6Counter}s: written by that worker, read by anyone. They only rise. Who has a frame in hand says once what becomes of it; frames of IPv4
 * may be told as well and count nothing.
 */
public final class Ipv6Counters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** Cells stand a cache line apart from what else may lie beside the array. */
    private static final int PADDING = 8;

    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final int DELIVERS = cell(Ipv6Counter.IN_DELIVERS);
    private static final int REQUESTS = cell(Ipv6Counter.OUT_REQUESTS);
    private static final int OUT_OCTETS = cell(Ipv6Counter.OUT_OCTETS);

    /** By the two bits of ECN (RFC 3168 §5). */
    private static final Ipv6Counter[] CONGESTION = {
        Ipv6Counter.IN_NO_ECT_PKTS, Ipv6Counter.IN_ECT1_PKTS, Ipv6Counter.IN_ECT0_PKTS, Ipv6Counter.IN_CE_PKTS
    };

    private static final int CONGESTION_BITS = 3;

    /** Four counts of at most a burst lie side by side in a {@code long}. */
    private static final int LANE_BITS = 16;

    private static final int LANE = (1 << LANE_BITS) - 1;

    private final long[] cells = new long[PADDING + Ipv6Counter.values().length + PADDING];

    /** Any thread; may see it late. */
    public long get(Ipv6Counter counter) {
        return (long) CELL.getOpaque(cells, cell(counter));
    }

    public void add(Ipv6Counter counter, long amount) {
        add(cell(counter), amount);
    }

    /** Counts what a good frame is, if that is IPv6; one of IPv4 or ARP counts nothing. */
    public void count(Ipv6Counter counter, long frame, int length) {
        if (Ip.isIpv6(frame + Ethernet.LENGTH)) {
            add(counter, Segmentation.datagrams(frame, length));
        }
    }

    /** What a packet says of congestion, as a count of one that may be added up over a burst for {@link #receivedFlows}. */
    public static long congestion(long ip) {
        return 1L << ((Ipv6.trafficClass(ip) & CONGESTION_BITS) * LANE_BITS);
    }

    /**
     * Counts a burst's unsegmented packets of flows.
     *
     * @param octets of all
     * @param congestion the sum of {@link #congestion}
     */
    public void receivedFlows(long octets, long congestion) {
        if (congestion == 0) {
            return;
        }
        int datagrams = 0;
        for (int i = 0; i < CONGESTION.length; i++) {
            int some = (int) (congestion >>> (i * LANE_BITS)) & LANE;
            add(CONGESTION[i], some);
            datagrams += some;
        }
        add(Ipv6Counter.IN_RECEIVES, datagrams);
        add(Ipv6Counter.IN_OCTETS, octets);
    }

    /**
     * Counts everything else of a burst that a device has received, before anything in it is changed.
     *
     * @param classifications of its frames
     * @param deviceMac in wire order in the low 48 bits; what is for another station was not received
     */
    public void received(Burst burst, int[] classifications, long deviceMac) {
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int kind = FrameKind.kind(classifications[i]);
            boolean counted = FrameKind.isFlow(kind)
                    && (Memory.getLong(frame) & MAC_MASK) == deviceMac
                    && VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE;
            if (!counted && isIpv6(frame, burst.length[i]) && isForUs(frame, deviceMac)) {
                receivedOne(frame, burst.length[i], kind);
            }
        }
    }

    /** Of any kind and size. */
    private void receivedOne(long frame, int length, int kind) {
        if (kind >= FrameKind.FIRST_BAD) {
            add(Ipv6Counter.IN_RECEIVES, 1);
            add(Ipv6Counter.IN_OCTETS, length - Ethernet.LENGTH);
            return;
        }
        int datagrams = Segmentation.datagrams(frame, length);
        add(Ipv6Counter.IN_RECEIVES, datagrams);
        add(Ipv6Counter.IN_OCTETS, octets(frame, length, datagrams));
        add(CONGESTION[Ipv6.trafficClass(frame + Ethernet.LENGTH) & CONGESTION_BITS], datagrams);
    }

    /** A good frame was sent to a group. */
    void receivedByGroup(long frame, int length) {
        int datagrams = Segmentation.datagrams(frame, length);
        add(Ipv6Counter.IN_MCAST_PKTS, datagrams);
        add(Ipv6Counter.IN_MCAST_OCTETS, octets(frame, length, datagrams));
    }

    /** A malformed frame for us was dropped. */
    void malformed(long frame, int length, int kind) {
        if (isIpv6(frame, length)) {
            boolean endsEarly = kind == FrameKind.BAD_TRUNCATED || kind == FrameKind.BAD_IP_LENGTH;
            add(endsEarly ? Ipv6Counter.IN_TRUNCATED_PKTS : Ipv6Counter.IN_HDR_ERRORS, 1);
        }
    }

    /** A frame goes to whom it is for: the balancer, ICMPv6, neighbour discovery. */
    public void delivered(long frame, int length) {
        count(Ipv6Counter.IN_DELIVERS, frame, length);
    }

    /** An unsegmented IPv6 packet likewise. */
    public void deliveredOne() {
        add(DELIVERS, 1);
    }

    /** A frame of dpvs's own is about to find its way. */
    public void requested(long frame, int length) {
        count(Ipv6Counter.OUT_REQUESTS, frame, length);
    }

    /** A frame goes to a device. */
    public void transmitted(long frame, int length) {
        if (Ip.isIpv6(frame + Ethernet.LENGTH)) {
            add(OUT_OCTETS, octets(frame, length, Segmentation.datagrams(frame, length)));
        }
    }

    /** An unsegmented IPv6 packet of dpvs's own goes to a device whose way was known. */
    public void sentOne(int octets) {
        add(REQUESTS, 1);
        add(OUT_OCTETS, octets);
    }

    /** A message of dpvs's own about the link, ARP or neighbour discovery, goes to a device. */
    void spoken(long frame) {
        if (Ethernet.type(frame) != Ethernet.TYPE_IPV6) {
            return;
        }
        int octets = Ipv6.totalLength(frame + Ethernet.LENGTH);
        sentOne(octets);
        if (Ipv6.isMulticast(Ipv6.high(frame + Ethernet.LENGTH + Ipv6.DESTINATION))) {
            add(Ipv6Counter.OUT_MCAST_PKTS, 1);
            add(Ipv6Counter.OUT_MCAST_OCTETS, octets);
        }
    }

    /** A datagram of dpvs's own, IPv6, found no way (RFC 4293: it was requested all the same). */
    public void noRoute() {
        add(REQUESTS, 1);
        add(Ipv6Counter.OUT_NO_ROUTES, 1);
    }

    /** Bytes of a good frame on the wire from the IPv6 headers on; one that is one packet may be padded. */
    private static int octets(long frame, int length, int datagrams) {
        return datagrams == 1
                ? Ipv6.totalLength(frame + Ethernet.LENGTH)
                : Segmentation.wireBytes(frame, length) - datagrams * Ethernet.LENGTH;
    }

    private static boolean isIpv6(long frame, int length) {
        return length >= Ethernet.LENGTH && Ethernet.type(frame) == Ethernet.TYPE_IPV6;
    }

    private static boolean isForUs(long frame, long deviceMac) {
        return (Memory.getLong(frame) & MAC_MASK) == deviceMac || Ethernet.isGroup(Ethernet.destination(frame));
    }

    private static int cell(Ipv6Counter counter) {
        return PADDING + counter.ordinal();
    }

    private void add(int cell, long amount) {
        CELL.setOpaque(cells, cell, cells[cell] + amount);
    }
}
