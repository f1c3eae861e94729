package jdpvs.keepalived.vrrp;

import static jdpvs.keepalived.vrrp.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of RFC 9568 §6.4 and RFC 3768 §6.4, and what keepalived adds to them, on a virtual clock. */
class VirtualRouterTest {
    private static final Address OTHER = Address.parse("192.0.2.9");
    private static final Address LOW = Address.parse("192.0.2.0");

    private final Simulation simulation = new Simulation(1);
    private final InstanceBuilder builder = new InstanceBuilder();

    private VrrpInstance priority(int priority) {
        builder.priority = priority;
        return builder.build();
    }

    private Advertisement advertisement(int priority) {
        return new Advertisement(
                builder.version,
                77,
                priority,
                (int) (builder.interval.toMillis() / 10),
                builder.password,
                List.of(Address.parse("192.0.2.100")));
    }

    @ParameterizedTest
    @CsvSource({"2, 1000", "3, 1000", "3, 100", "3, 10", "2, 3000"})
    void aKilledMasterIsReplacedAfterTheMasterDownInterval(int version, int intervalMillis) {
        builder.version = version;
        builder.interval = Duration.ofMillis(intervalMillis);
        long interval = builder.interval.toNanos();
        Simulation.Host master = simulation.host(1, priority(150));
        Simulation.Host backup = simulation.host(2, priority(100));
        simulation.run(20);
        assertThat(master.state()).isEqualTo(State.MASTER);
        assertThat(backup.state()).isEqualTo(State.BACKUP);
        int sent = master.sent.size();
        simulation.run(10.0 * intervalMillis / 1000);
        assertThat(master.sent.size() - sent).isBetween(9, 11);
        master.alive = false;
        long lastHeard = master.last().at() + (simulation.now - master.last().at()) / interval * interval;
        simulation.run(60);
        assertThat(backup.state()).isEqualTo(State.MASTER);
        long skew = 156 * (version == 2 ? SECOND : interval) / 256;
        assertThat(backup.last().at() - lastHeard).isEqualTo(3 * interval + skew);
        assertThat(backup.last().reason()).contains("nothing was heard of the master 192.0.2.1");
    }

    @Test
    void aMasterThatLeavesIsReplacedAfterTheSkew() {
        Simulation.Host master = simulation.host(1, priority(150));
        Simulation.Host backup = simulation.host(2, priority(100));
        simulation.run(20.25);
        master.router().stop("keepalived stops");
        long left = simulation.now;
        assertThat(master.sent.getLast().priority()).isZero();
        simulation.run(2);
        assertThat(backup.state()).isEqualTo(State.MASTER);
        assertThat(backup.last().at() - left).isEqualTo(156 * SECOND / 256);
        assertThat(backup.last().reason()).contains("leaves");
        assertThat(master.state()).isEqualTo(State.INIT);
    }

    @Test
    void aHostAloneIsMasterAndOneConfiguredAsMasterEarlier() {
        Simulation.Host host = simulation.host(1, priority(100));
        long start = simulation.now;
        builder.startsAsMaster = true;
        builder.virtualRouterId = 78;
        Simulation.Host configured = simulation.host(2, priority(100));
        simulation.run(10);
        assertThat(host.entered).extracting(Simulation.Entered::to).containsExactly(State.BACKUP, State.MASTER);
        assertThat(host.last().at() - start).isEqualTo(3 * SECOND + 156 * SECOND / 256);
        assertThat(configured.last().at() - start).isEqualTo(SECOND + 156 * SECOND / 256);
        assertThat(configured.last().reason()).contains("state MASTER");
    }

