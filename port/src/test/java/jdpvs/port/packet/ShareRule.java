package jdpvs.port.packet;

import java.nio.ByteBuffer;
import java.util.Set;
import jdpvs.port.KernelFrames;
import jdpvs.port.memory.Frame;
import jdpvs.wire.Address;

/** The table of {@link ControlShare} once more, in Java. */
final class ShareRule {
    private ShareRule() {}

    /**
     * @param frame without its tag, at an address that has room for it
     * @param tagged whether it has one
     */
    static ControlShare of(byte[] frame, boolean tagged, Set<Address> kernels, long room) {
        int length = Frame.plain(frame).write(room);
        if (!KernelFrames.isControl(room, length, kernels)) {
            return ControlShare.NONE;
        }
        return ofKernel(ByteBuffer.wrap(frame), tagged);
    }

    private static ControlShare ofKernel(ByteBuffer frame, boolean tagged) {
        int type = frame.getShort(12) & 0xffff;
        return switch (type) {
            case 0x0806 -> ControlShare.NEIGHBOURS;
            case 0x0800 -> ofIpv4(frame);
            case 0x86dd -> ofIpv6(frame);
            case 0x8809 ->
                !tagged && frame.getLong(0) >>> 16 == 0x0180_c200_0002L ? ControlShare.SLOW : ControlShare.OTHERS;
            default -> type < 1536 ? ControlShare.LINK : ControlShare.OTHERS;
        };
    }

    private static ControlShare ofIpv4(ByteBuffer frame) {
        int protocol = frame.get(23) & 0xff;
        if ((frame.getInt(30) & 0xffff_ff00) == 0xe000_0000) {
            return ControlShare.LINK;
        }
        if (protocol == 89 || protocol == 112) {
            return ControlShare.ROUTING;
        }
        boolean whole = (frame.getShort(20) & 0x3fff) == 0;
        return whole ? byPorts(frame, protocol, 14 + 4 * (frame.get(14) & 15)) : ControlShare.OTHERS;
    }

    private static ControlShare ofIpv6(ByteBuffer frame) {
        int protocol = frame.get(20) & 0xff;
        if (frame.getShort(38) == (short) 0xff02) {
            return protocol == 58 ? ControlShare.NEIGHBOURS : ControlShare.LINK;
        }
        if (protocol == 89 || protocol == 112) {
            return ControlShare.ROUTING;
        }
        if (protocol == 58) {
            int kind = frame.limit() > 54 ? frame.get(54) & 0xff : 0;
            boolean near = frame.get(21) == (byte) 255;
            return near && kind >= 133 && kind <= 137 ? ControlShare.NEIGHBOURS : ControlShare.OTHERS;
        }
        return byPorts(frame, protocol, 54);
    }

    private static ControlShare byPorts(ByteBuffer frame, int protocol, int at) {
        if (frame.limit() < at + 4) {
            return ControlShare.OTHERS;
        }
        int source = frame.getShort(at) & 0xffff;
        int destination = frame.getShort(at + 2) & 0xffff;
        boolean bgp = protocol == 6 && (source == 179 || destination == 179);
        boolean bfd = protocol == 17 && (destination == 3784 || destination == 4784);
        return bgp || bfd ? ControlShare.ROUTING : ControlShare.OTHERS;
    }
}
