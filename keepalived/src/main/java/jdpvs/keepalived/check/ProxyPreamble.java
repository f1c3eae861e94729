package jdpvs.keepalived.check;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What goes before everything else to a server that expects PROXY protocol: that the connection is ours, not a client's (PROXY protocol §2.1, §2.2). */
final class ProxyPreamble {
    private static final byte[] VERSION_1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The signature, version 2 with LOCAL, family unspecified, no addresses. */
    private static final byte[] VERSION_2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x20, 0x00, 0x00, 0x00
    };

    private ProxyPreamble() {}

    /** @param version {@code v1}, {@code v2}; null = none */
    static byte[] of(@Nullable String version) {
        if (version == null) {
            return new byte[0];
        }
        return version.startsWith("v2") ? VERSION_2.clone() : VERSION_1.clone();
    }
}
