package jdpvs.command.dpvsctl;

import java.nio.ByteBuffer;

/** Any bytes are one line of text. */
public final class PacketTextFuzz {
    private PacketTextFuzz() {}

    public static void fuzzerTestOneInput(byte[] frame) {
        String line = PacketText.of(ByteBuffer.wrap(frame).asReadOnlyBuffer());
        if (line.isEmpty() || line.length() > 500 || line.chars().anyMatch(Character::isISOControl)) {
            throw new AssertionError("no line: '" + line + "'");
        }
    }
}
