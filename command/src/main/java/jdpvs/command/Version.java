package jdpvs.command;

import java.util.Optional;

/** Versions that the tools print. */
public final class Version {
    /** The DPVS release whose surface we keep; headers of listings print it. */
    public static final String COMPATIBLE = "1.10.2";

    private Version() {}

    /** jdpvs's own, as the module carries it; {@code development} when run outside of a module. */
    public static String own() {
        return Optional.ofNullable(Version.class.getModule().getDescriptor())
                .flatMap(module -> module.rawVersion())
                .orElse("development");
    }
}
