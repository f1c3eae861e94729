package jdpvs.port.packet;

import jdpvs.linux.Descriptors;
import jdpvs.linux.Mapping;
import jdpvs.linux.NativeMemory;
import jdpvs.port.Burst;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Segmentation;
import jdpvs.wire.VlanTag;

/**
 * A TPACKET_V2 receive ring: slots that the kernel fills and we lend to the worker where they lie. One slot:
 *
 * <pre>
 *  0        4      8         12    14    16     20       24    26     32              52  104      114        128
 *  +--------+------+---------+-----+-----+------+--------+-----+------+---------------+---+--------+----------+-------------- … --+
 *  | status | len  | snaplen | mac | net | sec  | nsec   | TCI | TPID | sockaddr_ll   |   | virtio | Ethernet | IP …  to 65,535 B  |
 *  +--------+------+---------+-----+-----+------+--------+-----+------+---------------+---+--------+----------+-------------- … --+
 *           struct tpacket2_hdr                                       the headroom's first bytes ↑ may overwrite it
 * </pre>
 *
 * The kernel puts the Ethernet header at 76 + reserve; with 38 reserved the IP header begins a cache line and the headroom reaches only into the
 * unused socket address. A slot holds the largest IPv4 packet, and is an odd number of cache lines long, so that the headers of neighbouring slots
 * fall into different sets of the cache.
 */
final class ReceiveRing implements AutoCloseable {
    private static final int STATUS = 0;
    private static final int FRAME_BYTES = 4;
    private static final int CAPTURED_BYTES = 8;
    private static final int MAC_OFFSET = 12;
    private static final int VLAN_TCI = 24;
    private static final int VLAN_TPID = 26;

    private static final int TO_KERNEL = 0;
    private static final int TO_USER = 1;
    private static final int VLAN_VALID = 1 << 4;
    private static final int VLAN_TPID_VALID = 1 << 6;

    private static final int ETHERNET_OFFSET = 114;
    private static final int RESERVE = ETHERNET_OFFSET - 76;
    private static final int SLOT_BYTES = 64 * 1027;
    /** Blocks are what the kernel allocates in one piece; slots do not cross them. */
    private static final int BLOCK_BYTES = 1 << 20;

    private static final int SLOTS_PER_BLOCK = BLOCK_BYTES / SLOT_BYTES;

    private final int socket;
    private final Mapping memory;
    private final long[] slots;
    private final QueueCounters counters;
    /** The next slot to look at. */
    private int next;
    /** Slots lent since the last release; they end before {@code next}. */
    private int lent;

    private ReceiveRing(int socket, Mapping memory, long[] slots, QueueCounters counters) {
        this.socket = socket;
        this.memory = memory;
        this.slots = slots;
        this.counters = counters;
    }

    /** Makes a socket with a ring that is not bound to an interface yet. */
    static ReceiveRing open(int slotCount, QueueCounters counters) {
        int blocks = blocks(slotCount);
        int socket = PacketSockets.open();
        try {
            PacketSockets.enableVirtioHeader(socket);
            PacketSockets.ignoreOutgoing(socket);
            PacketSockets.makeReceiveRing(socket, RESERVE, BLOCK_BYTES, blocks, SLOT_BYTES, blocks * SLOTS_PER_BLOCK);
            Mapping memory = Mapping.shared(socket, (long) blocks * BLOCK_BYTES);
            long[] slots = new long[blocks * SLOTS_PER_BLOCK];
            for (int i = 0; i < slots.length; i++) {
                slots[i] = memory.address()
                        + (long) (i / SLOTS_PER_BLOCK) * BLOCK_BYTES
                        + (long) (i % SLOTS_PER_BLOCK) * SLOT_BYTES;
            }
            return new ReceiveRing(socket, memory, slots, counters);
        } catch (RuntimeException e) {
            Descriptors.close(socket);
            throw e;
        }
    }

    static long memoryBytes(int slotCount) {
        return (long) blocks(slotCount) * BLOCK_BYTES;
    }

    private static int blocks(int slotCount) {
        return (slotCount + SLOTS_PER_BLOCK - 1) / SLOTS_PER_BLOCK;
    }

    int socket() {
        return socket;
    }

    /** {@link PortQueue#receive}. */
    int receive(Burst burst) {
        int count = 0;
        int errors = 0;
        int packets = 0;
        long bytes = 0;
        int index = next;
        int taken = 0;
        while (count < Burst.CAPACITY && taken < slots.length) {
            long slot = slots[index];
            int status = NativeMemory.getIntAcquire(slot + STATUS);
            if ((status & TO_USER) == 0) {
                break;
            }
            taken++;
            if (++index == slots.length) {
                index = 0;
            }
            int length = NativeMemory.getInt(slot + CAPTURED_BYTES);
            if (length != NativeMemory.getInt(slot + FRAME_BYTES) || length < Ethernet.LENGTH) {
                // Longer than a slot: only BIG TCP makes such segments, and cut off it is worthless.
                errors++;
                continue;
            }
            long frame = slot + NativeMemory.getShort(slot + MAC_OFFSET);
            if ((status & VLAN_VALID) != 0) {
                int type = tagType(slot, status);
                int control = NativeMemory.getShort(slot + VLAN_TCI);
                // The kernel has taken the tag off; one that names a VLAN goes back in front of the Ethernet type.
                if (!VlanTag.isPriorityOnly(type, control)) {
                    frame = VlanTag.putOn(frame, type, control);
                    length += VlanTag.LENGTH;
                }
            }
            burst.address[count] = frame;
            burst.length[count++] = length;
            packets += Segmentation.packets(frame, length);
            bytes += Segmentation.wireBytes(frame, length);
        }
        next = index;
        lent = taken;
        burst.count = count;
        if (taken > 0) {
            counters.received(packets, bytes);
            if (errors > 0) {
                counters.receiveErrors(errors);
            }
        }
        return count;
    }

    /** {@link PortQueue#release}. */
    void release() {
        int index = next - lent;
        if (index < 0) {
            index += slots.length;
        }
        for (int i = 0; i < lent; i++) {
            NativeMemory.putIntRelease(slots[index] + STATUS, TO_KERNEL);
            if (++index == slots.length) {
                index = 0;
            }
        }
        lent = 0;
    }

    private static int tagType(long slot, int status) {
        return (status & VLAN_TPID_VALID) != 0 ? NativeMemory.getShort(slot + VLAN_TPID) : Ethernet.TYPE_VLAN;
    }

    @Override
    public void close() {
        memory.close();
        Descriptors.close(socket);
    }
}
