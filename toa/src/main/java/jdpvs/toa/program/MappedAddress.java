package jdpvs.toa.program;

import java.nio.ByteOrder;

/** IPv4 addresses as IPv6 ones, {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2). */
final class MappedAddress {
    /** Of the four words the third, as the machine loads it: the bytes 00 00 ff ff. */
    static final int THIRD_WORD = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0xffff_0000 : 0x0000_ffff;

    private MappedAddress() {}
}
