package jdpvs.balancer.forward;

import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;
import jdpvs.wire.VirtioNetHeader;

/**
 * Tells a real server the client's address in a TCP option directly after the base header (facts: behaviour §5.1, toa §1), and makes room for it
 * beforehand by lowering the maximum segment size of the server's SYN.
 *
 * <pre>
 *  +----------+----------------+-----------------+------------------------------+
 *  | kind 254 | length 8 or 20 | client port (2) | client address (4 or 16)     |
 *  +----------+----------------+-----------------+------------------------------+
 * </pre>
 */
final class ClientAddressOption {
    static final int LENGTH_IPV4 = 8;
    static final int LENGTH_IPV6 = 20;
    /** From {@link #insert}: the packet has no room and is unchanged. */
    static final int NO_ROOM = Integer.MIN_VALUE;

    private static final int LARGEST_PACKET = 65535;
    private static final int LARGEST_OPTIONS = Tcp.MAXIMUM_LENGTH - Tcp.MINIMUM_LENGTH;

    private static final int KEEP_ALL = 0;
    private static final int KEEP_TIMESTAMPS = 2;

    /** The options that go behind the client address, while they are being chosen. */
    private final byte[] kept = new byte[LARGEST_OPTIONS + 4];

    /** The client's address, wire order, and its length as an option. */
    private final byte[] client = new byte[16];

    private int length;

    /** Of the choice: the length of {@link #kept}, and the payload bytes that are too many. */
    private int rest;

    private int excess;

    /** Bytes of the option that tells a client's address. */
    static int length(boolean ipv6) {
        return ipv6 ? LENGTH_IPV6 : LENGTH_IPV4;
    }

    /** Whose address is told from now on, as halves. */
    void client(long high, long low) {
        length = length(!Address.isIpv4(high, low));
        for (int i = 0; i < 8; i++) {
            client[i] = (byte) (high >>> (56 - 8 * i));
            client[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
    }

    /**
     * By how many bytes of payload a segment is too long for the option; what is cut off makes room for it.
     *
     * @param mtu of the route to the server
     * @return 0 when there is room as it is, or by options that give way
     */
    int excess(long frame, int transportOffset, int mtu) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + transportOffset;
        plan(tcp, room(frame, ip, mtu));
        return excess;
    }

    /**
     * Inserts the option into a segment that is neither SYN nor RST. The headers move towards lower addresses; the payload stays. When there is no room,
     * no-operations give way first, then everything but timestamps. The segments of a segmented frame become
     * as small as they must.
     *
     * @param mtu of the route to the server
     * @return by how many bytes the frame now begins earlier and is longer (a multiple of 4, negative when options that gave way were longer),
     *     or {@link #NO_ROOM}
     */
    int insert(long frame, int transportOffset, int clientPort, int mtu) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + transportOffset;
        plan(tcp, room(frame, ip, mtu));
        int options = Tcp.headerLength(tcp) - Tcp.MINIMUM_LENGTH;
        int headers = transportOffset - Ethernet.LENGTH + Tcp.MINIMUM_LENGTH + length + rest;
        if (excess > 0 || headers >= mtu) {
            return NO_ROOM;
        }
        int shift = replace(frame, ip, tcp, options, clientPort);
        Segments.limit(frame - shift, transportOffset, mtu);
        return shift;
    }

    /** By how much the frame may grow; the segments of a segmented one can be made smaller. */
    private static int room(long frame, long ip, int mtu) {
        int largest = VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE
                ? Math.min(mtu, LARGEST_PACKET)
                : LARGEST_PACKET;
        return largest - Ip.totalLength(ip);
    }

    /** Chooses the options that stay: as many as there is room for, or if there is none for any choice, as many as a header holds. */
    private void plan(long tcp, int room) {
        int options = Tcp.headerLength(tcp) - Tcp.MINIMUM_LENGTH;
        excess = Integer.MAX_VALUE;
        for (int choice = KEEP_ALL; choice <= KEEP_TIMESTAMPS; choice++) {
            rest = keep(tcp, options, choice);
            if (length + rest <= LARGEST_OPTIONS) {
                excess = Math.min(excess, Math.max(0, length + rest - options - room));
                if (excess == 0) {
                    break;
                }
            }
        }
    }

