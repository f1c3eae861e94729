package jdpvs.wire.proxy;

import java.lang.foreign.Arena;
import jdpvs.wire.GuardedMemory;

/** A payload as a PROXY header: nothing is read behind it, and what is read says the same when it is written and read again. */
public final class ProxyHeaderFuzz {
    private static final GuardedMemory GUARDED = new GuardedMemory();
    private static final long WRITTEN =
            Arena.global().allocate(ProxyHeader.LONGEST).address();

    private ProxyHeaderFuzz() {}

    /** One payload; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 4096) {
            return;
        }
        ProxyHeaderReader reader = new ProxyHeaderReader();
        int length = reader.read(GUARDED.atEnd(input), input.length);
        if (length == 0) {
            return;
        }
        check(length <= input.length, "longer than the payload");
        for (ProxyVersion version : ProxyVersion.values()) {
            ProxyHeaderReader again = new ProxyHeaderReader();
            int written = reader.header().write(version, WRITTEN);
            check(written <= ProxyHeader.LONGEST, "too long");
            check(again.read(WRITTEN, written) == written, "not read again");
            if (again.header().isKnown()) {
                check(again.header().source().equals(reader.header().source()), "another source");
                check(again.header().destination().equals(reader.header().destination()), "another destination");
                check(again.header().sourcePort() == reader.header().sourcePort(), "another source port");
                check(again.header().destinationPort() == reader.header().destinationPort(), "another port");
            }
        }
    }

    private static void check(boolean right, String finding) {
        if (!right) {
            throw new AssertionError(finding);
        }
    }
}
