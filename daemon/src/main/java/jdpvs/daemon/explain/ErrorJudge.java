package jdpvs.daemon.explain;

import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6Quote;
import jdpvs.wire.IcmpError;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Tcp;
import jdpvs.wire.translate.SourceRoute;
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
        long ip = frame + Ethernet.LENGTH;
        Address destination = Ip.destination(ip);
        int type = Icmp.type(frame + transportOffset);
        Device in = tables.network().device(device);
        return (Ip.isIpv6(ip) ? Icmp6Quote.isQuoting(type) : IcmpQuote.isQuoting(type))
                && in != null
                && Ethernet.destination(frame) == in.macAddress()
                && (tables.services().isVirtualAddress(destination.high(), destination.low())
                        || tables.services().isLocalAddress(destination.high(), destination.low())
                        || tables.network().isLocal(destination));
    }

    Verdict judge(WorkerTables worker, int device, long frame, int transportOffset, Findings findings) {
        IcmpError error = new IcmpError();
        error.take(frame, transportOffset);
        if (!error.isChecksumRight()) {
            return Findings.dropped(DropReason.BAD_ICMP_HEADER);
        }
        if (!error.read() || !error.isAddressedToSender()) {
            return Findings.dropped(DropReason.BAD_ICMP_QUOTE);
        }
        FoundConnection found = find(worker, error);
        if (found == null) {
            WorkerTables owner = owner(worker, device, error);
            return owner != null
                    ? judge(owner, device, frame, transportOffset, findings)
                    : Findings.dropped(DropReason.ICMP_NO_CONNECTION);
        }
        if (!isPlausible(found, error.transport())) {
            return Findings.dropped(DropReason.BAD_ICMP_QUOTE);
        }
        return translated(worker, found, error, findings);
    }

    private Verdict translated(WorkerTables worker, FoundConnection found, IcmpError error, Findings findings) {
        ConnectionSnapshot c = found.connection();
        Address to = found.outbound() ? c.clientAddress() : c.serverAddress();
        String who = found.outbound() ? "the client" : "the server";
        Route route = hop.balanced(to);
        if (route == null) {
            return hop.noRoute(to, who, "DEVICE");
        }
        if (!error.isIpv6() && !to.isIpv4() && SourceRoute.isUnexpired(error.ip())) {
            return Findings.dropped(DropReason.SOURCE_ROUTE);
        }
        Verdict verdict = hop.judge(worker, route, to, who, findings);
        return verdict != null
                ? verdict
                : Findings.fate(
                        found.outbound() ? Fate.TO_CLIENT : Fate.TO_SERVER, "translated and sent to " + who + " " + to);
    }

    /** The connection whose packet would answer the quoted one. */
    private static @Nullable FoundConnection find(WorkerTables worker, IcmpError error) {
        if (!error.isOfFlow()) {
            return null;
        }
        Flow answer = worker.connections()
                .flow()
                .readAnswer(error.protocol() == Ipv4.UDP, error.quotedIp(), error.transport());
        return worker.connections().look(answer);
    }

    private @Nullable WorkerTables owner(WorkerTables worker, int device, IcmpError error) {
        if (!error.isOfFlow()) {
            return null;
        }
        Address destination = Ip.destination(error.ip());
        int owner = tables.services().isLocalAddress(destination.high(), destination.low())
                ? Tcp.sourcePort(error.transport()) & tables.portMask()
                : tables.steering().worker(device, error.quotedIp(), error.transport());
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
