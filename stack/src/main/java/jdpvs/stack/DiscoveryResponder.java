package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;

/**
 * What comes in as neighbour discovery (RFC 4861 §7.2): {@link ArpResponder} for IPv6, by the same rules. Solicitations for an address are answered on the address's own
 * device only; a neighbour is learnt from what is meant for us, and what else is heard only updates one that is known already. An advertisement without
 * "override" changes no MAC address that is known (§7.2.5). Router advertisements and redirects are not for a router, which dpvs is.
 *
 * <p>Claims that cannot be true, and everything that did not come from the link, are counted as {@code BAD_NEIGHBOUR_DISCOVERY} and change nothing.
 */
final class DiscoveryResponder {
    private final WorkerContext context;
    private final Neighbours neighbours;
    private final StackEvents events;
    private long conflictToldMillis = Long.MIN_VALUE / 2;

    DiscoveryResponder(WorkerContext context, Neighbours neighbours, StackEvents events) {
        this.context = context;
        this.neighbours = neighbours;
        this.events = events;
    }

    /** A message of neighbour discovery, at {@code frame + offset}, in a frame for us or for a group. */
    void input(Device device, long frame, int offset) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + offset;
        int length = Ethernet.LENGTH + Ipv6.totalLength(ip) - offset;
        int type = Icmp6.type(icmp);
        if (type != Icmp6.NEIGHBOUR_SOLICITATION && type != Icmp6.NEIGHBOUR_ADVERTISEMENT) {
            notOurs(device, frame);
        } else if (context.network.isOwnMac(Ethernet.source(frame))) {
            // What we said ourselves, come back over another of our devices.
            notOurs(device, frame);
        } else if (!NeighbourDiscovery.isPlausible(ip, icmp, length) || Icmp6.sum(ip, icmp, length) != 0xffff) {
            context.drops.count(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        } else if (type == Icmp6.NEIGHBOUR_SOLICITATION) {
            solicitation(device, frame, icmp, length);
        } else {
            advertisement(device, frame, icmp, length);
        }
    }

    private void solicitation(Device device, long frame, long icmp, int length) {
        long ip = frame + Ethernet.LENGTH;
        long sourceHigh = Ipv6.high(ip + Ipv6.SOURCE);
        long sourceLow = Ipv6.low(ip + Ipv6.SOURCE);
        boolean detection = sourceHigh == 0 && sourceLow == 0;
        long mac = NeighbourDiscovery.linkAddress(icmp, length, NeighbourDiscovery.SOURCE_LINK_ADDRESS);
        // RFC 4861 §7.1.1: detection asks the group of its target, and tells no MAC address.
        boolean toGroup =
                NeighbourDiscovery.isSolicitedNode(Ipv6.high(ip + Ipv6.DESTINATION), Ipv6.low(ip + Ipv6.DESTINATION));
        if (detection ? mac != -1 || !toGroup : mac != -1 && !Ethernet.isStation(mac)) {
            context.drops.count(DropReason.BAD_NEIGHBOUR_DISCOVERY);
            return;
        }
        if (!detection && context.network.isLocal(sourceHigh, sourceLow)) {
            conflict(device, sourceHigh, sourceLow, Ethernet.source(frame));
            return;
        }
        long targetHigh = Ipv6.high(icmp + NeighbourDiscovery.TARGET);
        long targetLow = Ipv6.low(icmp + NeighbourDiscovery.TARGET);
        if (detection && context.network.isTentativeOn(targetHigh, targetLow, device.id())) {
            // Two hosts want it at once: neither gets it (RFC 4862 §5.4.3).
            duplicate(device, targetHigh, targetLow, Ethernet.source(frame));
            return;
        }
        boolean ours = context.network.isLocalOn(targetHigh, targetLow, device.id());
        boolean tells = !detection && mac != -1;
        boolean known = tells && neighbours.knows(device.id(), sourceHigh, sourceLow);
        if (tells && (ours || known)) {
            learn(device, sourceHigh, sourceLow, mac, ours);
        }
        if (ours || known) {
            context.step(Step.ANSWERED, 0, 0);
        } else {
            notOurs(device, frame);
        }
        if (ours) {
            answer(device, frame, detection, mac == -1 ? Ethernet.source(frame) : mac, targetHigh, targetLow);
        }
    }

