package jdpvs.port.packet;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdpvs.linux.bpf.Codec;
import jdpvs.wire.Address;

/** An address as a map's key: 16 bytes in network order. */
enum AddressKey implements Codec<Address> {
    CODEC;

    static final int BYTES = 16;

    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void write(MemorySegment to, Address address) {
        to.set(NETWORK_LONG, 0, address.high());
        to.set(NETWORK_LONG, 8, address.low());
    }

    @Override
    public Address read(MemorySegment from) {
        return new Address(from.get(NETWORK_LONG, 0), from.get(NETWORK_LONG, 8));
    }
}
