package jdpvs.bench;

import java.util.List;
import java.util.SplittableRandom;
import jdpvs.linux.Mapping;
import jdpvs.port.memory.FrameSource;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/**
 * The packets of one direction of established connections in random flow order, as a recipe that is read in sequence, so that making a frame costs no
 * cache miss of its own: bare acknowledgements, 60 bytes of IPv4 (6 of them padding), 74 of IPv6.
 *
 * <pre>
 *  recipe: what differs between the packets, in wire order
 *   IPv4 (16 bytes): addresses (8) | ports (4) | IP checksum (2) | TCP checksum (2)
 *   IPv6 (40 bytes): addresses (32) | ports (4) | TCP checksum (2) | unused (2)
 * </pre>
 */
final class Traffic implements FrameSource {
    private static final int IPV4_FRAME = 60;
    private static final int IPV6_FRAME = Ethernet.LENGTH + Ipv6.LENGTH + Tcp.MINIMUM_LENGTH;
    private static final int IPV4_RECIPE = 16;
    private static final int IPV6_RECIPE = 40;

    /** One direction of one connection. */
    record Flow(Address source, int sourcePort, Address destination, int destinationPort) {}

    private final Mapping memory;
    private final boolean ipv6;
    private final int recipeBytes;
    private final long end;
    private final long[] template = new long[10];
    private long next;

    /**
     * @param packets length of the sequence; it repeats
     * @param destinationMac of the device the frames arrive at
     */
    Traffic(List<Flow> flows, int packets, long destinationMac, long seed) {
        ipv6 = !flows.getFirst().source.isIpv4();
        recipeBytes = ipv6 ? IPV6_RECIPE : IPV4_RECIPE;
        memory = Mapping.anonymous((long) packets * recipeBytes, true);
        end = memory.address() + (long) packets * recipeBytes;
        next = memory.address();
        Mapping scratch = Mapping.anonymous(256, true);
        long frame = scratch.address() + 64;
        long ip = frame + Ethernet.LENGTH;
        SplittableRandom random = new SplittableRandom(seed);
        for (long recipe = memory.address(); recipe < end; recipe += recipeBytes) {
            Flow flow = flows.get(random.nextInt(flows.size()));
            PacketBuilder.tcp(flow.source, flow.sourcePort, flow.destination, flow.destinationPort)
                    .macs(destinationMac, 0x0200_0000_00ffL)
                    .flags(Tcp.ACK)
                    .sequence(0)
                    .acknowledgement(PipelineRig.SEQUENCE + 2)
                    .identification(0)
                    .fragment(Ipv4.DONT_FRAGMENT)
                    .write(frame);
            if (ipv6) {
                Memory.copy(ip + Ipv6.SOURCE, recipe, 32);
                Memory.putInt(recipe + 32, Memory.getInt(ip + Ipv6.LENGTH));
                Memory.putShort(recipe + 36, Memory.getShort(ip + Ipv6.LENGTH + Tcp.CHECKSUM_OFFSET));
            } else {
                Memory.putLong(recipe, Memory.getLong(ip + 12));
                Memory.putInt(recipe + 8, Memory.getInt(ip + 20));
                Memory.putShort(recipe + 12, Memory.getShort(ip + 10));
                Memory.putShort(recipe + 14, Memory.getShort(ip + 20 + Tcp.CHECKSUM_OFFSET));
            }
        }
        for (int i = 0; i < template.length; i++) {
            template[i] = Memory.getLong(frame + 8L * i);
        }
        scratch.close();
    }

    /** Writes the next frame, whole. */
    @Override
    public int write(long frame) {
        long recipe = next;
        next = recipe + recipeBytes == end ? memory.address() : recipe + recipeBytes;
        long ip = frame + Ethernet.LENGTH;
        if (ipv6) {
            for (int i = 0; i < 10; i++) {
                Memory.putLong(frame + 8L * i, template[i]);
            }
            for (int i = 0; i < 32; i += 8) {
                Memory.putLong(ip + Ipv6.SOURCE + i, Memory.getLong(recipe + i));
            }
            Memory.putInt(ip + Ipv6.LENGTH, Memory.getInt(recipe + 32));
            Memory.putShort(ip + Ipv6.LENGTH + Tcp.CHECKSUM_OFFSET, Memory.getShort(recipe + 36));
            return IPV6_FRAME;
        }
        for (int i = 0; i < 8; i++) {
            Memory.putLong(frame + 8L * i, template[i]);
        }
        Memory.putShort(ip + 10, Memory.getShort(recipe + 12));
        Memory.putLong(ip + 12, Memory.getLong(recipe));
        Memory.putInt(ip + 20, Memory.getInt(recipe + 8));
        Memory.putShort(ip + 36, Memory.getShort(recipe + 14));
        return IPV4_FRAME;
    }

    void close() {
        memory.close();
    }
}
