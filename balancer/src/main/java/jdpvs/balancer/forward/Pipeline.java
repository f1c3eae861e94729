package jdpvs.balancer.forward;

import jdpvs.balancer.connection.AddressHash;
import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowIndex;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.session.EndReason;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.ErrorKind;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counters;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.fragment.Reassembly;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * A burst's way through the balancer. Three passes, so that cache misses of different packets overlap instead of adding up: classify, hash
 * and touch the index line; look up and touch the connection line; rewrite and send. An ordinary packet of an established connection touches its
 * frame, one index line and one connection line (with IPv6 one line of addresses more), and takes no other path than this file's.
 */
final class Pipeline {
    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final int STATE_FLAGS = Tcp.SYN | Tcp.FIN | Tcp.RST | Tcp.ACK;

    private final BalancerState state;
    private final WorkerContext context;
    private final FlowIndex index;
    private final AddressHash hash;
    private final Ipv6Counters ipv6;
    private final Forwarder forwarder;
    private final FamilyRewrite families;
    private final Lifecycle lifecycle;
    private final ConnectionOpener opener;
    private final IcmpTranslator icmp;
    private final Reassembly reassembly;
    private final Burst whole = new Burst();

    /** Index in the burst at hand of what is forwarded now; added to a place in it when that burst is one datagram put together from its last fragment. */
    private int position;

    /** The packet at hand was put together here, whoever owns its flow. */
    private boolean reassembled;

    private final Numbering numbering;
    private final SynGate gate;

    /** Of the burst's unsegmented packets of IPv6 flows: their octets, and what {@link Ipv6Counters#congestion} says of each, added up. */
    private long flowOctets;

    private long flowCongestion;

    private final int[] classifications = new int[Burst.CAPACITY];
    private final long[] addresses = new long[Burst.CAPACITY];
    private final long[] ports = new long[Burst.CAPACITY];

    private final long[] buckets = new long[Burst.CAPACITY];
    private final long[] lines = new long[Burst.CAPACITY];
    private final long[] pairs = new long[Burst.CAPACITY];

    /** Stands for no bucket (not TCP or UDP, or not addressed to the device) and no line; some memory of ours, so that it can be touched like others. */
    private final long nowhere;

    private final int[] hits = new int[Burst.CAPACITY];

    /** Takes what was loaded only to bring its cache line near, so that the compiler must keep the load. */
    @SuppressWarnings("UnusedVariable")
    private long sink;

    Pipeline(
            BalancerState state,
            Forwarder forwarder,
            Lifecycle lifecycle,
            ConnectionOpener opener,
            IcmpTranslator icmp,
            Reassembly reassembly,
            Numbering numbering,
            SynGate gate) {
        this.state = state;
        this.context = state.context;
        this.ipv6 = context.ipv6;
        this.index = state.connections.index();
        this.hash = state.connections.hash();
        this.nowhere = state.connections.record(0);
        this.forwarder = forwarder;
        this.families = forwarder.families();
        this.lifecycle = lifecycle;
        this.opener = opener;
        this.icmp = icmp;
        this.reassembly = reassembly;
        this.numbering = numbering;
        this.gate = gate;
    }

    /**
     * Every frame of the burst is sent, consumed or counted as dropped; the burst itself stays as it is.
     *
     * @param received from the device now, and not counted as received before
     */
    void process(Burst burst, int device, boolean received) {
        position = 0;
        reassembled = false;
        run(burst, device, received);
        if (reassembly.hasWhole()) {
            processWhole(burst.count - 1);
        }
    }

    long absorbedFragments() {
        return reassembly.absorbed();
    }

    /** Drops fragments whose time is over; sends what had to wait for memory. */
    void tick() {
        reassembly.tick();
        if (reassembly.hasWhole()) {
            processWhole(0);
        }
    }

    /**
     * Sends datagrams that are whole now the way of any packet, one by one.
     *
     * @param last the burst's last position: an exception is about a datagram, all frames of the burst are done
     */
    private void processWhole(int last) {
        reassembled = true;
        try {
            for (long frame = reassembly.take(); frame != 0; frame = reassembly.take()) {
                position = Math.clamp(reassembly.takenPosition(), 0, Math.max(0, last));
                whole.count = 0;
                whole.add(frame, reassembly.takenLength());
                run(whole, reassembly.takenDevice(), false);
            }
        } finally {
            context.position = last;
        }
    }

