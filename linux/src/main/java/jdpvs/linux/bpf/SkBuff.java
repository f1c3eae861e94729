package jdpvs.linux.bpf;

/** Offsets in the context of socket filters and TC programs (linux/bpf.h {@code struct __sk_buff}); every field a {@link Size#WORD}. */
public final class SkBuff {
    public static final int LENGTH = 0;
    /** PACKET_HOST 0, BROADCAST 1, MULTICAST 2, OTHERHOST 3, OUTGOING 4. */
    public static final int PACKET_TYPE = 4;

    public static final int MARK = 8;
    /** Ethernet type, network order: compare with {@link Assembler#networkOrder16}. */
    public static final int PROTOCOL = 16;

    public static final int VLAN_PRESENT = 20;
    public static final int VLAN_TCI = 24;
    /** Type of the tag, network order as {@link #PROTOCOL}. */
    public static final int VLAN_PROTOCOL = 28;

    public static final int PRIORITY = 32;
    public static final int INTERFACE_INDEX = 40;
    public static final int HASH = 68;
    public static final int DATA = 76;
    public static final int DATA_END = 80;

    public static final int PACKET_OTHER_HOST = 3;

    public static final int PACKET_OUTGOING = 4;

    private SkBuff() {}
}
