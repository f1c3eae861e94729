package jdpvs.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The look at what an ICMP error quotes: right for any bytes, and it reads nothing outside the message. */
public final class IcmpErrorFuzz {
    private static final GuardedMemory GUARDED = new GuardedMemory();

    private IcmpErrorFuzz() {}

    /** One ICMP message of 8 to 65,515 bytes; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] message) {
        if (message.length < Icmp.LENGTH || message.length > 65_515) {
            return;
        }
        int expected = reference(message);
        check(message, expected, GUARDED.atStart(message));
        check(message, expected, GUARDED.atEnd(message));
    }

    private static void check(byte[] message, int expected, long icmp) {
        int offset = IcmpQuote.transportOffset(icmp, message.length);
        if (offset != expected) {
            throw new AssertionError("transport at " + offset + " instead of " + expected + ": "
                    + HexFormat.of().formatHex(message));
        }
        if (offset != IcmpQuote.NONE) {
            int there = IcmpQuote.transportBytes(icmp, message.length, offset);
            if (there < IcmpQuote.TRANSPORT_BYTES || offset + there > message.length) {
                throw new AssertionError(
                        there + " bytes of transport header: " + HexFormat.of().formatHex(message));
            }
        }
    }

    /** The same, said another way. */
    static int reference(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        int words = bytes.get(0) == Icmp.SOURCE_QUENCH ? 0 : bytes.get(5) & 0xff;
        int quoteBytes = words == 0 ? message.length - 8 : Math.min(words * 4, message.length - 8);
        if (quoteBytes < 28) {
            return IcmpQuote.NONE;
        }
        ByteBuffer quote = bytes.slice(8, quoteBytes);
        int version = (quote.get(0) & 0xff) / 16;
        int header = (quote.get(0) & 0xff) % 16 * 4;
        boolean whole = version == 4 && header >= 20 && header + 8 <= quoteBytes;
        boolean plausible = (quote.getShort(2) & 0xffff) >= header + 8 && (quote.getShort(6) & 0xffff) % 8192 == 0;
        return whole && plausible ? 8 + header : IcmpQuote.NONE;
    }
}
