package jdpvs.toa.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdpvs.linux.bpf.Codec;
import jdpvs.wire.Address;

/**
 * A trusted prefix as a key of the longest-prefix map; IPv4 stands as v4-mapped IPv6 (RFC 4291 §2.5.5.2):
 *
 * <pre>
 * 0 prefix length of 128, machine order | 4 address (16)
 * </pre>
 */
enum TrustedKey implements Codec<Prefix> {
    CODEC;

    static final int BYTES = 20;
    static final int ADDRESS_AT = 4;
    static final int WHOLE_ADDRESS = 128;

    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void write(MemorySegment to, Prefix prefix) {
        to.set(JAVA_INT, 0, prefix.lengthMapped());
        to.set(NETWORK_LONG, ADDRESS_AT, prefix.address().high());
        to.set(NETWORK_LONG, ADDRESS_AT + 8, prefix.address().low());
    }

    @Override
    public Prefix read(MemorySegment from) {
        Address address = new Address(from.get(NETWORK_LONG, ADDRESS_AT), from.get(NETWORK_LONG, ADDRESS_AT + 8));
        return Prefix.ofMapped(address, from.get(JAVA_INT, 0));
    }
}
