package jdpvs.keepalived.check;

import java.util.ArrayList;
import java.util.List;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServerOptions;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.Script;
import org.jspecify.annotations.Nullable;

/** A real server of one virtual server: up while all of its checks are. Guarded by the lock of {@link Health}. */
final class ServerHealth {
    private RealServer server;
    private final List<Check> checks = new ArrayList<>();
    private boolean known;
    private boolean up;
    private boolean told;
    private long sinceMillis = System.currentTimeMillis();
    private @Nullable Integer dynamicWeight;

    /** The program that said it. */
    private @Nullable Script weigher;

    /** Makes a check of a server, not yet started. */
    interface CheckMaker {
        Check make(ServerHealth server, CheckSettings settings, boolean up, boolean settled);
    }

    ServerHealth(RealServer server) {
        this.server = server;
    }

    /** Takes the settings of a reading of the file; checks that were there before go on. */
    void load(RealServer next, CheckMaker maker) {
        if (next.options().weight() != server.options().weight()
                || next.checks().stream()
                        .noneMatch(check -> check instanceof CheckSettings.Misc misc
                                && misc.dynamic()
                                && misc.script().equals(weigher))) {
            dynamicWeight = null;
        }
        server = next;
        List<Check> before = new ArrayList<>(checks);
        List<Check> fresh = new ArrayList<>();
        checks.clear();
        for (CheckSettings settings : next.checks()) {
            Check check = take(before, settings);
            if (check == null) {
                // What is known of a server stays: one that is down must show that it is well, one that is up keeps its
                // retries.
                check = maker.make(
                        this, settings, known ? up : !settings.timing().alpha(), known && up);
                fresh.add(check);
            }
            checks.add(check);
        }
        before.forEach(Check::stop);
        fresh.forEach(Check::start);
        if (!known) {
            known = true;
            up = allUp();
        }
    }

    private static @Nullable Check take(List<Check> from, CheckSettings settings) {
        for (Check check : from) {
            if (check.settings().equals(settings)) {
                from.remove(check);
                return check;
            }
        }
        return null;
    }

    /**
     * Draws the conclusion from the checks.
     *
     * @return whether it is another than before
     */
    boolean judge() {
        if (allUp() == up) {
            return false;
        }
        up = !up;
        told = true;
        sinceMillis = System.currentTimeMillis();
        return true;
    }

    private boolean allUp() {
        return checks.stream().allMatch(Check::up);
    }

    /** Whether its first state is known and was not told yet; once only. */
    boolean firstKnown() {
        if (told || !checks.stream().allMatch(Check::hasRun)) {
            return false;
        }
        told = true;
        return true;
    }

    /**
     * @param check whose program says it
     * @return whether that is another weight
     */
    boolean weigh(CheckSettings check, int weight) {
        boolean another = weight != weight();
        weigher = check instanceof CheckSettings.Misc misc ? misc.script() : null;
        dynamicWeight = weight;
        return another;
    }

    RealServer server() {
        return server;
    }

    boolean up() {
        return up;
    }

    /** While it is up. */
    int weight() {
        return dynamicWeight == null ? server.options().weight() : dynamicWeight;
    }

    /** @param serves whether it gets connections if it is up */
    @Nullable ServerOptions wanted(boolean serves) {
        if (!(up && serves) && !server.inhibited()) {
            return null;
        }
        ServerOptions options = server.options();
        return new ServerOptions(
                options.forwarding(), up && serves ? weight() : 0, options.upperThreshold(), options.lowerThreshold());
    }

    List<Check> checks() {
        return checks;
    }

    KeepalivedReport.Server report() {
        return new KeepalivedReport.Server(
                server.endpoint(),
                up,
                sinceMillis,
                up ? weight() : 0,
                checks.stream().map(Check::report).toList());
    }
}
