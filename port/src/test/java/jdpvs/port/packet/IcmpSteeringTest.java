package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.port.OwnedAddresses;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors go to the queue of the flow they are about: by the kernel's program with real frames, and by the memory driver. */
class IcmpSteeringTest {
    private static final String VIP = "10.9.0.2";
    private static final String LIP = "10.9.0.3";
    private static final String CLIENT = "172.16.0.1";
    private static final String SERVER = "10.9.0.80";
    private static final String ROUTER = "198.51.100.7";
    private static final int QUEUES = 2;
    private static final int FLOWS = 24;
    private static final byte[] NO_OPERATIONS = {1, 1, 1, 0};
    private static final OwnedAddresses OWNED =
            Packets.owned(Set.of(Packets.ip(VIP), Packets.ip(LIP)), Set.of(Packets.ip(LIP)), 1);

    private static SteeringLab lab;

    @BeforeAll
    static void connect() {
        lab = new SteeringLab(OWNED, QUEUES);
    }

    @AfterAll
    static void disconnect() {
        lab.close();
    }

    private static int queueOf(PacketBuilder packet) {
        return lab.queueOf(packet);
    }

    private static int memoryQueueOf(PacketBuilder packet) {
        return lab.memoryQueueOf(packet);
    }

    private static PacketBuilder packet(boolean udp, String source, int sourcePort, String destination, int port) {
        return udp
                ? PacketBuilder.udp(source, sourcePort, destination, port).payload(30)
                : PacketBuilder.tcp(source, sourcePort, destination, port).payload(30);
    }

    private static PacketBuilder error(int type, String to, PacketBuilder quoted, int bytes) {
        byte[] frame = quoted.toBytes();
        return PacketBuilder.echo(ROUTER, to, 0, 0)
                .icmp(type, 0)
                .payload(Arrays.copyOfRange(frame, 14, Math.min(frame.length, 14 + bytes)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorAboutAClientsFlowFollowsTheClient(boolean udp) {
        Set<Integer> used = new HashSet<>();
        for (int port = 40_000; port < 40_000 + FLOWS; port++) {
            PacketBuilder answer = packet(udp, VIP, 80, CLIENT, port);
            int queue = queueOf(packet(udp, CLIENT, port, VIP, 80));
            used.add(queue);
            for (int type : new int[] {3, 4, 11, 12}) {
                assertThat(queueOf(error(type, VIP, answer, 28)))
                        .as("type %d", type)
                        .isEqualTo(queue);
            }
            assertThat(queueOf(error(3, VIP, packet(udp, VIP, 80, CLIENT, port).ipOptions(NO_OPERATIONS), 548)
                            .ipOptions(NO_OPERATIONS)))
                    .as("options in both headers")
                    .isEqualTo(queue);
        }
        assertThat(used).containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorToALocalAddressGoesByTheQuotedLocalPort(boolean udp) {
        for (int port = 5000; port < 5000 + FLOWS; port++) {
            PacketBuilder sent = packet(udp, LIP, port, SERVER, 80);
            assertThat(queueOf(error(3, LIP, sent, 28))).isEqualTo(port & 1);
            assertThat(queueOf(error(11, LIP, packet(udp, LIP, port, SERVER, 80).ipOptions(NO_OPERATIONS), 548)))
                    .isEqualTo(port & 1);
        }
    }

    /** By addresses alone, wherever that is: what counts is that they arrive, once. */
    @Test
    void whatQuotesNothingUsefulArrivesAllTheSame() {
        PacketBuilder sent = packet(false, LIP, 5001, SERVER, 80);
        PacketBuilder echo = PacketBuilder.echo(LIP, SERVER, 1, 1).payload(30);
        PacketBuilder fragment = error(3, LIP, sent, 60).fragment(0x2000);
        for (PacketBuilder frame : List.of(
                error(3, LIP, sent, 0),
                error(3, LIP, sent, 19),
                error(3, LIP, sent, 20),
                error(3, LIP, sent, 23),
                error(5, LIP, sent, 28),
                error(8, LIP, sent, 28),
                error(3, LIP, echo, 28),
                fragment)) {
            assertThat(queueOf(frame)).isBetween(0, 1);
        }
    }

    @Test
    void theMemoryDriverSteersAlike() {
        for (boolean udp : new boolean[] {false, true}) {
            for (int port = 40_000; port < 40_000 + FLOWS; port++) {
                int queue = memoryQueueOf(packet(udp, CLIENT, port, VIP, 80));
                assertThat(memoryQueueOf(error(11, VIP, packet(udp, VIP, 80, CLIENT, port), 28)))
                        .isEqualTo(queue);
                assertThat(memoryQueueOf(error(3, LIP, packet(udp, LIP, port, SERVER, 80), 28)))
                        .isEqualTo(port & 1);
            }
        }
        assertThat(memoryQueueOf(error(3, LIP, packet(true, LIP, 5001, SERVER, 80), 19)))
                .isBetween(0, 1);
    }
}
