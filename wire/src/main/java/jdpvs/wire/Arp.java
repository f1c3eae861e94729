package jdpvs.wire;

/**
 * An ARP packet for Ethernet and IPv4 at a native address, directly behind the Ethernet header (RFC 826).
 *
 * <pre>
 *  0 hardware type = 1 | 2 protocol type = 0x0800 | 4 lengths 6, 4 | 6 operation |
 *  8 sender MAC | 14 sender address | 18 target MAC | 24 target address | 28
 * </pre>
 */
public final class Arp {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** Hardware type, protocol type and both lengths of the only kind we speak. */
    private static final int ETHERNET_AND_IPV4 = 0x0001_0800;

    private static final int LENGTHS = 0x0604;

    private Arp() {}

    /** Whether hardware, protocol and address lengths are those of Ethernet and IPv4; 28 bytes are there. */
    public static boolean isEthernetIpv4(long arp) {
        return Memory.getIntNet(arp) == ETHERNET_AND_IPV4 && Memory.getShortNet(arp + 4) == LENGTHS;
    }

    public static int operation(long arp) {
        return Memory.getShortNet(arp + 6);
    }

    public static long senderMac(long arp) {
        return mac(arp + 8);
    }

    public static int senderAddress(long arp) {
        return Memory.getIntNet(arp + 14);
    }

    public static long targetMac(long arp) {
        return mac(arp + 18);
    }

    public static int targetAddress(long arp) {
        return Memory.getIntNet(arp + 24);
    }

    /** Writes all 28 bytes. */
    public static void set(
            long arp, int operation, long senderMac, int senderAddress, long targetMac, int targetAddress) {
        Memory.putIntNet(arp, ETHERNET_AND_IPV4);
        Memory.putShortNet(arp + 4, LENGTHS);
        Memory.putShortNet(arp + 6, operation);
        putMac(arp + 8, senderMac);
        Memory.putIntNet(arp + 14, senderAddress);
        putMac(arp + 18, targetMac);
        Memory.putIntNet(arp + 24, targetAddress);
    }

    private static long mac(long at) {
        return (Memory.getShortNet(at) & 0xffffL) << 32 | (Memory.getIntNet(at + 2) & 0xffff_ffffL);
    }

    private static void putMac(long at, long mac) {
        Memory.putShortNet(at, (int) (mac >>> 32));
        Memory.putIntNet(at + 2, (int) mac);
    }
}
