package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jdpvs.balancer.connection.Connection;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;

/**
 * Random errors about random packets, whole, cut and damaged, against a slow reference on byte arrays: the same verdict, the right names, checksums
 * as right or wrong as they were, and not one other byte changed.
 */
class IcmpPropertyTest {
    private static final int CONNECTIONS = 12;

    /** A quoted flow, and how the side that sent it names it; with what its receiver has acknowledged. */
    private static final class Quoted {
        final int device;
        final boolean udp;
        final int[] seen;
        final int[] named;
        final int acknowledged;
        final int shift;

        Quoted(int device, boolean udp, int[] seen, int[] named, int acknowledged, int shift) {
            this.device = device;
            this.udp = udp;
            this.seen = seen;
            this.named = named;
            this.acknowledged = acknowledged;
            this.shift = shift;
        }
    }

    private final Random random = new Random(792);
    private final World world = World.web().dnsService();
    private final Map<String, Quoted> quotes = new HashMap<>();
    private final List<Quoted> all = new ArrayList<>();
    private int translated;
    private int refused;

    @Test
    void errorsAreTranslatedAsTheReferenceDoes() {
        for (int i = 0; i < CONNECTIONS; i++) {
            open(40_000 + i, i % 2 == 0);
        }
        for (int round = 0; round < 30_000; round++) {
            Quoted quoted = all.get(random.nextInt(all.size()));
            check(quoted.device, error(quoted));
        }
        assertThat(translated).isGreaterThan(5_000);
        assertThat(refused).isGreaterThan(5_000);
    }

    private void open(int port, boolean udp) {
        String server = SERVER_1;
        int localPort;
        int shift = 0;
        int serverPort = udp ? 5353 : 80;
        if (udp) {
            localPort = world.receive(WAN, PacketBuilder.udp(CLIENT, port, VIP, 53))
                    .getFirst()
                    .localPort();
        } else {
            localPort = FullNatTest.establish(world, port);
            shift = Memory.getInt(world.balancer.connections().record(all.size() / 2) + Connection.SEQUENCE_DELTA);
            server = port % 4 == 1 ? SERVER_1 : World.SERVER_2;
        }
        int[] client = {World.address(CLIENT), port};
        int[] virtual = {World.address(VIP), udp ? 53 : 80};
        int[] local = {World.address(LIP), localPort};
        int[] real = {World.address(server), serverPort};
        add(new Quoted(LAN, udp, join(local, real), join(client, virtual), 101 + shift, shift));
        add(new Quoted(WAN, udp, join(virtual, client), join(real, local), 502, 0));
    }

    private void add(Quoted quoted) {
        quotes.put(key(quoted.udp, quoted.seen), quoted);
        all.add(quoted);
    }

    private static int[] join(int[] from, int[] to) {
        return new int[] {from[0], from[1], to[0], to[1]};
    }

    private static String key(boolean udp, int[] flow) {
        return udp + " " + flow[0] + ":" + flow[1] + ">" + flow[2] + ":" + flow[3];
    }

    private byte[] error(Quoted quoted) {
        int[] seen = quoted.seen;
        int port = random.nextInt(20) == 0 ? random.nextInt(65536) : seen[3];
        PacketBuilder packet = quoted.udp
                ? PacketBuilder.udp(seen[0], seen[1], seen[2], port)
                : PacketBuilder.tcp(seen[0], seen[1], seen[2], port);
        packet.payload(random.nextInt(200)).sequence(quoted.acknowledged + random.nextInt(100_000));
        if (random.nextInt(4) == 0) {
            packet.ipOptions(new byte[4 * random.nextInt(11)]);
        }
        if (random.nextInt(4) == 0) {
            packet.withoutChecksum();
        }
        byte[] quote = IcmpMessages.quote(packet, random.nextInt(3) == 0 ? random.nextInt(80) : 548);
        int[] types = {3, 3, 4, 11, 11, 12};
        byte[] error = IcmpMessages.packet(IcmpMessages.error(
                "203.0.113.7",
                IcmpMessages.address(seen[0]),
                types[random.nextInt(types.length)],
                random.nextInt(6),
                random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(1500),
                quote));
        if (random.nextInt(3) == 0) {
            for (int n = random.nextInt(3); n >= 0; n--) {
                error[20 + random.nextInt(error.length - 20)] = (byte) random.nextInt();
            }
            if (random.nextInt(5) > 0) {
                ByteBuffer.wrap(error).putShort(22, (short) 0);
                ByteBuffer.wrap(error).putShort(22, (short) ~sum(error, 20, error.length));
            }
        }
        return error;
    }

    private void check(int device, byte[] error) {
        Object expected = reference(error.clone());
        Map<DropReason, Long> before = world.dropped();
        int local = world.localFrames.size();
        long frame = world.zeroed(64 + Ethernet.LENGTH + error.length) + 64;
        Ethernet.set(frame, device == WAN ? World.WAN_MAC : World.LAN_MAC, 0x0200_0000_0001L, Ethernet.TYPE_IPV4);
        Memory.copyIn(error, 0, frame + Ethernet.LENGTH, error.length);
        Burst burst = new Burst();
        burst.add(frame, Ethernet.LENGTH + error.length);
        List<Packet> sent = world.receive(device, burst);
        world.sent.clear();
        if (expected instanceof Quoted quoted) {
            translated++;
            assertThat(sent).hasSize(1);
            checkTranslated(error, IcmpMessages.packet(sent.getFirst()), quoted);
        } else if (expected instanceof DropReason reason) {
            refused++;
            assertThat(sent).isEmpty();
            assertThat(world.drops.get(reason) - before.getOrDefault(reason, 0L))
                    .as("%s", reason)
                    .isEqualTo(1);
        } else {
            assertThat(world.localFrames).hasSize(local + 1);
        }
    }

