package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.SyncGroup;
import jdpvs.keepalived.configuration.TrackFile;
import jdpvs.keepalived.configuration.TrackScript;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import jdpvs.keepalived.configuration.VrrpInstance.Track.Kind;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.WantedAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of VRRP in a namespace: interfaces that come and go, reloads, tracks, and what the balancer is told. */
@Tag("namespace")
class VrrpTest {
    private final Recorder balancer = new Recorder();
    private final InstanceBuilder builder = new InstanceBuilder();
    private Duration startupDelay = Duration.ZERO;

    @TempDir
    private Path directory = Path.of("");

    private Lab lab;
    private Vrrp vrrp;

    @BeforeEach
    void make() {
        lab = new Lab();
        builder.interval = Duration.ofMillis(100);
        ScriptRunner scripts = new ScriptRunner();
        vrrp = Lab.in(lab.one, () -> Vrrp.start(balancer, new Notices(scripts), scripts, () -> {}));
    }

    @AfterEach
    void remove() {
        vrrp.stop(false);
        lab.close();
    }

    private KeepalivedConfiguration configuration(
            List<VrrpInstance> instances, List<SyncGroup> groups, List<TrackScript> scripts, List<TrackFile> files) {
        return new KeepalivedConfiguration(
                RouterMain.global(startupDelay),
                instances,
                groups,
                scripts,
                files,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void load(VrrpInstance... instances) {
        vrrp.load(configuration(List.of(instances), List.of(), List.of(), List.of()));
    }

    private KeepalivedReport.Instance report() {
        return vrrp.report().getFirst();
    }

    private void await(String state) {
        await(state, () -> report().state().equals(state));
    }

    private void awaitReason(String part) {
        await(part, () -> report().reason().contains(part));
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 15_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("not in time: %s; %s", what, vrrp.report())
                    .isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void anInterfaceThatComesAndGoes() {
        Lab.run("ip -n " + lab.one + " link del eth0");
        load(builder.build());
        assertThat(report().state()).isEqualTo("FAULT");
        assertThat(report().reason()).isEqualTo("interface eth0 does not exist");
        for (int round = 0; round < 2; round++) {
            lab.cable();
            await("MASTER");
            assertThat(vrrp.held()).containsExactly(IpAddress.parse("192.0.2.100"));
            assertThat(balancer.addresses)
                    .containsExactly(new WantedAddress("dpdk0", IpAddress.parse("192.0.2.100"), 32, "global"));
            Lab.run("ip -n " + lab.two + " link set eth0 down");
            awaitReason("interface eth0 has no carrier");
            assertThat(report().state()).isEqualTo("FAULT");
            assertThat(balancer.addresses).isEmpty();
            assertThat(vrrp.held()).isEmpty();
            Lab.run("ip -n " + lab.two + " link set eth0 up");
            await("MASTER");
            Lab.run("ip -n " + lab.one + " link set eth0 down");
            awaitReason("interface eth0 is down");
            Lab.run("ip -n " + lab.one + " address flush dev eth0");
            Lab.run("ip -n " + lab.one + " link set eth0 up");
            awaitReason("interface eth0 has no IPv4 address");
            Lab.run("ip -n " + lab.one + " address add 10.88.0.7/24 dev eth0");
            await("MASTER");
            Lab.run("ip -n " + lab.one + " link del eth0");
            awaitReason("does not exist");
        }
        assertThat(report().transitions()).hasSizeLessThanOrEqualTo(20).last().satisfies(last -> {
            assertThat(last.from()).isEqualTo("MASTER");
            assertThat(last.to()).isEqualTo("FAULT");
        });
    }

    @Test
    void aReloadLeavesAMasterMasterAndOnlyChangesWhatIsOther() {
        load(builder.build());
        await("MASTER");
        long since = report().sinceMillis();
        await("announced", () -> balancer.announced.size() >= 5);
        assertThat(balancer.announced)
                .containsOnly(List.of(new WantedAddress("dpdk0", IpAddress.parse("192.0.2.100"), 32, "global")));
        builder.priority = 120;
        builder.addresses = List.of("192.0.2.100", "192.0.2.101");
        VrrpInstance first = builder.build();
        builder.name = "VI_2";
        builder.virtualRouterId = 78;
        builder.addresses = List.of("192.0.2.102");
        load(first, builder.build());
        assertThat(report().state()).isEqualTo("MASTER");
        assertThat(report().sinceMillis()).isEqualTo(since);
        assertThat(report().priority()).isEqualTo(120);
        assertThat(balancer.addresses).hasSize(2);
        await("both", () -> balancer.addresses.size() == 3);
        load(builder.build());
        assertThat(balancer.addresses).hasSize(1);
        assertThat(vrrp.report()).hasSize(1);
        assertThat(report().state()).isEqualTo("MASTER");
        vrrp.stop(true);
        assertThat(balancer.addresses).as("kept").hasSize(1);
    }

    @Test
    void aMasterWithAnotherNameStaysMaster() {
        List<VrrpInstance> instances = two("VI_1", "VI_2");
        SyncGroup group = new SyncGroup("G", List.of("VI_1", "VI_2"), List.of(), false, InstanceBuilder.NOBODY);
        vrrp.load(configuration(instances, List.of(group), List.of(), List.of()));
        await("masters", () -> balancer.addresses.size() == 2);
        long since = report().sinceMillis();
        int told = balancer.all.size();

        // Each has the other's name now, which is of no account, and then names of their own.
        vrrp.load(configuration(two("VI_2", "VI_1"), List.of(group), List.of(), List.of()));
        SyncGroup renamed = new SyncGroup("H", List.of("one", "two"), List.of(), false, InstanceBuilder.NOBODY);
        vrrp.load(configuration(two("one", "two"), List.of(renamed), List.of(), List.of()));
        assertThat(vrrp.report()).extracting(KeepalivedReport.Instance::name).containsExactly("one", "two");
        assertThat(vrrp.report()).extracting(KeepalivedReport.Instance::group).containsOnly("H");
        assertThat(vrrp.report()).extracting(KeepalivedReport.Instance::state).containsOnly("MASTER");
        assertThat(report().sinceMillis()).isEqualTo(since);
        assertThat(balancer.all).as("nothing was taken away").hasSize(told);
        long sent = report().sent();
        await("advertisements", () -> report().sent() >= sent + 5);
    }

    private List<VrrpInstance> two(String first, String second) {
        builder.name = first;
        builder.virtualRouterId = 77;
        builder.addresses = List.of("192.0.2.100");
        VrrpInstance one = builder.build();
        builder.name = second;
        builder.virtualRouterId = 78;
        builder.addresses = List.of("192.0.2.102");
        return List.of(one, builder.build());
    }

    @Test
    void transitionsAreTold() throws Exception {
        Path told = directory.resolve("told");
        Script any = new Script(List.of("sh", "-c", "echo \"$@\" >>" + told, "sh"), null, null);
        builder.notices = new VrrpInstance.Notices(null, null, null, null, null, any, false, false);
        startupDelay = Duration.ofMillis(300);
        load(builder.build());
        assertThat(report().state()).isEqualTo("INIT");
        assertThat(report().reason()).contains("vrrp_startup_delay");
        await("MASTER");
        await("told", () -> lines(told).contains("INSTANCE VI_1 MASTER 100"));
        vrrp.stop(false);
        await("told of the stop", () -> lines(told).contains("INSTANCE VI_1 STOP 100"));
        assertThat(lines(told))
                .containsExactlyInAnyOrder(
                        "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100", "INSTANCE VI_1 STOP 100");
        assertThat(balancer.addresses).isEmpty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void membersOfAGroupAndATrackedScriptAndFile() throws Exception {
        Path healthy = Files.createFile(directory.resolve("healthy"));
        Path number = Files.writeString(directory.resolve("number"), "0");
        TrackScript script = new TrackScript(
                "s",
                new Script(List.of("test", "-e", healthy.toString()), null, null),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                0,
                false,
                1,
                2,
                false);
        List<VrrpInstance> instances = new ArrayList<>();
        instances.add(builder.build());
        builder.name = "VI_2";
        builder.virtualRouterId = 78;
        builder.addresses = List.of("192.0.2.102");
        builder.track.add(new Track(Kind.SCRIPT, "s", 0, false));
        instances.add(builder.build());
        SyncGroup group = new SyncGroup(
                "G",
                List.of("VI_1", "VI_2"),
                List.of(new Track(Kind.FILE, "f", 2, false)),
                false,
                InstanceBuilder.NOBODY);
        vrrp.load(configuration(
                instances, List.of(group), List.of(script), List.of(new TrackFile("f", number.toString(), 2, false))));
        await("MASTER");
        assertThat(vrrp.report()).extracting(KeepalivedReport.Instance::state).containsOnly("MASTER");
        Files.writeString(number, "-10\n");
        await("priority", () -> report().priority() == 80);
        Files.delete(healthy);
        await("FAULT");
        assertThat(report().reason()).contains("VI_2").contains("track_script s failed");
        Files.createFile(healthy);
        await("MASTER");
        assertThat(vrrp.report()).extracting(KeepalivedReport.Instance::group).containsOnly("G");
    }
}
