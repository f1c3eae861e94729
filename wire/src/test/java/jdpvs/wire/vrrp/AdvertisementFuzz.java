package jdpvs.wire.vrrp;

import java.util.Arrays;
import java.util.HexFormat;
import jdpvs.wire.Address;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;

/** Any bytes as an advertisement over either family: nothing outside is read, and what is valid is the same when it is written and read again. */
public final class AdvertisementFuzz {
    static final Address SOURCE = Address.parse("192.0.2.1");
    static final Address GROUP = Address.parse("224.0.0.18");
    static final Address SOURCE6 = Address.parse("fe80::1");
    static final Address GROUP6 = Address.parse("ff02::12");

    private static final GuardedMemory INPUT = new GuardedMemory();
    private static final GuardedMemory OUTPUT = new GuardedMemory();

    private AdvertisementFuzz() {}

    /** One payload; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 2 * Advertisement.LONGEST) {
            return;
        }
        check(input, SOURCE, GROUP);
        check(input, SOURCE6, GROUP6);
    }

    private static void check(byte[] input, Address source, Address destination) {
        Reading reading = Advertisement.read(INPUT.atEnd(input), input.length, source, destination);
        if (reading instanceof Advertisement advertisement) {
            byte[] bytes = new byte[advertisement.length()];
            long written = OUTPUT.atEnd(bytes);
            advertisement.write(written, source, destination);
            Memory.copyOut(written, bytes, 0, bytes.length);
            if (bytes.length != input.length
                    || !advertisement.equals(Advertisement.read(written, bytes.length, source, destination))
                    || !Arrays.equals(bytes, 0, 4, input, 0, 4)) {
                throw new AssertionError("not what was read: " + HexFormat.of().formatHex(input));
            }
        }
    }
}
