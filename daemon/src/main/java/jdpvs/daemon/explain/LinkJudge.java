package jdpvs.daemon.explain;

import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;

/** What becomes of ARP and neighbour discovery: questions for an address, answers, and claims. */
final class LinkJudge {
    private final Tables tables;

    LinkJudge(Tables tables) {
        this.tables = tables;
    }

    Verdict arp(WorkerTables worker, Device device, long frame) {
        long arp = frame + Ethernet.LENGTH;
        long senderMac = Arp.senderMac(arp);
        int sender = Arp.senderAddress(arp);
        int target = Arp.targetAddress(arp);
        int operation = Arp.operation(arp);
        if (tables.network().isOwnMac(senderMac)) {
            return notOurs(device);
        }
        int net = sender >>> 24;
        boolean plausible = Ethernet.isStation(senderMac) && net != 127 && net < 224 && (net != 0 || sender == 0);
        if (!plausible || (sender != 0 && tables.network().isLocal(sender))) {
            return Findings.dropped(DropReason.BAD_ARP);
        }
        boolean known = worker.stack().neighbour(device.id(), Address.ofIpv4(sender)) != null;
        if (operation == Arp.REQUEST && tables.network().isLocalOn(target, device.id())) {
            return tables.linkUp().test(device.id())
                    ? Findings.fate(Fate.ANSWERED, "answered: " + Address.ofIpv4(target) + " is at " + device.name())
                    : Findings.dropped(DropReason.LINK_DOWN);
        }
        boolean answer = tables.network().isLocalOn(target, device.id())
                || (target == 0 && Arp.targetMac(arp) == device.macAddress() && known);
        if (sender != 0 && ((operation == Arp.REPLY && answer) || (isRequestOrReply(operation) && known))) {
            return Findings.fate(Fate.LEARNT, "learnt: the MAC address of " + Address.ofIpv4(sender));
        }
        return notOurs(device);
    }

    private static boolean isRequestOrReply(int operation) {
        return operation == Arp.REQUEST || operation == Arp.REPLY;
    }

    /** A message of neighbour discovery, at {@code frame + offset}. */
    Verdict discovery(WorkerTables worker, Device device, long frame, int offset) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + offset;
        int length = Ethernet.LENGTH + Ipv6.totalLength(ip) - offset;
        int type = Icmp6.type(icmp);
        boolean known = type == Icmp6.NEIGHBOUR_SOLICITATION || type == Icmp6.NEIGHBOUR_ADVERTISEMENT;
        if (!known || tables.network().isOwnMac(Ethernet.source(frame))) {
            return notOurs(device);
        }
        if (!NeighbourDiscovery.isPlausible(ip, icmp, length) || Icmp6.sum(ip, icmp, length) != 0xffff) {
            return Findings.dropped(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        }
        return type == Icmp6.NEIGHBOUR_SOLICITATION
                ? solicitation(worker, device, ip, icmp, length)
                : advertisement(worker, device, ip, icmp, length);
    }

    private Verdict solicitation(WorkerTables worker, Device device, long ip, long icmp, int length) {
        Address source = Address.at(ip + Ipv6.SOURCE);
        Address target = Address.at(icmp + NeighbourDiscovery.TARGET);
        long mac = NeighbourDiscovery.linkAddress(icmp, length, NeighbourDiscovery.SOURCE_LINK_ADDRESS);
        boolean detection = source.isNone();
        boolean toGroup =
                NeighbourDiscovery.isSolicitedNode(Ipv6.high(ip + Ipv6.DESTINATION), Ipv6.low(ip + Ipv6.DESTINATION));
        boolean lie = detection
                ? mac != -1 || !toGroup
                : (mac != -1 && !Ethernet.isStation(mac)) || tables.network().isLocal(source);
        if (lie) {
            return Findings.dropped(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        }
        if (detection && tables.network().isTentativeOn(target.high(), target.low(), device.id())) {
            return Findings.fate(Fate.LEARNT, "learnt: another host wants " + target);
        }
        if (tables.network().isLocalOn(target, device.id())) {
            return tables.linkUp().test(device.id())
                    ? Findings.fate(Fate.ANSWERED, "answered: " + target + " is at " + device.name())
                    : Findings.dropped(DropReason.LINK_DOWN);
        }
        return !detection && mac != -1 && isKnown(worker, device, source) ? learnt(source) : notOurs(device);
    }

    private Verdict advertisement(WorkerTables worker, Device device, long ip, long icmp, int length) {
        Address target = Address.at(icmp + NeighbourDiscovery.TARGET);
        long mac = NeighbourDiscovery.linkAddress(icmp, length, NeighbourDiscovery.TARGET_LINK_ADDRESS);
        if (mac != -1 && !Ethernet.isStation(mac)) {
            return Findings.dropped(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        }
        if (tables.network().isTentativeOn(target.high(), target.low(), device.id())) {
            return Findings.fate(Fate.LEARNT, "learnt: another host has " + target);
        }
        if (tables.network().isLocal(target)) {
            return Findings.dropped(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        }
        boolean answer = mac != -1
                && (Icmp6.parameter(icmp) & NeighbourDiscovery.SOLICITED) != 0
                && tables.network().isLocalOn(Address.at(ip + Ipv6.DESTINATION), device.id());
        return answer || isKnown(worker, device, target) ? learnt(target) : notOurs(device);
    }

    private static boolean isKnown(WorkerTables worker, Device device, Address address) {
        return worker.stack().neighbour(device.id(), address) != null;
    }

    private static Verdict learnt(Address address) {
        return Findings.fate(Fate.LEARNT, "learnt: the MAC address of " + address);
    }

    private static Verdict notOurs(Device device) {
        boolean kernels = device.shared() || device.kernelSide();
        return Findings.dropped(kernels ? DropReason.LEFT_TO_KERNEL : DropReason.NOT_LOCAL);
    }
}
