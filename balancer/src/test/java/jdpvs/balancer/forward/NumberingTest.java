package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.FullNatTest.fromServer;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** What a server sees of the numbers of clients that follow one another on one local address and port. */
class NumberingTest {
    private final World world = World.web();
    private final Random random = new Random(6528);

    private PacketBuilder syn(int sequence, int stamp) {
        return fromClient(40000, Tcp.SYN)
                .sequence(sequence)
                .options(ByteBuffer.allocate(12)
                        .putInt(0x0101080a)
                        .putInt(stamp)
                        .putInt(0)
                        .array());
    }

    /** Sequence number and timestamp of a SYN of any client's as the server of (LIP:port) sees it. */
    private int[] begin(Numbering numbering, int port, long nowMillis) {
        long record = world.zeroed(Connection.BYTES);
        Memory.putInt(record + Connection.PORTS, port);
        long frame = world.zeroed(256) + 64;
        int sequence = random.nextInt();
        int stamp = random.nextInt();
        syn(sequence, stamp).write(frame);
        numbering.begin(record, FlowKey.addresses(1, 2), frame + 34, nowMillis);
        assertThat(Memory.getInt(record + Connection.OUT + Connection.ACKNOWLEDGEMENT_DELTA))
                .isEqualTo(-Memory.getInt(record + Connection.SEQUENCE_DELTA));
        assertThat(Memory.getInt(record + Connection.OUT + Connection.TIMESTAMP_DELTA))
                .isEqualTo(-Memory.getInt(record + Connection.TIMESTAMP_DELTA));
        return new int[] {
            sequence + Memory.getInt(record + Connection.SEQUENCE_DELTA),
            stamp + Memory.getInt(record + Connection.TIMESTAMP_DELTA)
        };
    }

    @Test
    void riseFromOneConnectionToTheNextWhateverTheClientsCount() {
        Numbering numbering = new Numbering(1_700_000_000_000L, random);
        long now = 5_000_000;
        int[] last = begin(numbering, 7, now);
        for (int i = 0; i < 1000; i++) {
            int step = 1 + random.nextInt(60_000);
            now += step;
            int[] next = begin(numbering, 7, now);
            // 64 ns a tick, 1 ms a timestamp.
            assertThat(next[0] - last[0]).isEqualTo(step * 15_625);
            assertThat(next[1] - last[1]).isEqualTo(step);
            last = next;
        }
    }

    @Test
    void timestampsRiseFromOneProcessToTheNext() {
        long wall = 1_700_000_000_000L;
        int[] before = begin(new Numbering(wall - 1_000, random), 7, 1_000);
        // The host was booted anew meanwhile.
        int[] after = begin(new Numbering(wall + 20_000 - 50, random), 7, 50);
        assertThat(after[1] - before[1]).isEqualTo(20_000);
    }

    @Test
    void differFromPortToPortAndFromSecretToSecret() {
        Numbering numbering = new Numbering(0, random);
        int[] seen = new int[4000];
        for (int port = 0; port < seen.length; port++) {
            seen[port] = begin(numbering, port, 9)[0];
        }
        assertThat(java.util.Arrays.stream(seen).distinct().count()).isGreaterThan(3990);
        int high = 0;
        for (int number : seen) {
            high += number < 0 ? 1 : 0;
        }
        assertThat(high).isBetween(1800, 2200);
        assertThat(begin(new Numbering(0, random), 0, 9)[0]).isNotEqualTo(seen[0]);
    }

    @Test
    void aRepeatedSynLooksAsTheFirst() {
        Packet first = world.receive(WAN, syn(77, 88)).getFirst();
        world.context.nowMillis += 1000;
        Packet again = world.receive(WAN, syn(77, 1088)).getFirst();
        assertThat(Tcp.sequence(again.transport())).isEqualTo(Tcp.sequence(first.transport()));
        assertThat(ByteBuffer.wrap(again.options()).getInt(4)
                        - ByteBuffer.wrap(first.options()).getInt(4))
                .isEqualTo(1000);
        assertThat(ByteBuffer.wrap(first.options()).getInt(8)).isZero();
        assertThat(first.isSound()).isTrue();
    }

    @Test
    void withoutTimestampsInTheSynNoneAreMoved() {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();
        assertThat(syn.options()).isEmpty();
        byte[] stamps =
                ByteBuffer.allocate(12).putInt(0x0101080a).putInt(5).putInt(6).array();
        Packet answer = world.receive(
                        LAN, fromServer(SERVER_1, syn.localPort(), Tcp.ACK).options(stamps))
                .getFirst();
        assertThat(answer.options()).isEqualTo(stamps);
    }
}
