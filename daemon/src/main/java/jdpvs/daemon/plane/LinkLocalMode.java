package jdpvs.daemon.plane;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How link-local addresses are made ({@code addr_gen_mode}).
 *
 * @param secret of {@link Kind#STABLE_PRIVACY}, hexadecimal; null = one of this process
 */
public record LinkLocalMode(Kind kind, @Nullable String secret) {
    public static final LinkLocalMode NONE = new LinkLocalMode(Kind.NONE, null);

    /** As the configuration names them. */
    public enum Kind {
        EUI64,
        NONE,
        STABLE_PRIVACY,
        RANDOM;

        public static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
