package jdpvs.port.bond.lacp;

import jdpvs.port.LinkState;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;

/**
 * A partner that says anything at any time, on links that come and go: what {@link LacpStation#check} asks stays true, among it the limit of PDUs. Bytes are a script of four each: what happens, where,
 * and two of detail; the values are few, so that they often fit each other.
 */
public final class LacpBondFuzz {
    private static final int SLAVES = 3;
    private static final LacpOptions OPTIONS = LacpOptions.of(0x0200_0000_000aL);
    private static final LinkState[] LINKS = {
        new LinkState(true, 10_000, true, true),
        new LinkState(false, 10_000, true, true),
        new LinkState(true, 1_000, true, true),
        new LinkState(true, 10_000, false, true)
    };

    private LacpBondFuzz() {}

    /** @return how often a slave began or ended to carry frames */
    static long play(byte[] script) {
        var lab = new LacpLab(1);
        LacpStation station = lab.station(OPTIONS, SLAVES);
        for (int i = 0; i + 4 <= script.length; i += 4) {
            int what = script[i] & 3;
            int slave = (script[i + 1] & 0xff) % SLAVES;
            int detail = script[i + 2] & 0xff;
            int state = script[i + 3] & 0xff;
            switch (what) {
                case 0 -> station.bond.link(slave, LINKS[detail & 3], lab.nowMillis);
                case 1 -> lab.run(state < 128 ? detail : 20L * detail);
                default -> {
                    LacpParty sender = new LacpParty(
                            detail & 1, 0x0200_0000_0000L + (detail >>> 1 & 15), detail >>> 5 & 1, 0, slave, state);
                    LacpParty us = station.status(slave).actor();
                    LacpParty believed = detail < 64 ? sender : us.withState(us.state() ^ detail >>> 6);
                    station.bond.receive(slave, new LacpMessage(sender, believed, 0), lab.nowMillis);
                }
            }
            station.check();
        }
        return station.bond.changes();
    }

    /** An AssertionError or an exception is a finding. */
    public static void fuzzerTestOneInput(byte[] input) {
        play(input);
    }
}
