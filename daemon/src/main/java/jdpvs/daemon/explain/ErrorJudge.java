package jdpvs.daemon.explain;

import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** What becomes of an ICMP error that was sent to an address of dpvs: translated for the other side of the connection it quotes, or dropped. */
final class ErrorJudge {
    private static final int LARGEST_WINDOW = 1 << 30;
    private static final int BEHIND = 0xffff;

    private final Tables tables;
    private final Hop hop;

    ErrorJudge(Tables tables, Hop hop) {
        this.tables = tables;
        this.hop = hop;
    }

    boolean takes(int device, long frame, int transportOffset) {
        int destination = Ipv4.destination(frame + Ethernet.LENGTH);
        Device in = tables.network().device(device);
        return IcmpQuote.isQuoting(Icmp.type(frame + transportOffset))
                && in != null
                && Ethernet.destination(frame) == in.macAddress()
                && (tables.services().isVirtualAddress(destination)
                        || tables.services().isLocalAddress(destination)
                        || tables.network().isLocal(destination));
    }

    Verdict judge(WorkerTables worker, int device, long frame, int transportOffset, Findings findings) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + transportOffset;
        int bytes = Ethernet.LENGTH + Ipv4.totalLength(ip) - transportOffset;
        if (Checksum.sum(icmp, bytes) != 0xffff) {
            return Findings.dropped(DropReason.BAD_ICMP_HEADER);
        }
        int quoted = IcmpQuote.transportOffset(icmp, bytes);
        if (quoted == IcmpQuote.NONE || Ipv4.source(IcmpQuote.ip(icmp)) != Ipv4.destination(ip)) {
            return Findings.dropped(DropReason.BAD_ICMP_QUOTE);
        }
        FoundConnection found = find(worker, icmp, quoted);
        if (found == null) {
            WorkerTables owner = owner(worker, device, Ipv4.destination(ip), icmp, quoted);
            return owner != null
                    ? judge(owner, device, frame, transportOffset, findings)
                    : Findings.dropped(DropReason.ICMP_NO_CONNECTION);
        }
        if (!isPlausible(found, icmp + quoted)) {
            return Findings.dropped(DropReason.BAD_ICMP_QUOTE);
        }
        return translated(worker, found, findings);
    }

    private Verdict translated(WorkerTables worker, FoundConnection found, Findings findings) {
        ConnectionSnapshot c = found.connection();
        int to = found.outbound() ? c.clientAddress() : c.serverAddress();
        String who = found.outbound() ? "the client" : "the server";
        Route route = hop.balanced(Address.ofIpv4(to));
        if (route == null) {
            return hop.noRoute(Address.ofIpv4(to), who, "DEVICE");
        }
        Verdict verdict = hop.judge(worker, route, Address.ofIpv4(to), who, findings);
        return verdict != null
                ? verdict
                : Findings.fate(
                        found.outbound() ? Fate.TO_CLIENT : Fate.TO_SERVER,
                        "translated and sent to " + who + " " + Texts.address(to));
    }

    /** The connection whose packet would answer the quoted one. */
    private static @Nullable FoundConnection find(WorkerTables worker, long icmp, int quoted) {
        long ip = IcmpQuote.ip(icmp);
        int protocol = Ipv4.protocol(ip);
        if (protocol != Ipv4.TCP && protocol != Ipv4.UDP) {
            return null;
        }
        long ports = FlowKey.portsAt(icmp + quoted, protocol == Ipv4.TCP ? FrameKind.TCP4 : FrameKind.UDP4);
        // The same ports reversed, with the bits above them.
        long answering = Integer.toUnsignedLong(Integer.rotateLeft((int) ports, 16)) | ports >>> 32 << 32;
        return worker.connections().look(Long.rotateLeft(FlowKey.addressesAt(ip), 32), answering);
    }

    private @Nullable WorkerTables owner(WorkerTables worker, int device, int destination, long icmp, int quoted) {
        long ip = IcmpQuote.ip(icmp);
        if (Ipv4.protocol(ip) != Ipv4.TCP && Ipv4.protocol(ip) != Ipv4.UDP) {
            return null;
        }
        int owner = tables.services().isLocalAddress(destination)
                ? Tcp.sourcePort(icmp + quoted) & tables.portMask()
                : tables.steering().worker(device, ip, icmp + quoted);
        boolean goes = owner != worker.index() && owner < tables.workers().size();
        return goes ? tables.workers().get(owner) : null;
    }

    private static boolean isPlausible(FoundConnection found, long quotedTransport) {
        int ahead = Tcp.sequence(quotedTransport) - found.lastAcknowledgement();
        return found.connection().udp()
                || found.lastAcknowledgement() == 0
                || (ahead >= -BEHIND && ahead <= LARGEST_WINDOW);
    }
}
