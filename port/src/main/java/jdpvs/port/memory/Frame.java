package jdpvs.port.memory;

import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/**
 * A frame as a value, for tests.
 *
 * @param header its virtio-net header, {@link VirtioNetHeader#LENGTH} bytes
 * @param bytes from the Ethernet header on
 */
@SuppressWarnings("ArrayRecordComponent") // compared by tests with the arrays in hand, never as keys
public record Frame(byte[] header, byte[] bytes) {
    /** With a full checksum, not a segment. */
    public static Frame plain(byte[] bytes) {
        return new Frame(new byte[VirtioNetHeader.LENGTH], bytes);
    }

    public static Frame copyOf(long frame, int length) {
        var result = new Frame(new byte[VirtioNetHeader.LENGTH], new byte[length]);
        Memory.copyOut(frame - VirtioNetHeader.LENGTH, result.header, 0, VirtioNetHeader.LENGTH);
        Memory.copyOut(frame, result.bytes, 0, length);
        return result;
    }

    /** Writes both parts and returns the length. */
    public int write(long frame) {
        Memory.copyIn(header, 0, frame - VirtioNetHeader.LENGTH, VirtioNetHeader.LENGTH);
        Memory.copyIn(bytes, 0, frame, bytes.length);
        return bytes.length;
    }
}
