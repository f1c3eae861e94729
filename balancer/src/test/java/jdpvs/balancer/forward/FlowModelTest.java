package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/**
 * Random lives of many connections against a plain model: every packet of a living connection arrives at its peer under the right names, whatever
 * comes and goes around it.
 */
class FlowModelTest {
    private static final int CAPACITY = 600;

    /** What the model knows of one connection. */
    private static final class Flow {
        final int client;
        final int clientPort;
        int local;
        int localPort;
        int server;
        int serverExpects;
        boolean closing;

        Flow(int client, int clientPort) {
            this.client = client;
            this.clientPort = clientPort;
        }

        PacketBuilder in(int flags) {
            return PacketBuilder.tcp(client, clientPort, World.address(VIP), 80)
                    .flags(flags)
                    .sequence((flags & Tcp.SYN) != 0 ? 100 : 101)
                    .acknowledgement((flags & Tcp.SYN) != 0 ? 0 : 501);
        }

        PacketBuilder out(int flags) {
            return PacketBuilder.tcp(server, 80, local, localPort)
                    .flags(flags)
                    .sequence((flags & Tcp.SYN) != 0 ? 500 : 501)
                    .acknowledgement(serverExpects);
        }

        String name() {
            return client + ":" + clientPort;
        }
    }

    private final Random random = new Random(31);
    private final World world = new World(CAPACITY, 0, 1, Timeouts.DEFAULT).webService();
    private final Map<String, Flow> living = new HashMap<>();
    private final List<Flow> flows = new ArrayList<>();

    @Test
    void packetsFindTheirPeers() {
        for (int step = 0; step < 60_000; step++) {
            int action = random.nextInt(100);
            if (action < 20) {
                open();
            } else if (!flows.isEmpty()) {
                use(flows.get(random.nextInt(flows.size())), action);
            }
            if (action == 99) {
                world.sent.clear();
                world.neighbourGeneration++;
                age(random.nextInt(3000));
            }
            assertThat(world.balancer.connections().size()).isLessThanOrEqualTo(CAPACITY);
        }
        assertThat(world.dropped().keySet())
                .isSubsetOf(jdpvs.port.DropReason.CONNECTION_TABLE_FULL, jdpvs.port.DropReason.NOT_SYN);
    }

    private void open() {
        Flow flow = new Flow(0x0b00_0000 + random.nextInt(40), 1000 + random.nextInt(40));
        if (living.containsKey(flow.name())) {
            return;
        }
        int before = world.balancer.connections().size();
        List<Packet> sent = world.receive(WAN, flow.in(Tcp.SYN));
        if (sent.isEmpty()) {
            assertThat(before).isEqualTo(CAPACITY);
            return;
        }
        Packet syn = sent.getFirst();
        flow.local = Ipv4.source(syn.ip());
        flow.localPort = syn.localPort();
        flow.server = Ipv4.destination(syn.ip());
        flow.serverExpects = Tcp.sequence(syn.transport()) + 1;
        living.put(flow.name(), flow);
        flows.add(flow);
        if (world.balancer.connections().size() <= before) {
            // One that was reset has made room.
            forgetEnded();
        }
        assertThat(flows.stream().filter(other -> other != flow))
                .noneMatch(other ->
                        other.localPort == flow.localPort && other.server == flow.server && other.local == flow.local);
        check(flow.out(Tcp.SYN | Tcp.ACK), flow, true);
        check(flow.in(Tcp.ACK), flow, false);
    }

    private void use(Flow flow, int action) {
        boolean outbound = random.nextBoolean();
        int flags = Tcp.ACK;
        if (action > 90 && !flow.closing) {
            flags |= random.nextInt(3) == 0 ? Tcp.RST : Tcp.FIN;
            flow.closing = true;
        }
        check(outbound ? flow.out(flags) : flow.in(flags), flow, outbound);
    }

    private void check(PacketBuilder packet, Flow flow, boolean outbound) {
        List<Packet> sent = world.receive(outbound ? LAN : WAN, packet.payload(random.nextInt(5)));
        assertThat(sent).hasSize(1);
        Packet only = sent.getFirst();
        assertThat(only.isSound()).isTrue();
        if (outbound) {
            assertThat(Ipv4.source(only.ip())).isEqualTo(World.address(VIP));
            assertThat(Ipv4.destination(only.ip())).isEqualTo(flow.client);
            assertThat(Tcp.destinationPort(only.transport())).isEqualTo(flow.clientPort);
        } else {
            assertThat(Ipv4.source(only.ip())).isEqualTo(flow.local);
            assertThat(only.localPort()).isEqualTo(flow.localPort);
            assertThat(Ipv4.destination(only.ip())).isEqualTo(flow.server);
        }
    }

    /** Time passes; what has ended is what the balancer no longer lists. */
    private void age(int millis) {
        world.tick(millis);
        forgetEnded();
    }

    private void forgetEnded() {
        Map<String, Flow> still = new HashMap<>();
        world.balancer.connections().forEach(connection -> {
            String name = connection.clientAddress().ipv4() + ":" + connection.clientPort();
            Flow flow = living.get(name);
            assertThat(flow).as(name).isNotNull();
            assertThat(still.put(name, java.util.Objects.requireNonNull(flow))).isNull();
            return true;
        });
        // Only what was closing or half open may have gone: the others have 90 seconds, and the walk visits them more
        // often.
        living.keySet().retainAll(still.keySet());
        flows.retainAll(still.values());
        assertThat(world.balancer.connections().size()).isEqualTo(flows.size());
    }
}
