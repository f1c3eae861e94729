package jdpvs.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Datagrams as the kernel makes them, for tests. */
final class Messages {
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFLA_IFNAME = 3;

    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    private int begin;

    byte[] toBytes() {
        byte[] result = new byte[bytes.position()];
        bytes.get(0, result);
        return result;
    }

    Messages address(int family, int prefixLength, int index) {
        return begin(InterfaceAddress.NEW)
                .octets(family, prefixLength, 0x80, 0)
                .word(index)
                .end();
    }

    Messages link(int index) {
        return begin(InterfaceName.NEW)
                .octets(0, 0, 1, 0)
                .word(index)
                .word(1)
                .word(0)
                .end();
    }

    Messages done(int result) {
        return begin(Message.DONE).word(result).end();
    }

    Messages local(int... octets) {
        return attribute(IFA_LOCAL, octets);
    }

    Messages peer(int... octets) {
        return attribute(IFA_ADDRESS, octets);
    }

    Messages label(String text) {
        return text(IFA_LABEL, text);
    }

    Messages name(String text) {
        return text(IFLA_IFNAME, text);
    }

    private Messages text(int type, String text) {
        byte[] ascii = (text + "\0").getBytes(StandardCharsets.US_ASCII);
        int[] octets = new int[ascii.length];
        for (int i = 0; i < ascii.length; i++) {
            octets[i] = ascii[i];
        }
        return attribute(type, octets);
    }

    /** To the last message. */
    private Messages attribute(int type, int... octets) {
        bytes.putShort((short) (4 + octets.length)).putShort((short) type);
        octets(octets);
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return end();
    }

    private Messages begin(int type) {
        begin = bytes.position();
        bytes.putInt(0).putShort((short) type).putShort((short) 2).putInt(7).putInt(0);
        return this;
    }

    private Messages octets(int... octets) {
        for (int octet : octets) {
            bytes.put((byte) octet);
        }
        return this;
    }

    private Messages word(int value) {
        bytes.putInt(value);
        return this;
    }

    private Messages end() {
        bytes.putInt(begin, bytes.position() - begin);
        return this;
    }
}