    private void run(Burst burst, int device, boolean received) {
        state.refresh();
        long deviceMac = state.deviceMac(device);
        boolean others = classify(burst, deviceMac);
        if (received) {
            ipv6.receivedFlows(flowOctets, flowCongestion);
            if (others) {
                ipv6.received(burst, classifications, deviceMac);
            }
        }
        touch(buckets, burst.count);
        lookUp(burst.count);
        touch(lines, burst.count);
        if (state.addresses.isUsed()) {
            findPairs(burst.count);
            touch(pairs, burst.count);
        }
        forward(burst, device);
    }

    /** @return false when all of it are unsegmented packets of flows, as mostly */
    private boolean classify(Burst burst, long deviceMac) {
        boolean others = false;
        long octets = 0;
        long congestion = 0;
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int classification = Classifier.classify(frame, burst.length[i]);
            classifications[i] = classification;
            int kind = FrameKind.kind(classification);
            buckets[i] = nowhere;
            if (FrameKind.isFlow(kind) && (Memory.getLong(frame) & MAC_MASK) == deviceMac) {
                long addresses;
                if (FrameKind.isFlowOfIpv6(kind)) {
                    long ip = frame + Ethernet.LENGTH;
                    addresses = hash.of(ip + Ipv6.SOURCE);
                    if (VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE) {
                        octets += Ipv6.totalLength(ip);
                        congestion += Ipv6Counters.congestion(ip);
                    } else {
                        others = true;
                    }
                } else {
                    addresses = FlowKey.addressesAt(frame + Ethernet.LENGTH);
                }
                long ports = FlowKey.portsAt(frame + FrameKind.transportOffset(classification), kind);
                this.addresses[i] = addresses;
                this.ports[i] = ports;
                buckets[i] = index.bucket(addresses, ports);
            } else {
                others = true;
            }
        }
        flowOctets = octets;
        flowCongestion = congestion;
        return others;
    }

    private void lookUp(int count) {
        for (int i = 0; i < count; i++) {
            lines[i] = nowhere;
            if (buckets[i] != nowhere) {
                int hit = index.find(buckets[i], addresses[i], ports[i]);
                hits[i] = hit;
                lines[i] = hit == 0 ? nowhere : state.line(hit);
            }
        }
    }

    /** Where the addresses of IPv6 stand that a connection line needs. */
    private void findPairs(int count) {
        for (int i = 0; i < count; i++) {
            long line = lines[i];
            boolean needed = line != nowhere && (Connection.flags(line) & Connection.FAMILIES) != 0;
            pairs[i] = needed ? state.addresses.pair(line) : nowhere;
        }
    }

    /**
     * Brings cache lines near. A loop of its own, as short as can be: the processor looks only a few hundred instructions ahead, and so finds all of
     * a burst's misses at once.
     */
    private void touch(long[] addresses, int count) {
        long touched = 0;
        for (int i = 0; i < count; i++) {
            touched += Memory.getLong(addresses[i]);
        }
        sink += touched;
    }

    private void forward(Burst burst, int device) {
        int changes = state.changes;
        int epoch = state.epoch;
        int now = (int) context.nowMillis;
        for (int i = 0; i < burst.count; i++) {
            context.position = position + i;
            long frame = burst.address[i];
            int length = burst.length[i];
            int classification = classifications[i];
            if (buckets[i] == nowhere) {
                other(device, frame, length, classification);
                continue;
            }
            int hit = hits[i];
            if (changes != state.changes) {
                // A connection of this burst has come or gone since the look-up.
                hit = index.find(buckets[i], addresses[i], ports[i]);
            }
            if (hit == 0) {
                unknown(i, device, frame, length, classification);
                continue;
            }
            long line = changes == state.changes ? lines[i] : state.line(hit);
            long ip = frame + Ethernet.LENGTH;
            int kind = FrameKind.kind(classification);
            if (FrameKind.isFlowOfIpv6(kind) && !state.addresses.isOf(line, ip)) {
                ipv6.deliveredOne();
                state.drop(DropReason.FLOW_COLLISION);
                continue;
            }
            long transport = frame + FrameKind.transportOffset(classification);
            boolean outbound = FlowIndex.isOutbound(hit);
            long nextHop = Memory.getLong(line + Connection.NEXT_HOP);
            int egress = (int) (nextHop >>> 48);
            int flags = Connection.flags(line);
            boolean plain = (flags & ~Connection.FAMILIES) == 0
                    && Memory.getInt(line + Connection.EPOCH) == epoch
                    && length <= state.deviceFrames[egress]
                    && VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE
                    && (flags == 0 || FamilyRewrite.isUsual(frame, length, flags, state.deviceFrames[egress]));
            int bytes = Ip.totalLength(ip);
            long sent = frame;
            if (FrameKind.isUdp(kind)) {
                if (!plain) {
                    found(hit, frame, length);
                    forwarder.udp(
                            FlowIndex.connection(hit),
                            outbound,
                            device,
                            frame,
                            length,
                            FrameKind.transportOffset(classification));
                    continue;
                }
                if (flags == 0) {
                    Rewrite.udp(frame, ip, transport, line, context);
                } else {
                    sent = families.udp(frame, transport, line);
                }
            } else {
                if (!plain || (Tcp.flags(transport) & STATE_FLAGS) != Tcp.ACK) {
                    tcp(i, hit, frame, length, classification, device);
                    continue;
                }
                Memory.putInt(line + Connection.LAST_ACKNOWLEDGEMENT, Tcp.acknowledgement(transport));
                if (flags == 0) {
                    Rewrite.tcp(frame, ip, transport, line, outbound, context);
                } else {
                    sent = families.tcp(frame, transport, line, outbound);
                }
            }
            if (flags != 0) {
                count(flags, bytes + (int) (frame - sent));
            }
            Connection.setLastSeen(line, now);
            int server = Connection.server(line);
            if (state.sessions != null) {
                state.sessions.count(FlowIndex.connection(hit), outbound, 1, bytes);
            }
            if (outbound) {
                state.counters.out(server, 1, bytes);
            } else {
                state.counters.in(server, 1, bytes);
            }
            Rewrite.ethernet(sent, nextHop, state.deviceMacs[egress]);
            context.egress.send(egress, sent, length + (int) (frame - sent));
        }
    }

    /**
     * Counts an ordinary packet that has a side of IPv6.
     *
     * @param octets of the IP packet that leaves
     */
    private void count(int families, int octets) {
        if ((families & Connection.ARRIVES_AS_IPV6) != 0) {
            ipv6.deliveredOne();
        }
        if ((families & Connection.LEAVES_AS_IPV6) != 0) {
            ipv6.sentOne(octets);
        }
    }

    private void tcp(int i, int hit, long frame, int length, int classification, int device) {
        int connection = FlowIndex.connection(hit);
        boolean outbound = FlowIndex.isOutbound(hit);
        int offset = FrameKind.transportOffset(classification);
        if (!outbound && isPureSyn(frame + offset) && Forwarder.isReusable(state.connections.record(connection))) {
            context.step(Step.CONNECTION_REUSED, connection, 0);
            lifecycle.close(connection, EndReason.REUSED);
            unknown(i, device, frame, length, classification);
            return;
        }
        found(hit, frame, length);
        forwarder.tcp(connection, outbound, device, frame, length, offset);
    }

    private void found(int hit, long frame, int length) {
        ipv6.delivered(frame, length);
        context.step(Step.CONNECTION_FOUND, FlowIndex.connection(hit), FlowIndex.isOutbound(hit) ? 1 : 0);
    }

    /** TCP or UDP without a connection. */
    private void unknown(int i, int device, long frame, int length, int classification) {
        boolean udp = FrameKind.isUdp(FrameKind.kind(classification));
        long ip = frame + Ethernet.LENGTH;
        long high = Ip.destinationHigh(ip);
        long low = Ip.destinationLow(ip);
        int port = FlowKey.destinationPort(ports[i]);
        Service service = state.services.lookup(udp ? Ipv4.UDP : Ipv4.TCP, high, low, port);
        if (service == null) {
            int owner = port & context.portMask();
            if (owner != context.index && owner < context.workers && state.isLocalAddress(high, low)) {
                context.step(Step.HANDED_OVER, owner, 0);
                context.handover.frame(owner, device, frame, length);
            } else {
                context.step(Step.TO_STACK, 0, 0);
                state.stack.input(device, frame, length, classification);
            }
            return;
        }
        context.step(Step.SERVICE_FOUND, service.id(), 0);
        if (context.network.isLocal(Ip.sourceHigh(ip), Ip.sourceLow(ip))) {
            // RFC 1812 §5.3.7, as in the stack: nobody else may speak with our address, and we are no client of ours.
            state.drop(DropReason.BAD_IP_HEADER);
            ipv6.count(Ipv6Counter.IN_HDR_ERRORS, frame, length);
            return;
        }
        int offset = FrameKind.transportOffset(classification);
        if (reassembled && handOver(device, frame, length, offset)) {
            return;
        }
        ipv6.delivered(frame, length);
        if (!udp && !isPureSyn(frame + offset)) {
            state.drop(DropReason.NOT_SYN);
            return;
        }
        if (!udp && gate.refuses(addresses[i], ports[i], Tcp.sequence(frame + offset), context.nowMillis)) {
            state.drop(DropReason.SYN_FLOOD);
            return;
        }
        int connection = opener.open(service, udp, ip, frame + offset);
        if (connection == ConnectionOpener.NONE) {
            if (opener.refusal() == DropReason.NO_ROUTE) {
                state.stack.error(device, frame, ErrorKind.NO_ROUTE, 0);
            }
            return;
        }
        if (udp) {
            forwarder.udp(connection, false, device, frame, length, offset);
        } else {
            long record = state.connections.record(connection);
            numbering.begin(record, state.connections.addressesOf(record), frame + offset, context.nowMillis);
            forwarder.tcp(connection, false, device, frame, length, offset);
        }
    }

    /**
     * Fragments are steered without their ports, so that a client's datagram may become whole at another worker than the one that gets the flow's
     * other packets, and that one knows the connection or will make it.
     */
    private boolean handOver(int device, long frame, int length, int transportOffset) {
        int owner = context.workerOfFlow(device, frame + Ethernet.LENGTH, frame + transportOffset);
        if (owner == context.index) {
            return false;
        }
        context.step(Step.HANDED_OVER, owner, 0);
        context.handover.frame(owner, device, frame, length);
        return true;
    }

    /** Everything that is not TCP or UDP addressed to this device: the stack answers, forwards or drops it. Fragments of ours are kept. */
    private void other(int device, long frame, int length, int classification) {
        int kind = FrameKind.kind(classification);
        int offset = FrameKind.transportOffset(classification);
        if ((kind == FrameKind.ICMP4 || kind == FrameKind.ICMP6) && icmp.takes(device, frame, offset)) {
            icmp.input(device, frame, length, offset);
        } else if ((kind == FrameKind.FRAGMENT4 || kind == FrameKind.FRAGMENT6) && isOurs(device, frame)) {
            if (reassembled) {
                // Fragments of a fragment: nobody sends them, and each layer would cost a copy of the whole.
                state.drop(DropReason.BAD_FRAGMENT);
                ipv6.count(Ipv6Counter.IN_HDR_ERRORS, frame, length);
            } else {
                reassembly.add(device, frame, classification);
            }
        } else {
            context.step(Step.TO_STACK, 0, 0);
            state.stack.input(device, frame, length, classification);
        }
    }

    private boolean isOurs(int device, long frame) {
        long ip = frame + Ethernet.LENGTH;
        return (Memory.getLong(frame) & MAC_MASK) == state.deviceMac(device)
                && state.isOurs(Ip.destinationHigh(ip), Ip.destinationLow(ip));
    }

    private static boolean isPureSyn(long tcp) {
        return (Tcp.flags(tcp) & STATE_FLAGS) == Tcp.SYN;
    }
}
