package jdpvs.wire;

/**
 * The tag of a virtual LAN (IEEE 802.1Q §9.6), which stands between the MAC addresses and the type of what the frame carries.
 *
 * <pre>
 *  0             6             12        14                  16        18
 *  +-------------+-------------+---------+-------------------+---------+---------- …
 *  | destination | source      | 0x8100  | priority 4 | id 12| type    | payload
 *  +-------------+-------------+---------+-------------------+---------+---------- …
 * </pre>
 *
 * A tag is taken off or put on where the frame lies: its addresses and its {@link VirtioNetHeader} move by 4 bytes, everything behind them stays. Offsets in that
 * header count from the frame's start and follow.
 */
public final class VlanTag {
    public static final int LENGTH = 4;
    public static final int HIGHEST_ID = 4095;

    private static final int ADDRESSES = 12;
    private static final int MOVED = VirtioNetHeader.LENGTH + ADDRESSES;

    private VlanTag() {}

    /** Whether the frame, of {@code length} bytes, begins with a whole tag and the type behind it. */
    public static boolean isOn(long frame, int length) {
        return length >= Ethernet.LENGTH + LENGTH && Ethernet.type(frame) == Ethernet.TYPE_VLAN;
    }

    /** The number of the VLAN in a tagged frame, 0 to {@link #HIGHEST_ID}; 0 = only the priority was meant. */
    public static int id(long frame) {
        return Memory.getShortNet(frame + 14) & HIGHEST_ID;
    }

    /**
     * Whether a tag names no VLAN: its frame belongs to the network of untagged frames (IEEE 802.1Q §9.6, table 9-2: the null VLAN ID).
     *
     * @param type {@link Ethernet#TYPE_VLAN} or another kind of tag
     * @param control priority and id, 16 bits
     */
    public static boolean isPriorityOnly(int type, int control) {
        return type == Ethernet.TYPE_VLAN && (control & HIGHEST_ID) == 0;
    }

    /** Takes the tag off a frame that has one. @return where the frame begins now; it is {@link #LENGTH} bytes shorter */
    public static long takeOff(long frame) {
        long moved = frame + LENGTH;
        Memory.copy(frame - VirtioNetHeader.LENGTH, moved - VirtioNetHeader.LENGTH, MOVED);
        shift(moved, -LENGTH);
        return moved;
    }

    /**
     * Puts a tag on; {@link VirtioNetHeader#LENGTH} and {@link #LENGTH} bytes before the frame are written.
     *
     * @param type {@link Ethernet#TYPE_VLAN} or another kind of tag
     * @param control priority and id, 16 bits
     * @return where the frame begins now; it is {@link #LENGTH} bytes longer
     */
    public static long putOn(long frame, int type, int control) {
        long moved = frame - LENGTH;
        Memory.copy(frame - VirtioNetHeader.LENGTH, moved - VirtioNetHeader.LENGTH, MOVED);
        Memory.putShortNet(moved + ADDRESSES, type);
        Memory.putShortNet(moved + ADDRESSES + 2, control);
        shift(moved, LENGTH);
        return moved;
    }

    /** A header length of 0 says nothing, and the place of a checksum counts only where one is missing. */
    private static void shift(long frame, int bytes) {
        int header = VirtioNetHeader.headerLength(frame);
        if (header != 0) {
            Memory.putShort(frame - 8, Math.max(0, header + bytes));
        }
        if (VirtioNetHeader.needsChecksum(frame)) {
            Memory.putShort(frame - 4, VirtioNetHeader.checksumStart(frame) + bytes);
        }
    }
}
