package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How a map's key or value looks in memory. */
public interface Codec<T> {
    /** Machine order. */
    Codec<Integer> INT = new IntCodec(JAVA_INT);

    /** Network order: an IPv4 address as it stands in a packet, an int in network meaning here. */
    Codec<Integer> INT_NET = new IntCodec(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN));

    /** Machine order. */
    Codec<Long> LONG = new LongCodec();

    /** A fixed number of bytes as they are. */
    static Codec<byte[]> bytes(int count) {
        return new BytesCodec(count);
    }

    int bytes();

    void write(MemorySegment to, T value);

    T read(MemorySegment from);

    /** Four bytes in either order. */
    record IntCodec(ValueLayout.OfInt layout) implements Codec<Integer> {
        @Override
        public int bytes() {
            return 4;
        }

        @Override
        public void write(MemorySegment to, Integer value) {
            to.set(layout, 0, value);
        }

        @Override
        public Integer read(MemorySegment from) {
            return from.get(layout, 0);
        }
    }

    /** As they are; shorter arrays are filled up with zeros. */
    record BytesCodec(int bytes) implements Codec<byte[]> {
        @Override
        public void write(MemorySegment to, byte[] value) {
            if (value.length > bytes) {
                throw new IllegalArgumentException(value.length + " bytes do not fit into " + bytes);
            }
            to.asSlice(0, bytes).fill((byte) 0);
            MemorySegment.copy(MemorySegment.ofArray(value), 0, to, 0, value.length);
        }

        @Override
        public byte[] read(MemorySegment from) {
            return from.asSlice(0, bytes).toArray(JAVA_BYTE);
        }
    }

    /** Eight bytes in the machine's order. */
    record LongCodec() implements Codec<Long> {
        @Override
        public int bytes() {
            return 8;
        }

        @Override
        public void write(MemorySegment to, Long value) {
            to.set(JAVA_LONG, 0, value);
        }

        @Override
        public Long read(MemorySegment from) {
            return from.get(JAVA_LONG, 0);
        }
    }
}
