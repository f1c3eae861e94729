package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random headers of both directions against a slow translator that edits bytes one option after the other: every number is shifted by its connection's
 * constant, nothing else changes, and checksums are those of a packet built from scratch, full and partial.
 */
class TranslationPropertyTest {
    private final Random random = new Random(7323);

    /** Constants of one connection as the SYN's translation showed them. */
    private record Shifts(int sequence, int stamp) {}

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void numbersAreShiftedAndNothingElse(boolean settled, boolean partial) {
        for (int flow = 0; flow < 150; flow++) {
            World world = World.web();
            int client = 0x0b00_0000 + flow;
            int isn = random.nextInt();
            int stamp = random.nextInt();
            PacketBuilder first = PacketBuilder.tcp(client, 5000, World.address(VIP), 80)
                    .flags(Tcp.SYN)
                    .sequence(isn)
                    .options(stamps(stamp, 0));
            Packet syn = world.receive(WAN, first).getFirst();
            Shifts shifts = new Shifts(
                    Tcp.sequence(syn.transport()) - isn,
                    ByteBuffer.wrap(syn.options()).getInt(4) - stamp);
            int server = Ipv4.destination(syn.ip());
            int local = syn.localPort();
            int serverIsn = random.nextInt();
            PacketBuilder toLocal = PacketBuilder.tcp(server, 80, World.address(LIP), local);
            toLocal.flags(Tcp.SYN | Tcp.ACK).sequence(serverIsn).acknowledgement(isn + shifts.sequence + 1);
            Packet synAck = world.receive(LAN, toLocal).getFirst();
            assertThat(Tcp.acknowledgement(synAck.transport())).isEqualTo(isn + 1);
            assertThat(synAck.isSound()).isTrue();
            PacketBuilder toService = PacketBuilder.tcp(client, 5000, World.address(VIP), 80);
            world.receive(WAN, toService.sequence(isn + 1).acknowledgement(serverIsn + 1));
            if (settled) {
                world.receive(
                        LAN, toLocal.flags(Tcp.ACK).sequence(serverIsn + 1).payload(1));
                world.receive(WAN, toService.acknowledgement(serverIsn + 2));
            }
            for (int packet = 0; packet < 40; packet++) {
                boolean outbound = random.nextBoolean();
                PacketBuilder builder = outbound
                        ? PacketBuilder.tcp(server, 80, World.address(LIP), local)
                        : PacketBuilder.tcp(client, 5000, World.address(VIP), 80);
                int acknowledgement = random.nextInt();
                // Before the server has spoken, what acknowledges its SYN alone carries our option.
                boolean carries = !settled && !outbound && acknowledgement == serverIsn + 1;
                byte[] options = options();
                byte[] payload = new byte[1 + random.nextInt(40)];
                random.nextBytes(payload);
                builder.sequence(random.nextInt())
                        .acknowledgement(acknowledgement)
                        .options(options)
                        .payload(payload);
                int flags = random.nextInt(12) == 0 ? Tcp.RST : Tcp.ACK | random.nextInt(2) * Tcp.PSH;
                builder.flags(flags);
                if (!settled && outbound) {
                    // The server stays silent: a pure acknowledgement.
                    payload = new byte[0];
                    builder.payload(payload);
                }
                if (partial) {
                    builder.partialChecksum();
                }
                assertThat(carries).isFalse();
                check(world, builder, outbound, settled, shifts, payload);
            }
            assertThat(world.dropped()).isEmpty();
        }
    }

