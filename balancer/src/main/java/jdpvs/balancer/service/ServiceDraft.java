package jdpvs.balancer.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service under change; the lists of an existing one are copied when they are first changed. */
final class ServiceDraft {
    final VirtualEndpoint endpoint;

    /** What it was before, null when added in this transaction. */
    final @Nullable Service before;

    ServiceSettings settings;
    boolean changed;

    private @Nullable Map<ServerEndpoint, ServerDraft> servers;
    private @Nullable List<LocalAddress> localAddresses;

    /** @param added in this transaction: its counts begin at 0 */
    record ServerDraft(ServerSettings settings, boolean added) {}

    ServiceDraft(VirtualEndpoint endpoint, ServiceSettings settings) {
        this.endpoint = endpoint;
        this.before = null;
        this.settings = settings;
        this.changed = true;
    }

    ServiceDraft(Service before) {
        this.endpoint = before.endpoint();
        this.before = before;
        this.settings = before.settings();
    }

    /** Oldest first, so that adding is cheap; a service has them newest first. */
    Map<ServerEndpoint, ServerDraft> servers() {
        Map<ServerEndpoint, ServerDraft> known = servers;
        if (known == null) {
            known = new LinkedHashMap<>();
            Server[] existing = before == null ? new Server[0] : before.servers();
            for (int i = existing.length - 1; i >= 0; i--) {
                known.put(existing[i].endpoint(), new ServerDraft(existing[i].settings(), false));
            }
            servers = known;
        }
        return known;
    }

    /** Ids are not decided yet. */
    List<LocalAddress> localAddresses() {
        List<LocalAddress> known = localAddresses;
        if (known == null) {
            known = new ArrayList<>(before == null ? List.of() : List.of(before.localAddresses()));
            localAddresses = known;
        }
        return known;
    }
}
