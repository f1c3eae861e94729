package jdpvs.stack;

import java.util.Arrays;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;

/**
 * Tells the link of addresses that have just become ours, three times, a second apart: with gratuitous ARP, a broadcast request whose sender and target are the
 * address (RFC 5227 §2.3, "ARP announcement"), or with an unsolicited neighbour advertisement to all nodes (RFC 4861 §7.2.6). A large batch is spread over ticks, so that it drowns neither switches nor our queues.
 */
final class Announcements {
    private static final int REPEATS = 3;
    private static final int INTERVAL_MILLIS = 1000;
    private static final int PER_TICK = 32;

    private final WorkerContext context;
    private int[] devices = new int[16];
    private Address[] addresses = new Address[16];
    private long[] dueMillis = new long[16];
    private int[] left = new int[16];
    private boolean[] asReplyToo = new boolean[16];
    private int count;
    private int cursor;

    Announcements(WorkerContext context) {
        this.context = context;
    }

    /** Starts or restarts the announcement of an address. */
    void add(int device, Address address) {
        int i = due(device, address);
        left[i] = REPEATS;
    }

    /**
     * Announces an address a single time with the next tick; what remains of an announcement that runs goes on. Hosts learn from requests or from replies, not all of them from both
     * (RFC 5227 §3), so gratuitous ARP goes out as both.
     */
    void addOnce(int device, Address address) {
        int i = due(device, address);
        left[i] = Math.max(left[i], 1);
        asReplyToo[i] = true;
    }

    /** @return the place of an announcement that is to go out now; a new one with nothing left */
    private int due(int device, Address address) {
        for (int i = 0; i < count; i++) {
            if (devices[i] == device && addresses[i].equals(address)) {
                dueMillis[i] = context.nowMillis;
                return i;
            }
        }
        if (count == devices.length) {
            devices = Arrays.copyOf(devices, count * 2);
            addresses = Arrays.copyOf(addresses, count * 2);
            dueMillis = Arrays.copyOf(dueMillis, count * 2);
            left = Arrays.copyOf(left, count * 2);
            asReplyToo = Arrays.copyOf(asReplyToo, count * 2);
        }
        devices[count] = device;
        addresses[count] = address;
        dueMillis[count] = context.nowMillis;
        left[count] = 0;
        asReplyToo[count] = false;
        return count++;
    }

    void tick() {
        int sent = 0;
        for (int looked = count; looked > 0 && sent < PER_TICK && count > 0; looked--) {
            cursor = cursor >= count ? 0 : cursor;
            int i = cursor++;
            if (dueMillis[i] > context.nowMillis) {
                continue;
            }
            Address address = addresses[i];
            Device device = context.network.device(devices[i]);
            boolean ours = device != null && isBehind(device, address);
            if (device == null || !ours) {
                forget(i);
                continue;
            }
            if (asReplyToo[i] && address.isIpv4()) {
                if (!send(device, address, Arp.REPLY)) {
                    return;
                }
                asReplyToo[i] = false;
                sent++;
            }
            if (!send(device, address, Arp.REQUEST)) {
                return;
            }
            sent++;
            dueMillis[i] = context.nowMillis + INTERVAL_MILLIS;
            if (--left[i] == 0) {
                forget(i);
            }
        }
    }

    /** The kernel's addresses are behind the same MAC address as ours, and it does not see when the device begins to send another way. */
    private boolean isBehind(Device device, Address address) {
        return context.network.isLocalOn(address, device.id())
                || (device.kernelSide() && context.network.isKernels(address.high(), address.low()));
    }

    /** @param operation of ARP */
    private boolean send(Device device, Address address, int operation) {
        long frame = context.egress.allocate();
        if (frame == 0) {
            return false;
        }
        int length = address.isIpv4()
                ? arp(frame, device, operation, address.ipv4())
                : Advertisements.toAll(frame, device.macAddress(), address.high(), address.low());
        context.speak(device.id(), frame, length);
        return true;
    }

    /** A reply names the whole link as its target, a request nobody (RFC 5227 §2.3). */
    private static int arp(long frame, Device device, int operation, int address) {
        Ethernet.set(frame, Ethernet.BROADCAST, device.macAddress(), Ethernet.TYPE_ARP);
        long target = operation == Arp.REPLY ? Ethernet.BROADCAST : 0;
        Arp.set(frame + Ethernet.LENGTH, operation, device.macAddress(), address, target, address);
        return Ethernet.LENGTH + Arp.LENGTH;
    }

    private void forget(int i) {
        count--;
        devices[i] = devices[count];
        addresses[i] = addresses[count];
        dueMillis[i] = dueMillis[count];
        left[i] = left[count];
        asReplyToo[i] = asReplyToo[count];
        cursor = i;
    }
}