    private void check(
            World world, PacketBuilder builder, boolean outbound, boolean settled, Shifts shifts, byte[] payload) {
        byte[] before = builder.toBytes();
        int tcp = 34;
        Packet sent = world.receive(outbound ? LAN : WAN, builder).getFirst();
        byte[] header = Arrays.copyOfRange(before, tcp, tcp + (before[tcp + 12] >> 4 & 0xf) * 4);
        // A reset that happened to be believed has closed the connection.
        if (!outbound && !(settled && world.states().equals("TCP_EST"))) {
            blank(header);
        }
        translate(header, outbound, shifts);
        byte[] after = new byte[Tcp.headerLength(sent.transport())];
        Memory.copyOut(sent.transport(), after, 0, after.length);
        // Ports and checksum are others.
        for (int i : new int[] {0, 1, 2, 3, 16, 17}) {
            header[i] = after[i];
        }
        assertThat(after).isEqualTo(header);
        assertThat(sent.payload()).isEqualTo(payload);
        assertThat(sent.isSound()).isTrue();
    }

    private static void translate(byte[] header, boolean outbound, Shifts shifts) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        boolean acknowledges = (header[13] & Tcp.ACK) != 0;
        if (!outbound) {
            bytes.putInt(4, bytes.getInt(4) + shifts.sequence);
        } else if (acknowledges) {
            bytes.putInt(8, bytes.getInt(8) - shifts.sequence);
        }
        for (int at = 20; at < header.length; ) {
            int kind = header[at] & 0xff;
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < header.length ? header[at + 1] & 0xff : 0;
            if (kind == 0 || length < 2 || at + length > header.length) {
                return;
            }
            if (kind == 8 && length == 10) {
                if (!outbound) {
                    bytes.putInt(at + 2, bytes.getInt(at + 2) + shifts.stamp);
                } else if (acknowledges && bytes.getInt(at + 6) != 0) {
                    bytes.putInt(at + 6, bytes.getInt(at + 6) - shifts.stamp);
                }
            } else if (kind == 5 && outbound) {
                for (int edge = at + 2; edge + 8 <= at + length; edge += 8) {
                    bytes.putInt(edge, bytes.getInt(edge) - shifts.sequence);
                    bytes.putInt(edge + 4, bytes.getInt(edge + 4) - shifts.sequence);
                }
            }
            at += length;
        }
    }

    private static void blank(byte[] header) {
        int at = 20;
        while (at < header.length) {
            int kind = header[at] & 0xff;
            int length = kind == 1 ? 1 : at + 1 < header.length ? header[at + 1] & 0xff : 0;
            if (kind == 0 || (kind != 1 && length < 2) || at + length > header.length) {
                break;
            }
            if (kind == 254) {
                Arrays.fill(header, at, at + length, (byte) 1);
            }
            at += length;
        }
        Arrays.fill(header, at, header.length, (byte) 0);
    }

    /** Usual and odd layouts: timestamps, selective acknowledgements, forged addresses, garbage, at even and odd offsets. */
    private byte[] options() {
        if (random.nextInt(4) == 0) {
            return random.nextBoolean() ? new byte[0] : stamps(random.nextInt(), random.nextInt(3) * random.nextInt());
        }
        ByteBuffer all = ByteBuffer.allocate(40);
        while (all.remaining() > 0 && random.nextInt(8) != 0) {
            int kind = new int[] {1, 1, 8, 5, 254, 2, 0, random.nextInt(256)}[random.nextInt(8)];
            int length = switch (kind) {
                case 0, 1 -> 1;
                case 8 -> random.nextInt(5) == 0 ? 9 : 10;
                case 5 -> 2 + 8 * random.nextInt(1, 4) + (random.nextInt(6) == 0 ? 3 : 0);
                default -> 2 + random.nextInt(10);
            };
            if (length > all.remaining()) {
                break;
            }
            byte[] option = new byte[length];
            random.nextBytes(option);
            option[0] = (byte) kind;
            if (length > 1) {
                option[1] = (byte) (random.nextInt(10) == 0 ? random.nextInt(256) : length);
            }
            all.put(option);
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private static byte[] stamps(int value, int echo) {
        return ByteBuffer.allocate(12)
                .putInt(0x0101080a)
                .putInt(value)
                .putInt(echo)
                .array();
    }
}
