package jdpvs.keepalived.start;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.control.Control;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.check.Health;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Programmer;
import jdpvs.keepalived.vrrp.Vrrp;
import org.jspecify.annotations.Nullable;

/** What works together: VRRP and the checks want things of dpvs, the programmer makes it have them. */
final class Rooms implements AutoCloseable {
    private final Options options;
    private final long startedMillis = System.currentTimeMillis();
    /** So long the end waits for notify scripts. */
    private static final Duration SCRIPTS = Duration.ofSeconds(3);

    private final ScriptRunner scripts = new ScriptRunner();
    private final Notices notices;
    private final Programmer programmer;
    private final @Nullable Vrrp vrrp;
    private final @Nullable Health health;
    private volatile long loadedMillis;
    private boolean flush;
    private volatile Set<IpAddress> unmanaged = Set.of();

    private Rooms(Control control, Options options) {
        this.options = options;
        notices = new Notices(scripts);
        programmer = Programmer.start(control, this::report);
        vrrp = options.checkersOnly ? null : Vrrp.start(programmer, notices, scripts, programmer::reportChanged);
        health = options.vrrpOnly
                ? null
                : Health.start(programmer, notices, scripts, this::held, programmer::reportChanged);
    }

    static Rooms start(Control control, Options options) {
        return new Rooms(control, options);
    }

    /** For {@code ha_suspend}: of addresses that no instance moves nobody here knows that they are elsewhere. */
    private Set<IpAddress> held() {
        Set<IpAddress> masters = vrrp == null ? Set.of() : vrrp.held();
        if (unmanaged.isEmpty()) {
            return masters;
        }
        Set<IpAddress> all = new HashSet<>(unmanaged);
        all.addAll(masters);
        return all;
    }

    private Set<IpAddress> unmanaged(KeepalivedConfiguration configuration) {
        Set<IpAddress> all = new HashSet<>();
        configuration.virtualServers().stream()
                .filter(VirtualServer::suspended)
                .forEach(server -> server.services().forEach(key -> all.add(key.address())));
        if (!options.checkersOnly) {
            for (VrrpInstance instance : configuration.instances()) {
                instance.addresses().forEach(address -> all.remove(address.address()));
                instance.excluded().forEach(address -> all.remove(address.address()));
            }
        }
        return Set.copyOf(all);
    }

    /** What did not change goes on undisturbed; what did reaches dpvs in one transaction. */
    void load(KeepalivedConfiguration configuration) {
        unmanaged = unmanaged(configuration);
        notices.load(configuration.global());
        // While dpvs is not there yet, a reload can take it back, but not ask for it.
        flush = configuration.global().flushAtStart() && (loadedMillis == 0 || flush);
        if (health != null) {
            programmer.takeOverServices(flush);
        }
        programmer.together(() -> {
            if (health != null) {
                health.load(configuration);
            }
            if (vrrp != null) {
                vrrp.load(configuration);
            }
        });
        loadedMillis = System.currentTimeMillis();
        programmer.reportChanged();
    }

    KeepalivedReport report() {
        return new KeepalivedReport(
                ProcessHandle.current().pid(),
                options.part(),
                options.file.toString(),
                startedMillis,
                loadedMillis,
                vrrp == null ? List.of() : vrrp.report(),
                health == null ? List.of() : health.report(),
                programmer.made(),
                refused());
    }

    private List<String> refused() {
        List<String> all = new ArrayList<>(programmer.refused());
        if (health != null) {
            all.addAll(health.refused());
        }
        return all;
    }

    /** First the others hear that we go, then dpvs gives up what it had from us. */
    @Override
    public void close() {
        if (vrrp != null) {
            vrrp.stop(options.keepAddresses);
        }
        if (health != null) {
            health.stop(options.keepServices);
        }
        programmer.close();
        scripts.awaitTold(SCRIPTS);
        notices.close();
    }
}
