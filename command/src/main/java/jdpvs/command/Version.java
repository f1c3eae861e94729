package jdpvs.command;

/** Versions that the tools print. */
public final class Version {
    /** The DPVS release whose surface we keep; headers of listings print it. */
    public static final String COMPATIBLE = "1.10.2";

    private Version() {}
}
