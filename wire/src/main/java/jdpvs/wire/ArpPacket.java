package jdpvs.wire;

/**
 * The value of an ARP packet for Ethernet and IPv4; for tests and messages, not for the packet path.
 *
 * @param operation {@link Arp#REQUEST}, {@link Arp#REPLY} or another
 */
public record ArpPacket(int operation, long senderMac, int senderAddress, long targetMac, int targetAddress) {
    /** Of {@link Arp#LENGTH} bytes at a native address. */
    public static ArpPacket read(long arp) {
        return new ArpPacket(
                Arp.operation(arp),
                Arp.senderMac(arp),
                Arp.senderAddress(arp),
                Arp.targetMac(arp),
                Arp.targetAddress(arp));
    }

    public void write(long arp) {
        Arp.set(arp, operation, senderMac, senderAddress, targetMac, targetAddress);
    }

    @Override
    public String toString() {
        String sender = Ipv4Address.format(senderAddress) + " (" + MacAddress.format(senderMac) + ")";
        String target = Ipv4Address.format(targetAddress);
        return switch (operation) {
            case Arp.REQUEST -> "who has " + target + ", asks " + sender;
            case Arp.REPLY -> sender + " answers " + target;
            default -> "operation " + operation + " from " + sender + " to " + target;
        };
    }
}
