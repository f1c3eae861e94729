package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Raw access to structures shared with the kernel, in machine byte order, naturally aligned: native addresses are {@code long}s, and every
 * access goes through one static segment over all of memory, so that the just-in-time compiler sees a single segment shape.
 *
 * <p>Words that both sides write (ring producers, slot states) are read with acquire and written with release.
 */
public final class NativeMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private NativeMemory() {}

    /** Unsigned. */
    public static int getByte(long address) {
        return ALL.get(JAVA_BYTE, address) & 0xff;
    }

    public static void putByte(long address, int value) {
        ALL.set(JAVA_BYTE, address, (byte) value);
    }

    /** Unsigned. */
    public static int getShort(long address) {
        return ALL.get(JAVA_SHORT, address) & 0xffff;
    }

    public static void putShort(long address, int value) {
        ALL.set(JAVA_SHORT, address, (short) value);
    }

    public static int getInt(long address) {
        return ALL.get(JAVA_INT, address);
    }

    public static void putInt(long address, int value) {
        ALL.set(JAVA_INT, address, value);
    }

    public static long getLong(long address) {
        return ALL.get(JAVA_LONG, address);
    }

    public static void putLong(long address, long value) {
        ALL.set(JAVA_LONG, address, value);
    }

    public static int getIntAcquire(long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    public static void putIntRelease(long address, int value) {
        INT.setRelease(ALL, address, value);
    }

    public static long getLongAcquire(long address) {
        return (long) LONG.getAcquire(ALL, address);
    }

    public static void putLongRelease(long address, long value) {
        LONG.setRelease(ALL, address, value);
    }

    /** Copies between ranges that may overlap. */
    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }
}
