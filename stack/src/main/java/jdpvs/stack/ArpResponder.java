package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;
import jdpvs.wire.VirtioNetHeader;

/**
 * What comes in as ARP (RFC 826). Requests for an address are answered on the address's own device only, whatever other devices hear of it:
 * a two-arm balancer must not pull the outside's traffic to its inside arm.
 *
 * <p>A neighbour is learnt from what is meant for us: replies to our address, and requests for it. Other requests and replies, gratuitous
 * ones among them, only update a neighbour that is known already. Claims that cannot be true (a group or zero MAC address, a sender address
 * that no host has or that is our own) are counted as {@code BAD_ARP} and change nothing.
 */
final class ArpResponder {
    private final WorkerContext context;
    private final Neighbours neighbours;
    private final StackEvents events;
    private long conflictToldMillis = Long.MIN_VALUE / 2;

    ArpResponder(WorkerContext context, Neighbours neighbours, StackEvents events) {
        this.context = context;
        this.neighbours = neighbours;
        this.events = events;
    }

    /** A whole ARP packet for Ethernet and IPv4 in a frame for us or for everybody. */
    void input(Device device, long frame, int length) {
        long arp = frame + Ethernet.LENGTH;
        long senderMac = Arp.senderMac(arp);
        int sender = Arp.senderAddress(arp);
        int target = Arp.targetAddress(arp);
        int operation = Arp.operation(arp);
        if (context.network.isOwnMac(senderMac)) {
            // Our own request, come back over another of our devices.
            notOurs(device);
        } else if (!isPlausible(senderMac, sender)) {
            context.drops.count(DropReason.BAD_ARP);
        } else if (sender != 0 && context.network.isLocal(sender)) {
            context.drops.count(DropReason.BAD_ARP);
            if (context.nowMillis - conflictToldMillis >= 1000) {
                conflictToldMillis = context.nowMillis;
                events.addressConflict(device.id(), Address.ofIpv4(sender), senderMac);
            }
        } else if (operation == Arp.REQUEST && context.network.isLocalOn(target, device.id())) {
            if (sender != 0) {
                learn(device, sender, senderMac, true);
            }
            reply(device, frame, length);
        } else if (operation == Arp.REPLY && sender != 0 && isAnswerToUs(device, arp, sender)) {
            context.step(Step.ANSWERED, 0, 0);
            learn(device, sender, senderMac, true);
        } else if (sender != 0
                && (operation == Arp.REQUEST || operation == Arp.REPLY)
                && neighbours.knows(device.id(), 0, Address.mapped(sender))) {
            context.step(Step.ANSWERED, 0, 0);
            learn(device, sender, senderMac, false);
        } else {
            notOurs(device);
        }
    }

    /** To our address, or to the probe without one that {@link Neighbours} sends from a device that has no address. */
    private boolean isAnswerToUs(Device device, long arp, int sender) {
        int target = Arp.targetAddress(arp);
        return context.network.isLocalOn(target, device.id())
                || (target == 0
                        && Arp.targetMac(arp) == device.macAddress()
                        && neighbours.knows(device.id(), 0, Address.mapped(sender)));
    }

    private void learn(Device device, int address, long macAddress, boolean create) {
        if (neighbours.learn(device.id(), 0, Address.mapped(address), macAddress, create)) {
            context.handover.neighbour(device.id(), 0, Address.mapped(address), macAddress);
        }
    }

    /** Turns the request into its reply, in place. */
    private void reply(Device device, long frame, int length) {
        long arp = frame + Ethernet.LENGTH;
        long asker = Arp.senderMac(arp);
        int askerAddress = Arp.senderAddress(arp);
        int target = Arp.targetAddress(arp);
        context.step(Step.ANSWERED, 0, 0);
        VirtioNetHeader.clear(frame);
        Ethernet.setAddresses(frame, asker, device.macAddress());
        Arp.set(arp, Arp.REPLY, device.macAddress(), target, asker, askerAddress);
        context.egress.send(device.id(), frame, length);
    }

    /** The kernel, where it has a share of the device, gets all ARP without us. */
    private void notOurs(Device device) {
        boolean kernels = device.shared() || device.kernelSide();
        context.drops.count(kernels ? DropReason.LEFT_TO_KERNEL : DropReason.NOT_LOCAL);
    }

    private static boolean isPlausible(long macAddress, int sender) {
        int net = sender >>> 24;
        // 0.0.0.0 asks whether an address is free (RFC 5227 §2.1).
        return Ethernet.isStation(macAddress) && net != 127 && net < 224 && (net != 0 || sender == 0);
    }
}