    /**
     * Copies the options that stay, padded to a multiple of 4; those from a malformed one on go unless all stay.
     *
     * @return their length
     */
    private int keep(long tcp, int options, int choice) {
        if (choice == KEEP_ALL) {
            Memory.copyOut(tcp + Tcp.MINIMUM_LENGTH, kept, 0, options);
            return options;
        }
        long end = tcp + Tcp.MINIMUM_LENGTH + options;
        int bytes = 0;
        for (long at = TcpOptions.first(tcp); at != 0; at = TcpOptions.next(at, end)) {
            int kind = Memory.getByte(at);
            boolean stays = choice == KEEP_TIMESTAMPS
                    ? kind == TcpOptions.TIMESTAMPS && bytes == 0
                    : kind != TcpOptions.NO_OPERATION && kind != TcpOptions.CLIENT_ADDRESS;
            if (stays) {
                int size = TcpOptions.length(at);
                Memory.copyOut(at, kept, bytes, size);
                bytes += size;
            }
        }
        while ((bytes & 3) != 0) {
            kept[bytes++] = TcpOptions.END;
        }
        return bytes;
    }

    private int replace(long frame, long ip, long tcp, int options, int clientPort) {
        int shift = length + rest - options;
        int before = Checksum.add(Checksum.sum(tcp + 12, 2), Checksum.sum(tcp + Tcp.MINIMUM_LENGTH, options));
        int baseBytes = (int) (tcp - frame) + Tcp.MINIMUM_LENGTH;
        if (shift >= 0) {
            VirtioNetHeader.moveDown(frame, shift);
            Memory.copy(frame, frame - shift, baseBytes);
        } else {
            Memory.copy(frame, frame - shift, baseBytes);
            VirtioNetHeader.moveDown(frame, shift);
        }
        long movedFrame = frame - shift;
        long movedIp = ip - shift;
        long movedTcp = tcp - shift;
        long option = movedTcp + Tcp.MINIMUM_LENGTH;
        Memory.putByte(option, TcpOptions.CLIENT_ADDRESS);
        Memory.putByte(option + 1, length);
        Memory.putShortNet(option + 2, clientPort);
        Memory.copyIn(client, 20 - length, option + 4, length - 4);
        Memory.copyIn(kept, 0, option + length, rest);
        Tcp.setHeaderLength(movedTcp, Tcp.MINIMUM_LENGTH + length + rest);
        Rewrite.setTotalLength(movedFrame, movedIp, movedTcp, Ip.totalLength(movedIp) + shift);
        if (!VirtioNetHeader.needsChecksum(movedFrame)) {
            int after = Checksum.add(Checksum.sum(movedTcp + 12, 2), Checksum.sum(option, length + rest));
            Checksum.apply(movedTcp + Tcp.CHECKSUM_OFFSET, Checksum.add(after, Checksum.complement(before)));
        }
        return shift;
    }

    /** Lowers the maximum segment size that a SYN announces, so that what answers it leaves room for the option. */
    static void lowerSegmentSize(long frame, long tcp, int length) {
        long option = TcpOptions.find(tcp, TcpOptions.MAXIMUM_SEGMENT_SIZE);
        if (option != 0 && TcpOptions.length(option) == 4) {
            setSegmentSize(frame, tcp, option + 2, length);
        }
    }

    private static void setSegmentSize(long frame, long tcp, long value, int length) {
        int before = Memory.getShortNet(value);
        int after = before - length;
        if (after <= 0) {
            return;
        }
        Memory.putShortNet(value, after);
        if (!VirtioNetHeader.needsChecksum(frame)) {
            // At an odd offset the two bytes belong to different words: the sum counts them swapped.
            boolean odd = ((value - tcp) & 1) != 0;
            int delta = odd ? Checksum.delta16(swapped(before), swapped(after)) : Checksum.delta16(before, after);
            Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, delta);
        }
    }

    private static int swapped(int value) {
        return Short.reverseBytes((short) value) & 0xffff;
    }
}
