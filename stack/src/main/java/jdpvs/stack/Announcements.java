package jdpvs.stack;

import java.util.Arrays;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;

/**
 * Gratuitous ARP for addresses that have just become ours (RFC 5227 §2.3, "ARP announcement"): a broadcast request whose sender and target
 * are the address, three times, a second apart. A large batch is spread over ticks, so that it drowns neither switches nor our queues.
 */
final class Announcements {
    private static final int REPEATS = 3;
    private static final int INTERVAL_MILLIS = 1000;
    private static final int PER_TICK = 32;

    private final WorkerContext context;
    private long[] keys = new long[16];
    private long[] dueMillis = new long[16];
    private int[] left = new int[16];
    private int count;
    private int cursor;

    Announcements(WorkerContext context) {
        this.context = context;
    }

    /** Starts or restarts the announcement of an address. */
    void add(int device, int address) {
        long key = (long) device << 32 | (address & 0xffff_ffffL);
        for (int i = 0; i < count; i++) {
            if (keys[i] == key) {
                left[i] = REPEATS;
                dueMillis[i] = context.nowMillis;
                return;
            }
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
            dueMillis = Arrays.copyOf(dueMillis, count * 2);
            left = Arrays.copyOf(left, count * 2);
        }
        keys[count] = key;
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
            int address = (int) keys[i];
            Device device = context.network.device((int) (keys[i] >>> 32));
            boolean ours = device != null && context.network.isLocalOn(address, device.id());
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

    private boolean send(Device device, int address) {
        long frame = context.egress.allocate();
        if (frame == 0) {
            return false;
        }
        Ethernet.set(frame, Ethernet.BROADCAST, device.macAddress(), Ethernet.TYPE_ARP);
        Arp.set(frame + Ethernet.LENGTH, Arp.REQUEST, device.macAddress(), address, 0, address);
        context.egress.send(device.id(), frame, Ethernet.LENGTH + Arp.LENGTH);
        return true;
    }

    private void forget(int i) {
        count--;
        keys[i] = keys[count];
        dueMillis[i] = dueMillis[count];
        left[i] = left[count];
        cursor = i;
    }
}
