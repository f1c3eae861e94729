package jdpvs.command.ipvsadm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jdpvs.command.Console;
import jdpvs.command.Names;
import jdpvs.control.Endpoint;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;

/**
 * {@code ipvsadm -S}: everything there is, as lines that {@code -R} takes. What DPVS prints (facts: cli §4.6 (i)) stands first on each line, what DPVS loses
 * (thresholds, time-outs, local addresses, …) behind it or on lines of its own.
 */
final class Saving {
    private final boolean numeric;
    private final Names names = new Names();
    private final StringBuilder text = new StringBuilder(512);

    private Saving(boolean numeric) {
        this.numeric = numeric;
    }

    static void save(boolean numeric, Console console) throws IOException {
        List<Views.Service> services = new ArrayList<>(console.control().services());
        services.sort(Listing.SERVICE_ORDER);
        Saving saving = new Saving(numeric);
        for (Views.Service service : services) {
            saving.text.setLength(0);
            saving.append(service);
            console.out().append(saving.text);
        }
    }

    private void append(Views.Service service) {
        String selector = selector(service.key());
        text.append("-A ").append(selector);
        options(service.options());
        text.append('\n');
        List<Views.Server> servers = new ArrayList<>(service.servers());
        servers.sort(Listing.SERVER_ORDER);
        for (Views.Server server : servers) {
            text.append("-a ").append(selector).append(" -r ");
            text.append(name(server.endpoint(), service.key().protocol()));
            options(server.options());
            text.append('\n');
        }
        for (Views.LocalAddress local : service.localAddresses()) {
            text.append("-P ").append(selector).append(" -z ").append(local.address());
            text.append(" -F ").append(local.device()).append('\n');
        }
    }

    private String selector(ServiceKey key) {
        Endpoint endpoint = new Endpoint(key.address(), key.port());
        return switch (key.protocol()) {
            case TCP -> "-t " + name(endpoint, key.protocol());
            case UDP -> "-u " + name(endpoint, key.protocol());
            case SCTP -> "--sctp-service " + name(endpoint, key.protocol());
            case ICMP -> "-q " + key.address();
            case ICMPV6 -> "-1 [" + key.address() + "]";
        };
    }

    private String name(Endpoint endpoint, Protocol protocol) {
        return numeric ? endpoint.toString() : names.endpoint(endpoint, protocol);
    }

    private void options(ServiceOptions options) {
        text.append(" -s ").append(options.scheduler());
        if (options.persistentSeconds() > 0) {
            text.append(" -p ").append(options.persistentSeconds());
            if (options.persistenceMask() != null) {
                text.append(" -M ").append(options.persistenceMask());
            }
        }
        if (options.onePacket()) {
            text.append(" --ops");
        }
        if (options.synProxy()) {
            text.append(" -j enable");
        }
        // "sip" is what conhash has anyway.
        if ("qid".equals(options.hashTarget())) {
            text.append(" --hash-target qid");
        }
        if (options.expireQuiescent()) {
            text.append(" --expire-quiescent");
        }
        if (options.connectionTimeoutSeconds() > 0) {
            text.append(" --conn-timeout ").append(options.connectionTimeoutSeconds());
        }
        if (options.proxyProtocol() != null) {
            text.append(" --proxy-protocol ").append(options.proxyProtocol());
        }
        if (options.quic()) {
            text.append(" --quic");
        }
        for (String check : options.destinationChecks()) {
            text.append(" --dest-check ").append(check);
        }
    }

    private void options(ServerOptions options) {
        if (!options.forwarding().flag().isEmpty()) {
            text.append(' ').append(options.forwarding().flag());
        }
        text.append(" -w ").append(options.weight());
        if (options.upperThreshold() > 0) {
            text.append(" -x ").append(options.upperThreshold());
        }
        if (options.lowerThreshold() > 0) {
            text.append(" -y ").append(options.lowerThreshold());
        }
    }
}
