package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowIndex;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.session.EndReason;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * A burst's way through the balancer. Three passes, so that cache misses of different packets overlap instead of adding up: classify, hash
 * and touch the index line; look up and touch the connection line; rewrite and send. An ordinary packet of an established connection touches its
 * frame, one index line and one connection line, and takes no other path than this file's.
 */
final class Pipeline {
    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final int STATE_FLAGS = Tcp.SYN | Tcp.FIN | Tcp.RST | Tcp.ACK;

    private final BalancerState state;
    private final WorkerContext context;
    private final FlowIndex index;
    private final Forwarder forwarder;
    private final Lifecycle lifecycle;
    private final ConnectionOpener opener;

    private final int[] classifications = new int[Burst.CAPACITY];
    private final long[] addresses = new long[Burst.CAPACITY];
    private final long[] ports = new long[Burst.CAPACITY];

    private final long[] buckets = new long[Burst.CAPACITY];
    private final long[] lines = new long[Burst.CAPACITY];

    /** Stands for no bucket (not TCP or UDP, or not addressed to the device) and no line; some memory of ours, so that it can be touched like others. */
    private final long nowhere;

    private final int[] hits = new int[Burst.CAPACITY];

    /** Takes what was loaded only to bring its cache line near, so that the compiler must keep the load. */
    @SuppressWarnings("UnusedVariable")
    private long sink;

    Pipeline(BalancerState state, Forwarder forwarder, Lifecycle lifecycle, ConnectionOpener opener) {
        this.state = state;
        this.context = state.context;
        this.index = state.connections.index();
        this.nowhere = state.connections.record(0);
        this.forwarder = forwarder;
        this.lifecycle = lifecycle;
        this.opener = opener;
    }

    /** Every frame of the burst is sent, consumed or counted as dropped; the burst itself stays as it is. */
    void process(Burst burst, int device) {
        state.refresh();
        classify(burst, state.deviceMac(device));
        touch(buckets, burst.count);
        lookUp(burst.count);
        touch(lines, burst.count);
        forward(burst, device);
    }

    private void classify(Burst burst, long deviceMac) {
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int classification = Classifier.classify(frame, burst.length[i]);
            classifications[i] = classification;
            int kind = FrameKind.kind(classification);
            buckets[i] = nowhere;
            if (kind <= FrameKind.UDP4 && (Memory.getLong(frame) & MAC_MASK) == deviceMac) {
                long addresses = FlowKey.addressesAt(frame + Ethernet.LENGTH);
                long ports = FlowKey.portsAt(frame + FrameKind.transportOffset(classification), kind);
                this.addresses[i] = addresses;
                this.ports[i] = ports;
                buckets[i] = index.bucket(addresses, ports);
            }
        }
    }

    private void lookUp(int count) {
        for (int i = 0; i < count; i++) {
            lines[i] = nowhere;
            if (buckets[i] != nowhere) {
                int hit = index.find(buckets[i], addresses[i], ports[i]);
                hits[i] = hit;
                lines[i] = hit == 0 ? nowhere : line(hit);
            }
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
            context.position = i;
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
            long line = changes == state.changes ? lines[i] : line(hit);
            long ip = frame + Ethernet.LENGTH;
            long transport = frame + FrameKind.transportOffset(classification);
            boolean plain = Connection.flags(line) == 0 && Memory.getInt(line + Connection.EPOCH) == epoch;
            if (FrameKind.kind(classification) == FrameKind.TCP4) {
                if (!plain || (Tcp.flags(transport) & STATE_FLAGS) != Tcp.ACK) {
                    tcp(i, hit, frame, length, classification, device);
                    continue;
                }
                Memory.putInt(line + Connection.LAST_ACKNOWLEDGEMENT, Tcp.acknowledgement(transport));
                Rewrite.tcp(frame, ip, transport, line);
            } else {
                if (!plain) {
                    forwarder.udp(
                            FlowIndex.connection(hit),
                            FlowIndex.isOutbound(hit),
                            frame,
                            length,
                            FrameKind.transportOffset(classification));
                    continue;
                }
                Rewrite.udp(frame, ip, transport, line);
            }
            Connection.setLastSeen(line, now);
            int server = Connection.server(line);
            if (state.sessions != null) {
                state.sessions.count(FlowIndex.connection(hit), FlowIndex.isOutbound(hit), 1, Ipv4.totalLength(ip));
            }
            if (FlowIndex.isOutbound(hit)) {
                state.counters.out(server, 1, Ipv4.totalLength(ip));
            } else {
                state.counters.in(server, 1, Ipv4.totalLength(ip));
            }
            long nextHop = Memory.getLong(line + Connection.NEXT_HOP);
            int egress = (int) (nextHop >>> 48);
            Rewrite.ethernet(frame, nextHop, state.deviceMacs[egress]);
            context.egress.send(egress, frame, length);
        }
    }

    private void tcp(int i, int hit, long frame, int length, int classification, int device) {
        int connection = FlowIndex.connection(hit);
        boolean outbound = FlowIndex.isOutbound(hit);
        int offset = FrameKind.transportOffset(classification);
        if (!outbound && isPureSyn(frame + offset) && Forwarder.isReusable(state.connections.record(connection))) {
            lifecycle.close(connection, EndReason.REUSED);
            unknown(i, device, frame, length, classification);
            return;
        }
        forwarder.tcp(connection, outbound, frame, length, offset);
    }

    /** TCP or UDP without a connection. */
    private void unknown(int i, int device, long frame, int length, int classification) {
        boolean udp = FrameKind.kind(classification) == FrameKind.UDP4;
        int destination = FlowKey.destination(addresses[i]);
        int port = FlowKey.destinationPort(ports[i]);
        Service service = state.services.lookup(udp ? Ipv4.UDP : Ipv4.TCP, destination, port);
        if (service == null) {
            int owner = port & context.portMask();
            if (owner != context.index && owner < context.workers && isLocalAddress(destination)) {
                context.handover.frame(owner, device, frame, length);
            } else {
                state.stack.input(device, frame, length, classification);
            }
            return;
        }
        int offset = FrameKind.transportOffset(classification);
        if (!udp && !isPureSyn(frame + offset)) {
            state.drop(DropReason.NOT_SYN);
            return;
        }
        int connection = opener.open(service, addresses[i], ports[i]);
        if (connection == ConnectionOpener.NONE) {
            return;
        }
        if (udp) {
            forwarder.udp(connection, false, frame, length, offset);
        } else {
            forwarder.tcp(connection, false, frame, length, offset);
        }
    }

    /** Everything that is not TCP or UDP addressed to this device: the stack answers, forwards or drops it. */
    private void other(int device, long frame, int length, int classification) {
        if (FrameKind.kind(classification) == FrameKind.FRAGMENT4
                && isBalanced(Ipv4.destination(frame + Ethernet.LENGTH))) {
            state.drop(DropReason.FRAGMENT);
        } else {
            state.stack.input(device, frame, length, classification);
        }
    }

    private boolean isBalanced(int address) {
        return state.services.isVirtualAddress(address) || isLocalAddress(address);
    }

    /** One that was removed counts until its last connection has ended. */
    private boolean isLocalAddress(int address) {
        return state.services.isLocalAddress(address) || context.network.isDraining(address);
    }

    private static boolean isPureSyn(long tcp) {
        return (Tcp.flags(tcp) & STATE_FLAGS) == Tcp.SYN;
    }

    private long line(int hit) {
        return state.connections.record(FlowIndex.connection(hit)) + (FlowIndex.isOutbound(hit) ? Connection.OUT : 0);
    }
}
