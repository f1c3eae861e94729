package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import jdpvs.control.Change;
import jdpvs.daemon.worker.Worker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a running worker tells the link when a virtual router's addresses come. */
class AnnouncementTest extends ControlPlaneFixture {
    private static final String ADDRESS = "0a0060cc";
    private static final String MAC = "020000000201";

    /** Broadcast, ARP, both hardware and protocol. */
    private static final String ARP = "ffffffffffff" + MAC + "0806" + "0001080006040";

    private static final String REQUEST = ARP + "001" + MAC + ADDRESS;
    private static final String REPLY = ARP + "002" + MAC + ADDRESS;

    private Thread thread = new Thread();

    AnnouncementTest() {
        super(false);
    }

    @BeforeEach
    void start() {
        thread = Thread.ofPlatform().daemon(true).start(worker());
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker().stop();
        thread.join();
    }

    private Worker worker() {
        return units.getFirst().worker();
    }

    /** The next frame on the wire of dpdk2, as digits. */
    private String frame() throws InterruptedException {
        byte[] frame = wan.nextFrame();
        assertThat(frame).as("a frame within ten seconds").isNotNull();
        return HexFormat.of().formatHex(frame);
    }

    /** Whether the address was new when the worker was told, it announces it by itself. */
    @Test
    void anAddressIsAnnouncedInTheTransactionThatAddsIt() throws Exception {
        apply(address("10.0.96.204", "dpdk2"), new Change.AddressAnnounce(ip("10.0.96.204"), "dpdk2"));
        String first = frame();
        assertThat(first.startsWith(REQUEST) || first.startsWith(REPLY))
                .as(first)
                .isTrue();
        for (int i = 0; i < 2; i++) {
            String more = frame();
            assertThat(more.startsWith(REQUEST) || more.startsWith(REPLY))
                    .as(more)
                    .isTrue();
        }
        apply(new Change.AddressAnnounce(ip("10.0.96.204"), "dpdk2"));
        while (!frame().startsWith(REPLY)) {
            // What remains of the first announcement.
        }
        assertThat(frame()).startsWith(REQUEST);
    }

    /** Unsolicited advertisement to all nodes, override (RFC 4861 §7.2.6), and no question before. */
    @Test
    void anImmediateIpv6AddressIsAdvertisedAtOnce() throws Exception {
        apply(new Change.AddressAdd(ip("2001:db8::1"), 128, "dpdk2", null, "global", -1, -1, false, true));
        String advertisement = frame();
        assertThat(advertisement)
                .startsWith("333300000001" + MAC + "86dd")
                .contains("ff020000000000000000000000000001" + "8800")
                .contains("20010db8000000000000000000000001");
        String flags = advertisement.substring(2 * (14 + 40 + 4), 2 * (14 + 40 + 5));
        assertThat(flags).as("override, not solicited").isEqualTo("20");
    }
}
