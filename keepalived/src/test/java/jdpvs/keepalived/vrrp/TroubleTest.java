package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.linux.netlink.InterfaceMonitor;
import jdpvs.linux.netlink.InterfaceState;
import jdpvs.linux.netlink.Interfaces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must not silence a master: a kernel that does not answer, and defects. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("namespace")
class TroubleTest {
    private static final IpAddress FIRST = IpAddress.parse("192.0.2.100");

    private final Recorder balancer = new Recorder();
    private volatile Runnable changed = () -> {};
    private Lab lab;
    private Slow kernel;
    private Vrrp vrrp;

    /** Asks the kernel only while it may: as when another holds its lock of interfaces. */
    private static final class Slow implements Interfaces {
        private final InterfaceMonitor monitor = InterfaceMonitor.open();
        private final CountDownLatch waits = new CountDownLatch(1);
        private volatile CountDownLatch free = new CountDownLatch(0);

        @Override
        public int descriptor() {
            return monitor.descriptor();
        }

        @Override
        public boolean update() {
            if (free.getCount() > 0) {
                waits.countDown();
            }
            try {
                boolean ignored = free.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return monitor.update();
        }

        @Override
        public Map<String, InterfaceState> interfaces() {
            return monitor.interfaces();
        }

        @Override
        public void close() {
            monitor.close();
        }
    }

    @BeforeEach
    void make() {
        lab = new Lab();
        ScriptRunner scripts = new ScriptRunner();
        kernel = Lab.in(lab.one, Slow::new);
        vrrp = Lab.in(lab.one, () -> Vrrp.start(balancer, new Notices(scripts), scripts, () -> changed.run(), kernel));
    }

    /** Even when VRRP's thread has died. */
    @AfterEach
    void remove() throws InterruptedException {
        Thread end = Thread.ofPlatform().daemon().start(() -> vrrp.stop(false));
        end.join(10_000);
        lab.close();
    }

    /** Two, the first of which has the address {@link #FIRST}. */
    private void loadTwo(VrrpInstance.Announcements ofTheFirst) {
        InstanceBuilder builder = new InstanceBuilder();
        builder.interval = Duration.ofMillis(100);
        VrrpInstance.Announcements usual = builder.announcements;
        builder.announcements = ofTheFirst;
        VrrpInstance first = builder.build();
        builder.announcements = usual;
        builder.name = "VI_2";
        builder.virtualRouterId = 78;
        builder.addresses = List.of("192.0.2.102");
        vrrp.load(RouterMain.configuration(List.of(first, builder.build())));
    }

    private KeepalivedReport.Instance report(int instance) {
        return vrrp.report().get(instance);
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("not in time: %s; %s", what, vrrp.report())
                    .isLessThan(end);
            Thread.sleep(10);
        }
    }

    private void awaitMaster(int instance) throws InterruptedException {
        await("MASTER", () -> report(instance).state().equals("MASTER"));
    }

    private void awaitAdvertisements(int instance) throws InterruptedException {
        long sent = report(instance).sent();
        await("20 advertisements", () -> report(instance).sent() >= sent + 20);
    }

    @Test
    void aKernelThatDoesNotAnswer() throws Exception {
        VrrpInstance.Announcements usual = new InstanceBuilder().announcements;
        loadTwo(usual);
        awaitMaster(0);
        awaitMaster(1);
        kernel.free = new CountDownLatch(1);
        Lab.run("ip -n " + lab.one + " address add 10.88.0.9/24 dev eth0");
        assertThat(kernel.waits.await(20, TimeUnit.SECONDS)).isTrue();
        awaitAdvertisements(0);
        loadTwo(usual);
        awaitAdvertisements(1);
        Lab.run("ip -n " + lab.one + " link set eth0 down");
        assertThat(kernel.free.getCount()).as("it still waits").isEqualTo(1);
        assertThat(report(0).state()).isEqualTo("MASTER");
        kernel.free.countDown();
        await("FAULT", () -> report(0).state().equals("FAULT"));
        assertThat(report(0).reason()).startsWith("interface eth0 is down");
    }

    @Test
    void aDefectOfOneInstanceIsNotTheOthers() throws Exception {
        balancer.announcing = addresses -> {
            if (addresses.stream().anyMatch(each -> each.address().equals(FIRST))) {
                throw new IllegalStateException("a defect of a test");
            }
        };
        loadTwo(new VrrpInstance.Announcements(
                5, Duration.ofSeconds(5), Duration.ofMillis(10), 1, 3, Duration.ofSeconds(2)));
        awaitMaster(0);
        awaitMaster(1);
        awaitAdvertisements(1);
        awaitAdvertisements(0);
        assertThat(balancer.addresses).hasSize(2);
    }

    /** Of memory that lacks not even a line can be written. */
    private static final class Unspeakable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("not even for this");
        }
    }

    @Test
    void anErrorThatCannotEvenBeLogged() throws Exception {
        changed = () -> {
            if (balancer.addresses.size() == 1) {
                throw new Unspeakable();
            }
        };
        loadTwo(new InstanceBuilder().announcements);
        awaitMaster(0);
        awaitMaster(1);
        awaitAdvertisements(0);
        awaitAdvertisements(1);
    }

    @Test
    void aDefectAtTheEndKeepsNothing() throws Exception {
        loadTwo(new InstanceBuilder().announcements);
        awaitMaster(0);
        awaitMaster(1);
        changed = () -> {
            throw new IllegalStateException("a defect of a test");
        };
        vrrp.stop(false);
        assertThat(balancer.addresses).isEmpty();
        assertThat(vrrp.held()).isEmpty();
    }
}
