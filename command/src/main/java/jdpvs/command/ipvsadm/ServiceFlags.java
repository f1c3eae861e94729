package jdpvs.command.ipvsadm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdpvs.control.ServiceOptions;

/** The words behind a service's scheduler, in DPVS's order (facts: cli §4.6 (a)). */
final class ServiceFlags {
    private static final Set<String> EXTERNAL = Set.of("tcp", "udp", "sctp", "ping");

    private ServiceFlags() {}

    static void append(StringBuilder text, ServiceOptions options) {
        if (options.hashTarget() != null) {
            text.append(' ').append(options.hashTarget());
        }
        if (options.persistentSeconds() > 0) {
            text.append(" persistent ").append(options.persistentSeconds());
            if (options.persistenceMask() != null) {
                text.append(" mask ").append(options.persistenceMask());
            }
        }
        if (options.onePacket()) {
            text.append(" ops");
        }
        if (options.synProxy()) {
            text.append(" synproxy");
        }
        if (options.connectionTimeoutSeconds() > 0) {
            text.append(" conn-timeout ").append(options.connectionTimeoutSeconds());
        }
        if (options.proxyProtocol() != null) {
            text.append(" pp").append(options.proxyProtocol());
        }
        if (options.expireQuiescent()) {
            text.append(" expire-quiescent");
        }
        if (options.quic()) {
            text.append(" quic");
        }
        destinationChecks(text, options.destinationChecks());
    }

    private static void destinationChecks(StringBuilder text, List<String> checks) {
        if (checks.isEmpty()) {
            return;
        }
        text.append(" dest-check");
        List<String> external = new ArrayList<>();
        for (String check : checks) {
            if (EXTERNAL.contains(check)) {
                external.add(check);
            } else {
                text.append(" internal:").append(check);
            }
        }
        if (!external.isEmpty()) {
            text.append(" external:").append(String.join(",", external));
        }
    }
}
