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
    private int count;
    private int cursor;

    Announcements(WorkerContext context) {
        this.context = context;
    }

    /** Starts or restarts the announcement of an address. */
    void add(int device, Address address) {
        for (int i = 0; i < count; i++) {
            if (devices[i] == device && addresses[i].equals(address)) {
                left[i] = REPEATS;
                dueMillis[i] = context.nowMillis;
                return;
            }
        }
        if (count == devices.length) {
            devices = Arrays.copyOf(devices, count * 2);
            addresses = Arrays.copyOf(addresses, count * 2);
            dueMillis = Arrays.copyOf(dueMillis, count * 2);
            left = Arrays.copyOf(left, count * 2);
        }
        devices[count] = device;
        addresses[count] = address;
        dueMillis[count] = context.nowMillis;
        left[count++] = REPEATS;
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
            if (!send(device, address)) {
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

    private boolean send(Device device, Address address) {
        long frame = context.egress.allocate();
        if (frame == 0) {
            return false;
        }
        int length = address.isIpv4()
                ? arp(frame, device, address.ipv4())
                : Advertisements.toAll(frame, device.macAddress(), address.high(), address.low());
        context.speak(device.id(), frame, length);
        return true;
    }

    private static int arp(long frame, Device device, int address) {
        Ethernet.set(frame, Ethernet.BROADCAST, device.macAddress(), Ethernet.TYPE_ARP);
        Arp.set(frame + Ethernet.LENGTH, Arp.REQUEST, device.macAddress(), address, 0, address);
        return Ethernet.LENGTH + Arp.LENGTH;
    }

    private void forget(int i) {
        count--;
        devices[i] = devices[count];
        addresses[i] = addresses[count];
        dueMillis[i] = dueMillis[count];
        left[i] = left[count];
        cursor = i;
    }
}
