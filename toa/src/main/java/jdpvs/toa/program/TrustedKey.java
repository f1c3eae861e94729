package jdpvs.toa.program;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import jdpvs.linux.bpf.Codec;

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

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void write(MemorySegment to, Prefix prefix) {
        to.set(JAVA_INT, 0, prefix.lengthMapped());
        MemorySegment.copy(MemorySegment.ofArray(prefix.addressMapped()), 0, to, ADDRESS_AT, 16);
    }

    @Override
    public Prefix read(MemorySegment from) {
        return Prefix.ofMapped(from.asSlice(ADDRESS_AT, 16).toArray(JAVA_BYTE), from.get(JAVA_INT, 0));
    }
}
