package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;
import jdpvs.wire.proxy.ProxyVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the network loses, repeats and reorders, and however the client cuts its stream: the server reads one header and then the client's bytes, and the client's
 * bytes are acknowledged when the server has them and not before.
 */
class ProxyStreamPropertyTest {
    private static final int SERVER_FIRST = 501;

    /** A client and a server with just enough of TCP, and a network between that does its worst. */
    private static final class Exchange {
        private final Random random;
        private final Way way;
        private final World world;
        private final byte[] stream;
        private final int clientStart;
        private final double loss;

        /** What the server has: its stream from the byte behind the client's SYN, and what came too early. */
        private final List<Byte> received = new ArrayList<>();

        private final TreeMap<Integer, byte[]> early = new TreeMap<>();
        private int serverStart;
        private int localPort;
        private boolean serverConnected;
        private boolean serverFinished;

        private boolean clientConnected;
        private int acknowledged;
        private int sent;

        Exchange(Random random, Way way, String mode, byte[] stream, double loss) {
            this.random = random;
            this.way = way;
            this.world = ProxyStreamTest.world(way, mode);
            this.stream = stream;
            this.clientStart = random.nextInt();
            this.loss = loss;
        }

        private boolean isLost() {
            return random.nextDouble() < loss;
        }

        private PacketBuilder client(int flags, int at) {
            return way.fromClient(flags).sequence(clientStart + at).acknowledgement(SERVER_FIRST);
        }

        void run() {
            for (int round = 0; round < 10_000 && !(acknowledged == stream.length + 1 && serverFinished); round++) {
                if (!clientConnected) {
                    toServer(client(Tcp.SYN, -1).acknowledgement(0));
                } else if (acknowledged <= stream.length) {
                    clientSends();
                }
                if (serverStart != 0 && !serverConnected && random.nextInt(4) == 0) {
                    toClient(Tcp.SYN | Tcp.ACK, SERVER_FIRST - 1);
                } else if (serverConnected && random.nextInt(5) == 0) {
                    toClient(Tcp.ACK, SERVER_FIRST);
                }
            }
            assertThat(acknowledged).as("acknowledged").isEqualTo(stream.length + 1);
        }