    @Test
    void theOwnerIsMasterAtOnceAndStaysIt() {
        Simulation.Host host = simulation.host(1, priority(255));
        simulation.run(0);
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.hear(OTHER, advertisement(254))).isNull();
        assertThat(host.hear(OTHER, advertisement(255))).isEqualTo(Refusal.OWNER);
        assertThat(host.state()).isEqualTo(State.MASTER);
    }

    @Test
    void aMasterYieldsToABetterOneAndToAHigherAddressOnly() {
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(5);
        assertThat(host.hear(LOW, advertisement(100))).isNull();
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.hear(OTHER, advertisement(99))).isNull();
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.hear(OTHER, advertisement(100))).isNull();
        assertThat(host.state()).isEqualTo(State.BACKUP);
        assertThat(host.last().reason()).contains("192.0.2.9").contains("higher");
        assertThat(host.router().master()).isEqualTo(OTHER);
        simulation.run(5);
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.hear(LOW, advertisement(101))).isNull();
        assertThat(host.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void aMasterThatHearsALowerOneAssertsItself() {
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        int announced = host.announced.size();
        assertThat(host.hear(OTHER, advertisement(99))).isNull();
        assertThat(host.sent).hasSize(sent + 1);
        assertThat(host.heardLower).isEqualTo(1);
        simulation.run(0);
        assertThat(host.announced).hasSize(announced + 3);
        simulation.run(2);
        assertThat(host.announced).hasSize(announced + 6);
    }

    @Test
    void manyHeardAtOnceAreAnsweredOnce() {
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        int announced = host.announced.size();
        for (int i = 0; i < 300; i++) {
            assertThat(host.hear(OTHER, advertisement(99))).isNull();
        }
        simulation.run(0);
        assertThat(host.sent).hasSize(sent + 1);
        assertThat(host.announced).hasSize(announced + 3);
        assertThat(host.heardLower).isEqualTo(1);
    }

    @Test
    void lowerPrioNoAdvertIsSilent() {
        builder.lowerPriorityNoAdvertisement = true;
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        assertThat(host.hear(OTHER, advertisement(99))).isNull();
        assertThat(host.sent).hasSize(sent);
    }

    @Test
    void higherPrioSendAdvertSaysALastWord() {
        builder.higherPrioritySendAdvertisement = true;
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        assertThat(host.hear(OTHER, advertisement(101))).isNull();
        assertThat(host.sent).hasSize(sent + 1);
        assertThat(host.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void aMasterAnswersOneThatLeaves() {
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        assertThat(host.hear(OTHER, advertisement(0))).isNull();
        assertThat(host.sent).hasSize(sent + 1);
        assertThat(host.state()).isEqualTo(State.MASTER);
    }

    @Test
    void aBackupPreemptsALowerMaster() {
        Simulation.Host low = simulation.host(1, priority(100));
        simulation.run(20);
        long start = simulation.now;
        Simulation.Host high = simulation.host(2, priority(150));
        simulation.run(20);
        assertThat(high.last().at() - start).isEqualTo(3 * SECOND + 106 * SECOND / 256);
        assertThat(low.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void nopreemptWaitsUntilTheMasterIsGone() {
        Simulation.Host low = simulation.host(1, priority(100));
        simulation.run(20);
        builder.preempt = false;
        Simulation.Host high = simulation.host(2, priority(150));
        simulation.run(100);
        assertThat(high.state()).isEqualTo(State.BACKUP);
        assertThat(low.state()).isEqualTo(State.MASTER);
        low.alive = false;
        simulation.run(4);
        assertThat(high.state()).isEqualTo(State.MASTER);
    }

    @Test
    void preemptDelayWaitsAndThenTakesOver() {
        Simulation.Host low = simulation.host(1, priority(100));
        simulation.run(20);
        builder.preemptDelay = Duration.ofSeconds(30);
        long start = simulation.now;
        Simulation.Host high = simulation.host(2, priority(150));
        simulation.run(60);
        assertThat(high.state()).isEqualTo(State.MASTER);
        assertThat(low.state()).isEqualTo(State.BACKUP);
        assertThat((double) (high.last().at() - start) / SECOND).isCloseTo(30, within(1.0));
        assertThat(high.last().reason()).contains("preempt_delay");
    }

    @Test
    void preemptDelayEndsWhenThePriorityIsNoLongerHigher() {
        Simulation.Host low = simulation.host(1, priority(100));
        simulation.run(20);
        builder.preemptDelay = Duration.ofSeconds(30);
        Simulation.Host high = simulation.host(2, priority(150));
        simulation.run(30);
        high.router().setPriority(90);
        simulation.run(60);
        assertThat(high.entered).hasSize(1);
        assertThat(low.state()).isEqualTo(State.MASTER);
        high.router().setPriority(150);
        simulation.run(29);
        VrrpInstance before = high.router().instance();
        builder.preempt = false;
        builder.preemptDelay = Duration.ZERO;
        high.router().configure(priority(150), simulation.now);
        assertThat(high.router().instance()).isNotEqualTo(before);
        simulation.run(60);
        assertThat(high.entered).hasSize(1);
    }

    @Test
    void preemptDelayDoesNotKeepFromReplacingADeadMaster() {
        Simulation.Host low = simulation.host(1, priority(100));
        simulation.run(20);
        builder.preemptDelay = Duration.ofSeconds(1000);
        Simulation.Host high = simulation.host(2, priority(150));
        simulation.run(10);
        low.alive = false;
        simulation.run(4);
        assertThat(high.state()).isEqualTo(State.MASTER);
    }

    @Test
    void version3LearnsTheMastersInterval() {
        builder.interval = Duration.ofSeconds(5);
        Simulation.Host master = simulation.host(1, priority(150));
        simulation.run(30);
        builder.interval = Duration.ofSeconds(1);
        Simulation.Host backup = simulation.host(2, priority(100));
        // The first advertisement comes before its own interval makes it a master.
        assertThat(backup.hear(master.address, master.sent.getLast())).isNull();
        simulation.run(100);
        assertThat(backup.state()).isEqualTo(State.BACKUP);
        assertThat(backup.entered).hasSize(1);
    }

    @Test
    void aFaultyMasterLeavesAndComesBackAsBackup() {
        Simulation.Host host = simulation.host(1, priority(100));
        simulation.run(10);
        host.conditions("interface eth0 is down");
        assertThat(host.state()).isEqualTo(State.FAULT);
        assertThat(host.last().reason()).isEqualTo("interface eth0 is down");
        assertThat(host.sent.getLast().priority()).isZero();
        assertThat(host.hear(OTHER, advertisement(50))).isNull();
        simulation.run(100);
        host.conditions("interface eth0 has no IPv4 address");
        assertThat(host.router().reason()).contains("no IPv4 address");
        assertThat(host.entered).hasSize(3);
        host.conditions(null);
        assertThat(host.state()).isEqualTo(State.BACKUP);
        long start = simulation.now;
        simulation.run(10);
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.last().at() - start).isGreaterThan(3 * SECOND);
    }

    @Test
    void addressesAreAnnouncedAtOnceLaterAndEverySoOften() {
        builder.announcements =
                new VrrpInstance.Announcements(5, Duration.ofSeconds(5), Duration.ofSeconds(60), 2, 1, Duration.ZERO);
        Simulation.Host host = simulation.host(1, priority(255));
        simulation.run(0);
        assertThat(host.announced).hasSize(5);
        simulation.run(4.9);
        assertThat(host.announced).hasSize(5);
        simulation.run(0.2);
        assertThat(host.announced).hasSize(10);
        simulation.run(60);
        assertThat(host.announced).hasSize(12);
        simulation.run(60);
        assertThat(host.announced).hasSize(14);
        host.conditions("x");
        simulation.run(600);
        assertThat(host.announced).hasSize(14);
    }

    @Test
    void announcementsAreSpaced() {
        Simulation.Host host = simulation.host(1, priority(255));
        host.router().setAnnouncementSpacing(SECOND / 10);
        simulation.run(0);
        assertThat(host.announced).hasSize(1);
        simulation.run(0.2);
        assertThat(host.announced).hasSize(3);
        simulation.run(4);
        assertThat(host.announced).hasSize(5);
        simulation.run(5);
        assertThat(host.announced).hasSize(10);
    }

    @Test
    void anotherPriorityAndOtherAddressesLeaveAMasterMaster() {
        Simulation.Host host = simulation.host(1, priority(100));
        simulation.run(30.5);
        int announced = host.announced.size();
        host.router().setPriority(42);
        simulation.run(1);
        assertThat(host.sent.getLast().priority()).isEqualTo(42);
        builder.addresses = List.of("192.0.2.100", "192.0.2.101");
        host.router().configure(builder.build(), simulation.now);
        assertThat(host.sent.getLast().addresses()).hasSize(2);
        simulation.run(0);
        assertThat(host.announced).hasSize(announced + 5);
        assertThat(host.entered).hasSize(2);
    }

    @Test
    void aHigherPriorityOfABackupMakesItTakeOver() {
        Simulation.Host master = simulation.host(1, priority(150));
        Simulation.Host backup = simulation.host(2, priority(100));
        simulation.run(20);
        backup.router().setPriority(200);
        simulation.run(4);
        assertThat(backup.state()).isEqualTo(State.MASTER);
        assertThat(master.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void whatDoesNotCountIsNamedAndChangesNothing() {
        builder.version = 2;
        builder.password = "secret";
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        int sent = host.sent.size();
        List<Address> addresses = advertisement(1).addresses();
        record Case(Refusal refusal, Address source, Address destination, int hopLimit, Advertisement advertisement) {}
        Advertisement good = advertisement(200);
        List<Case> cases = List.of(
                new Case(Refusal.HOP_LIMIT, OTHER, Simulation.GROUP, 254, good),
                new Case(Refusal.OTHER_DESTINATION, OTHER, host.address, 255, good),
                new Case(Refusal.OWN_SOURCE, host.address, Simulation.GROUP, 255, good),
                new Case(
                        Refusal.OTHER_VERSION,
                        OTHER,
                        Simulation.GROUP,
                        255,
                        new Advertisement(3, 77, 200, 100, null, addresses)),
                new Case(
                        Refusal.OTHER_AUTHENTICATION,
                        OTHER,
                        Simulation.GROUP,
                        255,
                        new Advertisement(2, 77, 200, 100, null, addresses)),
                new Case(
                        Refusal.OTHER_PASSWORD,
                        OTHER,
                        Simulation.GROUP,
                        255,
                        new Advertisement(2, 77, 200, 100, "Secret", addresses)),
                new Case(
                        Refusal.OTHER_INTERVAL,
                        OTHER,
                        Simulation.GROUP,
                        255,
                        new Advertisement(2, 77, 200, 200, "secret", addresses)),
                new Case(
                        Refusal.OTHER_ADDRESSES,
                        OTHER,
                        Simulation.GROUP,
                        255,
                        new Advertisement(2, 77, 200, 100, "secret", List.of(OTHER))));
        for (Case each : cases) {
            assertThat(host.router()
                            .heard(
                                    new Heard(each.source, each.destination, each.hopLimit, each.advertisement),
                                    simulation.now))
                    .isEqualTo(each.refusal);
        }
        assertThat(host.state()).isEqualTo(State.MASTER);
        assertThat(host.sent).hasSize(sent);
        assertThat(host.router().refused()).isEqualTo(cases.size());
        assertThat(host.hear(OTHER, good)).isNull();
        assertThat(host.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void peersAreHeardAndStrangersNot() {
        builder.peers = List.of(IpAddress.parse("192.0.2.9"));
        builder.checkUnicastSource = true;
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        VirtualRouter router = host.router();
        assertThat(router.heard(new Heard(LOW, host.address, 64, advertisement(200)), simulation.now))
                .isEqualTo(Refusal.STRANGER);
        assertThat(router.heard(new Heard(OTHER, Simulation.GROUP, 255, advertisement(200)), simulation.now))
                .isEqualTo(Refusal.OTHER_DESTINATION);
        assertThat(router.heard(new Heard(OTHER, host.address, 64, advertisement(200)), simulation.now))
                .isNull();
        assertThat(host.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void skipCheckAdvAddrTakesOtherAddresses() {
        builder.unchecked = true;
        Simulation.Host host = simulation.host(5, priority(100));
        simulation.run(20.5);
        assertThat(host.hear(OTHER, new Advertisement(3, 77, 200, 100, null, List.of(OTHER))))
                .isNull();
        assertThat(host.state()).isEqualTo(State.BACKUP);
    }
}
