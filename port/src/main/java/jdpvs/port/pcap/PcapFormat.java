package jdpvs.port.pcap;

/**
 * The classic capture file (draft-ietf-opsawg-pcap), in the byte order of the machine that wrote it:
 *
 * <pre>
 * file:    0 magic | 4 version major (2) | 6 minor (2) | 8 reserved | 12 reserved | 16 longest frame | 20 link type, 28 bits
 * record:  0 seconds | 4 micro- or nanoseconds | 8 captured bytes | 12 frame's bytes | 16 captured bytes …
 * </pre>
 */
final class PcapFormat {
    static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    static final int MAGIC_PCAPNG = 0x0a0d0d0a;
    static final int FILE_HEADER_BYTES = 24;
    static final int RECORD_HEADER_BYTES = 16;
    static final int ETHERNET = 1;
    static final int LINK_TYPE_MASK = 0x0fffffff;

    /** The largest IPv4 packet with an Ethernet header and two VLAN tags. */
    static final int LONGEST_FRAME = 65_535 + 22;

    private PcapFormat() {}
}
