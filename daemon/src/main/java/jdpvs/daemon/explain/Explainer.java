package jdpvs.daemon.explain;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;
import java.util.function.Supplier;
import jdpvs.balancer.connection.Flow;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Traces.Explained;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.PortException;
import jdpvs.port.pcap.CaptureReader;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * What dpvs would do with each packet of a capture file, with the tables as they are now. The file may have been captured anywhere: a frame for another host's
 * MAC address is taken as if it were for the device by which it would come in here.
 */
public final class Explainer {
    /** How long the tables of one moment are used, so that a long file is explained by what is true when its packets are read. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private static final int HEADROOM = 64;
    private static final int LONGEST_PACKET = 1514;

    private final Supplier<Tables> source;

    public Explainer(Supplier<Tables> source) {
        this.source = source;
    }

    /**
     * @param visitor answers false when it has seen enough
     * @throws ControlException INVALID when the file is none or ends in a defect
     */
    public void explain(InputStream capture, Predicate<Explained> visitor) throws ControlException {
        try (CaptureReader reader = CaptureReader.of("input", capture);
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(HEADROOM + CaptureReader.LONGEST_FRAME, 64);
            Tables tables = source.get();
            Judge judge = new Judge(tables);
            long read = System.nanoTime();
            long number = 0;
            for (int captured = reader.next(); captured >= 0; captured = reader.next()) {
                if (System.nanoTime() - read > FRESH_NANOS) {
                    tables = source.get();
                    judge = new Judge(tables);
                    read = System.nanoTime();
                }
                number++;
                VirtioNetHeader.clear(buffer.address() + HEADROOM);
                long frame = buffer.address() + HEADROOM;
                // What the capture cut off is nothing but payload, as a rule.
                int length = reader.originalLength();
                Memory.copyIn(reader.frame(), 0, frame, captured);
                buffer.asSlice(HEADROOM + captured, length - captured).fill((byte) 0);
                Device vlan = vlan(tables, frame, length);
                if (vlan != null || (VlanTag.isOn(frame, length) && VlanTag.id(frame) == 0)) {
                    frame = VlanTag.takeOff(frame);
                    length -= VlanTag.LENGTH;
                }
                // A capture on a host with offloads shows what becomes packets of this size only on the wire.
                int kind = FrameKind.kind(Classifier.classify(frame, length));
                if (length > LONGEST_PACKET && (kind == FrameKind.TCP4 || kind == FrameKind.TCP6)) {
                    int type = kind == FrameKind.TCP4 ? VirtioNetHeader.GSO_TCP4 : VirtioNetHeader.GSO_TCP6;
                    VirtioNetHeader.set(frame, 0, type, 0, 1400, 0, 0);
                }
                String summary = Summary.of(frame, length);
                Verdict verdict = verdict(tables, judge, vlan, frame, length);
                if (!visitor.test(new Explained(number, reader.timeNanos(), captured, summary, verdict))) {
                    return;
                }
            }
        } catch (PortException e) {
            throw new ControlException(ErrorCode.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** The VLAN device of a tagged frame; null = it has no tag, or nobody its VLAN. */
    private static @Nullable Device vlan(Tables tables, long frame, int length) {
        if (!VlanTag.isOn(frame, length)) {
            return null;
        }
        Device found = null;
        for (Device device : tables.network().devices()) {
            if (device.isVlan() && device.vlan() == VlanTag.id(frame)) {
                if (device.macAddress() == Ethernet.destination(frame)) {
                    return device;
                }
                found = found == null ? device : found;
            }
        }
        return found;
    }

    /** @param vlan the VLAN device whose tag was taken off, or null */
    private static Verdict verdict(Tables tables, Judge judge, @Nullable Device vlan, long frame, int length) {
        int classification = Classifier.classify(frame, length);
        int kind = FrameKind.kind(classification);
        Device device = length < Ethernet.LENGTH ? null : addressed(tables, frame);
        if (device != null && vlan != null) {
            device = vlan;
        }
        if (device == null) {
            device = vlan != null ? vlan : arrival(tables, frame, kind);
            if (device != null && length >= Ethernet.LENGTH && !Ethernet.isGroup(Ethernet.destination(frame))) {
                Ethernet.setAddresses(frame, device.macAddress(), Ethernet.source(frame));
            }
        }
        WorkerTables worker = worker(tables, frame, classification);
        Verdict verdict =
                judge.judge(worker, device == null ? -1 : device.id(), frame, classification, Findings.none());
        if (verdict.dropped() && isIp(kind) && isOwn(tables, Ip.source(frame + Ethernet.LENGTH))) {
            return new Verdict(
                    verdict.fate(),
                    verdict.reason(),
                    "dpvs's own, from " + Ip.source(frame + Ethernet.LENGTH) + ": if it came back, "
                            + verdict.sentence(),
                    "");
        }
        return verdict;
    }

    private static boolean isIp(int kind) {
        return FrameKind.isIpv4(kind) || FrameKind.isIpv6(kind);
    }

    private static boolean isOwn(Tables tables, Address address) {
        return tables.network().isLocal(address) || tables.services().isVirtualAddress(address.high(), address.low());
    }

    /** The device with the frame's destination MAC address. */
    private static @Nullable Device addressed(Tables tables, long frame) {
        long destination = Ethernet.destination(frame);
        for (Device device : tables.network().devices()) {
            if (device.macAddress() == destination) {
                return device;
            }
        }
        return null;
    }

    /** Where a packet comes in: the device of its destination if that is ours, else the way back to its source. */
    private static @Nullable Device arrival(Tables tables, long frame, int kind) {
        if (isIp(kind)) {
            InterfaceAddress own = tables.network().address(Ip.destination(frame + Ethernet.LENGTH));
            if (own != null) {
                return own.device();
            }
            Route back = tables.network().route(Ip.source(frame + Ethernet.LENGTH));
            if (back != null) {
                return back.device();
            }
        }
        if (kind == FrameKind.ARP) {
            InterfaceAddress target = tables.network().address(Arp.targetAddress(frame + Ethernet.LENGTH));
            if (target != null) {
                return target.device();
            }
        }
        return tables.network().devices().isEmpty()
                ? null
                : tables.network().devices().getFirst();
    }

    /** The worker that knows the packet's connection, else the first. */
    private static WorkerTables worker(Tables tables, long frame, int classification) {
        int kind = FrameKind.kind(classification);
        if (FrameKind.isFlow(kind)) {
            long transport = frame + FrameKind.transportOffset(classification);
            for (WorkerTables worker : tables.workers()) {
                Flow flow = worker.connections().flow().read(FrameKind.isUdp(kind), frame + Ethernet.LENGTH, transport);
                if (worker.connections().look(flow) != null) {
                    return worker;
                }
            }
        }
        return tables.workers().getFirst();
    }
}
