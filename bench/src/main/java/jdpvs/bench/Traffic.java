package jdpvs.bench;

import java.util.List;
import java.util.SplittableRandom;
import jdpvs.linux.Mapping;
import jdpvs.port.memory.FrameSource;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * The packets of one direction of established connections in random flow order, as a recipe that is read in sequence, so that making a frame costs no
 * cache miss of its own.
 *
 * <pre>
 *  recipe (16 bytes): addresses (8) | ports (4) | IP checksum (2) | TCP checksum (2), all in wire order
 * </pre>
 */
final class Traffic implements FrameSource {
    static final int FRAME_BYTES = 60;
    private static final int RECIPE = 16;

    /** One direction of one connection; addresses as ints in network meaning. */
    record Flow(int source, int sourcePort, int destination, int destinationPort) {}

    private final Mapping memory;
    private final long end;
    private final long[] template = new long[8];
    private long next;

    /**
     * @param packets length of the sequence; it repeats
     * @param destinationMac of the device the frames arrive at
     */
    Traffic(List<Flow> flows, int packets, long destinationMac, long seed) {
        memory = Mapping.anonymous((long) packets * RECIPE, true);
        end = memory.address() + (long) packets * RECIPE;
        next = memory.address();
        Mapping scratch = Mapping.anonymous(128, true);
        long frame = scratch.address();
        long ip = frame + Ethernet.LENGTH;
        long tcp = ip + Ipv4.MINIMUM_LENGTH;
        Ethernet.set(frame, destinationMac, 0x0200_0000_00ffL, Ethernet.TYPE_IPV4);
        Memory.putIntNet(ip, 0x4500_0000 | (FRAME_BYTES - Ethernet.LENGTH));
        Memory.putIntNet(ip + 4, Ipv4.DONT_FRAGMENT);
        Memory.putIntNet(ip + 8, 64 << 24 | Ipv4.TCP << 16);
        Memory.putShortNet(tcp + 12, Tcp.MINIMUM_LENGTH << 10 | Tcp.ACK);
        Tcp.setAcknowledgement(tcp, PipelineRig.SEQUENCE + 2);
        SplittableRandom random = new SplittableRandom(seed);
        for (long recipe = memory.address(); recipe < end; recipe += RECIPE) {
            Flow flow = flows.get(random.nextInt(flows.size()));
            Ipv4.setSource(ip, flow.source);
            Ipv4.setDestination(ip, flow.destination);
            Tcp.setSourcePort(tcp, flow.sourcePort);
            Tcp.setDestinationPort(tcp, flow.destinationPort);
            Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
            Tcp.setChecksum(tcp, 0);
            int bytes = FRAME_BYTES - Ethernet.LENGTH - Ipv4.MINIMUM_LENGTH;
            Tcp.setChecksum(tcp, Checksum.transport(flow.source, flow.destination, Ipv4.TCP, tcp, bytes));
            Memory.putLong(recipe, Memory.getLong(ip + 12));
            Memory.putInt(recipe + 8, Memory.getInt(tcp));
            Memory.putShort(recipe + 12, Memory.getShort(ip + 10));
            Memory.putShort(recipe + 14, Memory.getShort(tcp + Tcp.CHECKSUM_OFFSET));
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
        next = recipe + RECIPE == end ? memory.address() : recipe + RECIPE;
        for (int i = 0; i < 8; i++) {
            Memory.putLong(frame + 8L * i, template[i]);
        }
        long ip = frame + Ethernet.LENGTH;
        Memory.putShort(ip + 10, Memory.getShort(recipe + 12));
        Memory.putLong(ip + 12, Memory.getLong(recipe));
        Memory.putInt(ip + 20, Memory.getInt(recipe + 8));
        Memory.putShort(ip + 36, Memory.getShort(recipe + 14));
        return FRAME_BYTES;
    }

    void close() {
        memory.close();
    }
}