    private void answer(Device device, long frame, boolean detection, long mac, long targetHigh, long targetLow) {
        long reply = context.egress.allocate();
        if (reply == 0) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        long ip = frame + Ethernet.LENGTH;
        // Who asks for its own address has none to be answered at: all are told.
        int length = detection
                ? Advertisements.toAll(reply, device.macAddress(), targetHigh, targetLow)
                : Advertisements.answer(
                        reply,
                        device.macAddress(),
                        targetHigh,
                        targetLow,
                        mac,
                        Ipv6.high(ip + Ipv6.SOURCE),
                        Ipv6.low(ip + Ipv6.SOURCE));
        context.speak(device.id(), reply, length);
    }

    private void advertisement(Device device, long frame, long icmp, int length) {
        long ip = frame + Ethernet.LENGTH;
        long high = Ipv6.high(icmp + NeighbourDiscovery.TARGET);
        long low = Ipv6.low(icmp + NeighbourDiscovery.TARGET);
        int flags = Icmp6.parameter(icmp);
        long mac = NeighbourDiscovery.linkAddress(icmp, length, NeighbourDiscovery.TARGET_LINK_ADDRESS);
        if (mac != -1 && !Ethernet.isStation(mac)) {
            context.drops.count(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        } else if (context.network.isTentativeOn(high, low, device.id())) {
            duplicate(device, high, low, mac == -1 ? 0 : mac);
        } else if (context.network.isLocal(high, low)) {
            conflict(device, high, low, mac == -1 ? 0 : mac);
        } else if (!neighbours.knows(device.id(), high, low) && (mac == -1 || !isAnswerToUs(device, ip, flags))) {
            notOurs(device, frame);
        } else {
            long known = neighbours.knownMac(device.id(), high, low);
            long now = mac == -1 ? known : mac;
            context.step(Step.ANSWERED, 0, 0);
            if (now != -1 && (known == -1 || known == now || (flags & NeighbourDiscovery.OVERRIDE) != 0)) {
                learn(device, high, low, now, true);
            }
        }
    }

    /** Another worker may have asked: answers are steered by their addresses. */
    private boolean isAnswerToUs(Device device, long ip, int flags) {
        return (flags & NeighbourDiscovery.SOLICITED) != 0
                && context.network.isLocalOn(
                        Ipv6.high(ip + Ipv6.DESTINATION), Ipv6.low(ip + Ipv6.DESTINATION), device.id());
    }

    private void duplicate(Device device, long high, long low, long macAddress) {
        context.step(Step.ANSWERED, 0, 0);
        events.duplicateAddress(device.id(), new Address(high, low), macAddress);
    }

    private void conflict(Device device, long high, long low, long macAddress) {
        context.drops.count(DropReason.BAD_NEIGHBOUR_DISCOVERY);
        if (context.nowMillis - conflictToldMillis >= 1000) {
            conflictToldMillis = context.nowMillis;
            events.addressConflict(device.id(), new Address(high, low), macAddress);
        }
    }

    private void learn(Device device, long high, long low, long macAddress, boolean create) {
        if (neighbours.learn(device.id(), high, low, macAddress, create)) {
            context.handover.neighbour(device.id(), high, low, macAddress);
        }
    }

    private void notOurs(Device device, long frame) {
        int length = Ethernet.LENGTH + Ipv6.totalLength(frame + Ethernet.LENGTH);
        context.leave(device, frame, length, DropReason.NOT_LOCAL);
    }
}
