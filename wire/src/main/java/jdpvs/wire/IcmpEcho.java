package jdpvs.wire;

/**
 * The value of an ICMP echo request or reply (RFC 792); for tests and messages, not for the packet path.
 *
 * @param bytes of the message, its header included
 */
public record IcmpEcho(boolean isReply, int identifier, int sequence, int bytes) {
    /**
     * Of an ICMP message at a native address.
     *
     * @throws IllegalArgumentException when it is too short, its checksum is wrong, or it is no echo message
     */
    public static IcmpEcho read(long icmp, int length) {
        if (length < Icmp.LENGTH || Checksum.sum(icmp, length) != 0xffff) {
            throw new IllegalArgumentException("an ICMP message of " + length + " bytes is too short or damaged");
        }
        int type = Icmp.type(icmp);
        if ((type != Icmp.ECHO_REQUEST && type != Icmp.ECHO_REPLY) || Icmp.code(icmp) != 0) {
            throw new IllegalArgumentException(
                    "ICMP type " + type + " code " + Icmp.code(icmp) + " is no echo message");
        }
        return new IcmpEcho(type == Icmp.ECHO_REPLY, Icmp.identifier(icmp), Icmp.sequence(icmp), length);
    }
}
