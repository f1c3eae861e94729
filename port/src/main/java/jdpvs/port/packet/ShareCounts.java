package jdpvs.port.packet;

import jdpvs.linux.Mapping;
import jdpvs.linux.NativeMemory;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Codec;

/**
 * What the filter of the {@link ControlQueue} and its reader tell each other, an array of the kernel's that both see; one entry for each {@link ControlShare}, by its ordinal:
 *
 * <pre>
 *  0                            8                                16                            24
 *  +----------------------------+--------------------------------+-----------------------------+
 *  | frames let in (the filter) | how many may be (the reader)   | frames refused (the filter) |
 *  +----------------------------+--------------------------------+-----------------------------+
 * </pre>
 */
final class ShareCounts implements AutoCloseable {
    static final int LET_IN = 0;
    static final int MOST = 8;
    static final int REFUSED = 16;

    private static final int ENTRY_BYTES = 24;
    private static final int PAGE_BYTES = 4096;
    private static final ControlShare[] SHARES = ControlShare.values();

    private final BpfMap<Integer, byte[]> map = BpfMap.create(
            BpfMap.Type.ARRAY, "jdpvs_shares", Codec.INT, Codec.bytes(ENTRY_BYTES), SHARES.length, BpfMap.MAPPABLE);
    private final Mapping memory;
    /** Frames let in, as {@link #look} found them. */
    private final long[] seen = new long[SHARES.length];

    ShareCounts() {
        try {
            memory = Mapping.shared(map.descriptor(), PAGE_BYTES);
        } catch (RuntimeException e) {
            map.close();
            throw e;
        }
        giveBack();
    }

    BpfMap<Integer, byte[]> map() {
        return map;
    }

    /** Before the ring is read: whoever then finds it empty has had all that was let in until now. */
    void look() {
        for (int i = 0; i < seen.length; i++) {
            seen[i] = NativeMemory.getLongAcquire(entry(i) + LET_IN);
        }
    }

    /** The ring was empty after the last {@link #look}: the shares are whole again, also where a frame that was let in found no way into the ring. */
    void giveBack() {
        for (int i = 0; i < seen.length; i++) {
            NativeMemory.putLongRelease(entry(i) + MOST, seen[i] + SHARES[i].frames);
        }
    }

    /** Frames of a share that were let in so far. */
    long letIn(ControlShare share) {
        return NativeMemory.getLongAcquire(entry(share.ordinal()) + LET_IN);
    }

    /** Frames that found their share used up. Any thread, but not after {@link #close}. */
    long refused() {
        long sum = 0;
        for (int i = 0; i < seen.length; i++) {
            sum += NativeMemory.getLongAcquire(entry(i) + REFUSED);
        }
        return sum;
    }

    private long entry(int share) {
        return memory.address() + (long) share * ENTRY_BYTES;
    }

    @Override
    public void close() {
        memory.close();
        map.close();
    }
}
