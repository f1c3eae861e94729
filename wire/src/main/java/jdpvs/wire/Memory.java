package jdpvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The only raw memory access of the rooms above the kernel: native addresses are {@code long}s, and every access goes through one
 * static segment over all of memory, so that the just-in-time compiler sees a single segment shape (a method that has also seen heap
 * segments is several times slower). Nothing is checked here: whoever hands in an address has validated it.
 *
 * <p>{@code get…}/{@code put…} use the machine's byte order, {@code …Net} the network's (big endian).
 */
public final class Memory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}

    public static int getByte(long address) {
        return ALL.get(JAVA_BYTE, address) & 0xff;
    }

    public static void putByte(long address, int value) {
        ALL.set(JAVA_BYTE, address, (byte) value);
    }

    /** Unsigned 16 bits in machine order. */
    public static int getShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address) & 0xffff;
    }

    public static void putShort(long address, int value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, (short) value);
    }

    public static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    public static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    public static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    public static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }

    /** Unsigned 16 bits in network order. */
    public static int getShortNet(long address) {
        return Short.reverseBytes(ALL.get(JAVA_SHORT_UNALIGNED, address)) & 0xffff;
    }

    public static void putShortNet(long address, int value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, Short.reverseBytes((short) value));
    }

    public static int getIntNet(long address) {
        return Integer.reverseBytes(ALL.get(JAVA_INT_UNALIGNED, address));
    }

    public static void putIntNet(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, Integer.reverseBytes(value));
    }

    /** Copies between ranges that may overlap. */
    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    public static void copyIn(byte[] from, int offset, long to, int bytes) {
        MemorySegment.copy(from, offset, ALL, JAVA_BYTE, to, bytes);
    }

    public static void copyOut(long from, byte[] to, int offset, int bytes) {
        MemorySegment.copy(ALL, JAVA_BYTE, from, to, offset, bytes);
    }

    public static void fill(long address, long bytes, int value) {
        ALL.asSlice(address, bytes).fill((byte) value);
    }
}