        /** A flight from what is acknowledged on, in segments of any size, perhaps in another order, perhaps none. */
        private void clientSends() {
            if (random.nextInt(3) == 0) {
                toServer(client(
                        Tcp.ACK,
                        acknowledged == stream.length + 1 ? acknowledged : random.nextBoolean() ? acknowledged : sent));
                return;
            }
            if (random.nextInt(6) == 0) {
                // Bytes before its first, as a probe or an attacker has them.
                int ahead = 1 + random.nextInt(120);
                byte[] before = new byte[1 + random.nextInt(ahead)];
                random.nextBytes(before);
                toServer(client(Tcp.ACK, -ahead).payload(before));
            }
            List<PacketBuilder> flight = new ArrayList<>();
            int at = acknowledged;
            for (int n = 1 + random.nextInt(4); n > 0 && at <= stream.length; n--) {
                int bytes = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 40 : 1400));
                boolean last = at + bytes == stream.length;
                PacketBuilder segment =
                        client(Tcp.ACK | (last ? Tcp.FIN : 0), at).payload(Arrays.copyOfRange(stream, at, at + bytes));
                if (bytes > 600 && random.nextBoolean()) {
                    segment.partialChecksum().segmentSize(500);
                } else if (random.nextBoolean()) {
                    segment.partialChecksum();
                }
                flight.add(segment);
                at += bytes + (last ? 1 : 0);
                sent = Math.max(sent, Math.min(at, stream.length));
            }
            if (random.nextInt(3) == 0) {
                Collections.shuffle(flight, random);
            }
            flight.forEach(this::toServer);
        }

        private void toServer(PacketBuilder packet) {
            if (isLost()) {
                return;
            }
            world.buffers = random.nextInt(20) == 0 ? 0 : 64;
            for (Packet each : world.receive(WAN, packet)) {
                assertThat(each.isSound()).isTrue();
                if (!isLost()) {
                    serverReceives(each);
                    if (random.nextInt(10) == 0) {
                        serverReceives(each);
                    }
                }
            }
        }

        private void serverReceives(Packet packet) {
            localPort = packet.localPort();
            int sequence = Tcp.sequence(packet.transport());
            if ((packet.flags() & Tcp.SYN) != 0) {
                assertThat(packet.payload()).isEmpty();
                if (!serverConnected) {
                    serverStart = sequence + 1;
                    toClient(Tcp.SYN | Tcp.ACK, SERVER_FIRST - 1);
                }
                return;
            }
            assertThat(Tcp.acknowledgement(packet.transport())).isEqualTo(SERVER_FIRST);
            int at = sequence - serverStart;
            if (!serverConnected) {
                // As a server with SYN cookies would: the acknowledgement must name the byte behind the SYN.
                if (at != 0) {
                    return;
                }
                serverConnected = true;
            }
            if (packet.payload().length > 0) {
                early.put(at, packet.payload());
            }
            if ((packet.flags() & Tcp.FIN) != 0 && at + packet.payload().length == received.size()) {
                serverFinished = true;
            }
            for (boolean more = true; more; ) {
                more = false;
                for (var each : List.copyOf(early.entrySet())) {
                    int begin = each.getKey();
                    byte[] payload = each.getValue();
                    if (begin <= received.size()) {
                        early.remove(begin);
                        for (int i = received.size() - begin; i >= 0 && i < payload.length; i++) {
                            received.add(payload[i]);
                            more = true;
                        }
                    }
                }
            }
            boolean ends = (packet.flags() & Tcp.FIN) != 0 && at + packet.payload().length == received.size();
            serverFinished |= ends;
            if (random.nextInt(3) > 0) {
                toClient(Tcp.ACK, SERVER_FIRST);
            }
        }

        private void toClient(int flags, int sequence) {
            boolean fin = serverFinished;
            int next = serverStart + received.size() + (fin ? 1 : 0);
            PacketBuilder answer = way.fromServer(localPort, flags)
                    .sequence(sequence)
                    .acknowledgement((flags & Tcp.SYN) != 0 ? serverStart : next);
            Map.Entry<Integer, byte[]> first = early.firstEntry();
            if ((flags & Tcp.SYN) == 0 && first != null && first.getKey() > received.size()) {
                int from = serverStart + first.getKey();
                answer.option(TcpOptions.SACK, edges(from, from + first.getValue().length));
            }
            if (isLost()) {
                return;
            }
            for (Packet packet : world.receive(LAN, answer)) {
                assertThat(packet.isSound()).isTrue();
                if (!isLost()) {
                    clientReceives(packet);
                }
            }
        }

        private static int[] edges(int from, int to) {
            int[] edges = new int[8];
            for (int i = 0; i < 4; i++) {
                edges[i] = from >>> (24 - 8 * i) & 0xff;
                edges[4 + i] = to >>> (24 - 8 * i) & 0xff;
            }
            return edges;
        }

        private void clientReceives(Packet packet) {
            int at = Tcp.acknowledgement(packet.transport()) - clientStart;
            if ((packet.flags() & Tcp.SYN) != 0) {
                assertThat(at).isZero();
                if (!clientConnected) {
                    clientConnected = true;
                    toServer(client(Tcp.ACK, 0));
                }
                return;
            }
            assertThat(at).as("never more than was sent").isBetween(0, sent + 1);
            long sack = TcpOptions.find(packet.transport(), TcpOptions.SACK);
            if (sack != 0) {
                int from = Memory.getIntNet(sack + 2) - clientStart;
                int to = Memory.getIntNet(sack + 6) - clientStart;
                assertThat(from).as("selective acknowledgement").isBetween(0, to);
                assertThat(to).isLessThanOrEqualTo(sent);
            }
            acknowledged = Math.max(acknowledged, at);
        }

        byte[] received() {
            byte[] all = new byte[received.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = received.get(i);
            }
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v1-insecure", "v2-insecure"})
    void theServerReadsOneHeaderAndThenTheClientsBytes(String mode) {
        Random random = new Random(mode.hashCode());
        for (int i = 0; i < 600; i++) {
            Way way = Way.values()[random.nextInt(4)];
            ProxyVersion version = mode.startsWith("v1") ? ProxyVersion.V1 : ProxyVersion.V2;
            byte[] data = new byte[random.nextInt(random.nextInt(4) == 0 ? 5000 : 300)];
            random.nextBytes(data);
            ProxyVersion forged = random.nextInt(3) == 0 ? null : ProxyVersion.values()[random.nextInt(2)];
            byte[] own = forged == null ? new byte[0] : ProxyStreamTest.of(forged, "6.6.6.6", 1, "7.7.7.7", 2);
            byte[] stream = Arrays.copyOf(own, own.length + data.length);
            System.arraycopy(data, 0, stream, own.length, data.length);

            Exchange exchange = new Exchange(random, way, mode, stream, random.nextInt(3) * 0.15);
            exchange.run();

            byte[] header = ProxyStreamTest.of(version, way.client, 40_000, way.vip, 80);
            byte[] converted = ProxyStreamTest.of(version, "6.6.6.6", 1, "7.7.7.7", 2);
            byte[] got = exchange.received();
            boolean kept = startsWith(got, join(converted, data)) && got.length == converted.length + data.length;
            if (mode.endsWith("insecure") && forged != null && kept) {
                continue;
            }
            // A header that came in pieces is data, behind ours.
            boolean whole = Arrays.equals(got, join(header, data));
            boolean pieces = forged != null && Arrays.equals(got, join(header, stream));
            assertThat(whole || pieces)
                    .as("run %d, %s, forged %s", i, way, forged)
                    .isTrue();
        }
    }

    private static boolean startsWith(byte[] all, byte[] part) {
        return all.length >= part.length && Arrays.equals(Arrays.copyOf(all, part.length), part);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
