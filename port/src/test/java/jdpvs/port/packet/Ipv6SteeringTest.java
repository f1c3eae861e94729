package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Address;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** IPv6 frames go to the queue of their flow: by the kernel's program with real frames, and by the memory driver. */
class Ipv6SteeringTest {
    private static final Address VIP = Address.parse("2001:db8::2");
    private static final Address LIP = Address.parse("2001:db8::3");
    private static final Address CLIENT = Address.parse("2408:1:2:3::9");
    private static final Address SERVER = Address.parse("2001:db8::80");
    private static final Address ROUTER = Address.parse("2001:db8:ffff::1");
    private static final int QUEUES = 2;

    private static SteeringLab lab;

    @BeforeAll
    static void connect() {
        lab = new SteeringLab(new OwnedAddresses(Set.of(VIP, LIP), Set.of(LIP), 1), QUEUES);
    }

    @AfterAll
    static void disconnect() {
        lab.close();
    }

    private static PacketBuilder flow(boolean udp, Address source, int sourcePort, Address destination, int port) {
        return udp
                ? PacketBuilder.udp(source, sourcePort, destination, port).payload(30)
                : PacketBuilder.tcp(source, sourcePort, destination, port).payload(30);
    }

    private static PacketBuilder error(int type, Address to, PacketBuilder quoted, int bytes) {
        byte[] frame = quoted.toBytes();
        return PacketBuilder.echo(ROUTER, to, 0, 0)
                .icmp(type, 0)
                .payload(Arrays.copyOfRange(frame, 14, Math.min(frame.length, 14 + bytes)));
    }

    /** Hop-by-hop or destination options and an authentication header, so many in all. */
    private static PacketBuilder extended(PacketBuilder packet, int protocol, int headers) {
        byte[] bytes = new byte[headers * 16];
        int length = 0;
        for (int i = 0; i < headers; i++) {
            boolean authentication = i % 3 == 1;
            int next = i + 1 == headers ? protocol : i % 3 == 0 ? Ipv6.AUTHENTICATION : Ipv6.DESTINATION_OPTIONS;
            bytes[length] = (byte) next;
            bytes[length + 1] = (byte) (authentication ? 2 : 0);
            length += authentication ? 16 : 8;
        }
        return packet.extensions(Ipv6.DESTINATION_OPTIONS, Arrays.copyOf(bytes, length));
    }

    @Test
    void aFlowKeepsItsQueueInBothDirectionsAndWithExtensionHeaders() {
        Set<Integer> used = new TreeSet<>();
        for (int port = 40_000; port < 40_016; port++) {
            boolean udp = (port & 1) == 0;
            int protocol = udp ? Ipv4.UDP : Ipv4.TCP;
            int queue = lab.queueOf(flow(udp, CLIENT, port, VIP, 80));
            used.add(queue);
            assertThat(lab.memoryQueueOf(flow(udp, CLIENT, port, VIP, 80))).isEqualTo(queue);
            assertThat(lab.memoryQueueOf(flow(udp, VIP, 80, CLIENT, port))).isEqualTo(queue);
            for (int headers : new int[] {1, 2, 5, ExtensionHeaders.MOST}) {
                PacketBuilder extended = extended(flow(udp, CLIENT, port, VIP, 80), protocol, headers);
                assertThat(lab.queueOf(extended)).as("%d headers", headers).isEqualTo(queue);
                assertThat(lab.memoryQueueOf(extended))
                        .as("%d headers", headers)
                        .isEqualTo(queue);
            }
        }
        assertThat(used).containsExactly(0, 1);
    }

    @Test
    void framesToALocalAddressGoByTheDestinationPort() {
        for (int port = 5000; port < 5008; port++) {
            PacketBuilder packet = flow((port & 2) == 0, SERVER, 80, LIP, port);
            assertThat(lab.queueOf(packet)).isEqualTo(port & 1);
            assertThat(lab.memoryQueueOf(packet)).isEqualTo(port & 1);
        }
    }

    @Test
    void anErrorFollowsTheFlowItIsAbout() {
        for (int port = 40_000; port < 40_012; port++) {
            boolean udp = (port & 2) == 0;
            int queue = lab.queueOf(flow(udp, CLIENT, port, VIP, 80));
            for (int type = Icmp6.UNREACHABLE; type <= Icmp6.PARAMETER_PROBLEM; type++) {
                PacketBuilder toVip = error(type, VIP, flow(udp, VIP, 80, CLIENT, port), 48);
                assertThat(lab.queueOf(toVip)).isEqualTo(queue);
                assertThat(lab.memoryQueueOf(toVip)).isEqualTo(queue);
                PacketBuilder toLip = error(type, LIP, flow(udp, LIP, port, SERVER, 80), 1200);
                assertThat(lab.queueOf(toLip)).isEqualTo(port & 1);
                assertThat(lab.memoryQueueOf(toLip)).isEqualTo(port & 1);
            }
        }
    }

    @Test
    void fragmentsOfADatagramStayTogether() {
        Random random = new Random(6);
        Set<Integer> used = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            int identification = random.nextInt();
            int first = lab.queueOf(fragment(identification, 1));
            used.add(first);
            assertThat(lab.queueOf(fragment(identification, 64))).isEqualTo(first);
            assertThat(lab.memoryQueueOf(fragment(identification, 65))).isEqualTo(first);
        }
        assertThat(used).containsExactly(0, 1);
    }

    private static PacketBuilder fragment(int identification, int offsetAndMore) {
        byte[] header = {
            Ipv4.UDP,
            0,
            (byte) (offsetAndMore >>> 8),
            (byte) offsetAndMore,
            (byte) (identification >>> 24),
            (byte) (identification >>> 16),
            (byte) (identification >>> 8),
            (byte) identification
        };
        return PacketBuilder.ip(Ipv4.UDP, CLIENT, VIP)
                .extensions(Ipv6.FRAGMENT, header)
                .payload(64);
    }

    /** By addresses alone, wherever that is: what counts is that it arrives, once. */
    @Test
    void whatCannotBeToldApartArrivesAllTheSame() {
        PacketBuilder sent = flow(false, LIP, 5001, SERVER, 80);
        for (PacketBuilder packet : new PacketBuilder[] {
            error(Icmp6.UNREACHABLE, LIP, sent, 0),
            error(Icmp6.UNREACHABLE, LIP, sent, 39),
            error(Icmp6.UNREACHABLE, LIP, sent, 41),
            error(Icmp6.ECHO_REQUEST, LIP, sent, 48),
            extended(flow(true, CLIENT, 1, VIP, 80), Ipv4.UDP, ExtensionHeaders.MOST + 1),
            PacketBuilder.ip(89, CLIENT, VIP).payload(8),
            PacketBuilder.ip(Ipv6.DESTINATION_OPTIONS, CLIENT, VIP).payload(1),
            PacketBuilder.ip(Ipv4.UDP, CLIENT, VIP).payload(3)
        }) {
            assertThat(lab.queueOf(packet)).isEqualTo(lab.memoryQueueOf(packet));
        }
    }
}