    /** The flow that is quoted, a reason to drop, or "stack". */
    private Object reference(byte[] error) {
        ByteBuffer bytes = ByteBuffer.wrap(error);
        int type = error[20];
        if (type != 3 && type != 4 && type != 11 && type != 12) {
            return "stack";
        }
        if (sum(error, 20, error.length) != 0xffff) {
            return DropReason.BAD_ICMP_HEADER;
        }
        int words = type == 4 ? 0 : error[25] & 0xff;
        int end = words == 0 ? error.length : Math.min(error.length, 28 + words * 4);
        if (end < 56) {
            return DropReason.BAD_ICMP_QUOTE;
        }
        int header = (error[28] & 15) * 4;
        if ((error[28] & 0xf0) != 0x40
                || header < 20
                || 28 + header + 8 > end
                || (bytes.getShort(30) & 0xffff) < header + 8
                || (bytes.getShort(34) & 0x1fff) != 0
                || bytes.getInt(40) != bytes.getInt(16)) {
            return DropReason.BAD_ICMP_QUOTE;
        }
        int transport = 28 + header;
        int[] flow = {
            bytes.getInt(40),
            bytes.getShort(transport) & 0xffff,
            bytes.getInt(44),
            bytes.getShort(transport + 2) & 0xffff
        };
        Quoted quoted = error[37] == 6 || error[37] == 17 ? quotes.get(key(error[37] == 17, flow)) : null;
        if (quoted == null) {
            return DropReason.ICMP_NO_CONNECTION;
        }
        long ahead = (bytes.getInt(transport + 4) - (long) quoted.acknowledged) << 32 >> 32;
        boolean plausible = quoted.udp || (ahead >= -65535 && ahead <= 1L << 30);
        return plausible ? quoted : DropReason.BAD_ICMP_QUOTE;
    }

    private static void checkTranslated(byte[] in, byte[] out, Quoted quoted) {
        ByteBuffer was = ByteBuffer.wrap(in.clone());
        ByteBuffer is = ByteBuffer.wrap(out.clone());
        int header = (in[28] & 15) * 4;
        int transport = 28 + header;
        int[] named = quoted.named;
        assertThat(is.getInt(12)).isEqualTo(named[2]);
        assertThat(is.getInt(16)).isEqualTo(named[0]);
        assertThat(is.getInt(40)).isEqualTo(named[0]);
        assertThat(is.getShort(transport) & 0xffff).isEqualTo(named[1]);
        assertThat(is.getInt(44)).isEqualTo(named[2]);
        assertThat(is.getShort(transport + 2) & 0xffff).isEqualTo(named[3]);
        if (!quoted.udp) {
            assertThat(is.getInt(transport + 4)).isEqualTo(was.getInt(transport + 4) - quoted.shift);
        }
        assertThat(sum(out, 0, 20)).isEqualTo(0xffff);
        assertThat(sum(out, 20, out.length)).isEqualTo(0xffff);
        assertThat(sum(out, 28, transport) % 0xffff).isEqualTo(sum(in, 28, transport) % 0xffff);
        int field = transport + (quoted.udp ? 6 : 16);
        int quoteEnd = Math.min(in.length, 28 + (was.getShort(30) & 0xffff));
        int words = in[20] == 4 ? 0 : in[25] & 0xff;
        quoteEnd = words == 0 ? quoteEnd : Math.min(quoteEnd, 28 + words * 4);
        // UDP's length and checksum stand where TCP's sequence number does; acknowledgements count when they are there.
        int shifted = quoted.udp ? 4 : 12;
        boolean acknowledges = !quoted.udp && quoteEnd >= transport + 14 && (in[transport + 13] & 0x10) != 0;
        boolean summed = field + 2 <= quoteEnd && !(quoted.udp && was.getShort(field) == 0);
        if (summed) {
            // The addresses count as part of the pseudo header; the rest of it and of the packet is the same.
            int before = sum(in, 40, 48) + sum(in, transport, transport + shifted) + (was.getShort(field) & 0xffff);
            int after = sum(out, 40, 48) + sum(out, transport, transport + shifted) + (is.getShort(field) & 0xffff);
            assertThat(after % 0xffff).isEqualTo(before % 0xffff);
        }
        // What must change is made alike; then nothing may differ.
        for (ByteBuffer buffer : List.of(was, is)) {
            buffer.putShort(10, (short) 0).putLong(12, 0).putShort(22, (short) 0);
            buffer.putShort(38, (short) 0).putLong(40, 0).putInt(transport, 0);
            if (!quoted.udp) {
                buffer.putInt(transport + 4, 0);
            }
            if (acknowledges) {
                buffer.putInt(transport + 8, 0);
            }
            if (summed) {
                buffer.putShort(field, (short) 0);
            }
        }
        assertThat(is.array()).isEqualTo(was.array());
    }

    private static int sum(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }
}
