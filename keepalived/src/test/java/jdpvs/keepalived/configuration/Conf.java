package jdpvs.keepalived.configuration;

import java.nio.file.Path;
import java.util.List;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import org.jspecify.annotations.Nullable;

/** Texts of configurations for tests, read on a host that is always the same. */
final class Conf {
    static final Path FILE = Path.of("k.conf");
    static final Path SAMPLE = Path.of("..", "conf", "keepalived.conf.sample");

    static final Host HOST = new Host() {
        @Override
        String name() {
            return "lb1";
        }

        @Override
        boolean hasUser(String user) {
            return user.equals("nobody") || isRoot(user);
        }

        @Override
        boolean isRoot(String user) {
            return user.equals("root") || user.equals("0");
        }

        @Override
        boolean hasGroup(String group) {
            return group.equals("root") || group.equals("nogroup");
        }

        @Override
        boolean exists(Path program) {
            return !program.toString().contains("missing");
        }

        @Override
        @Nullable Path changeable(Path program) {
            return program.startsWith("/tmp") ? Path.of("/tmp") : null;
        }
    };

    private Conf() {}

    static KeepalivedFile.Loaded parse(String text) {
        return KeepalivedFile.parse(text, FILE, "", HOST);
    }

    static KeepalivedFile.Loaded parse(String text, String identity) {
        return KeepalivedFile.parse(text, FILE, identity, HOST);
    }

    /** {@code SEVERITY line: text} of each. */
    static List<String> complaints(KeepalivedFile.Loaded loaded) {
        return loaded.messages().stream()
                .map(message -> message.severity() + " " + message.at().line() + ": " + message.text())
                .toList();
    }

    static List<String> complaints(String text) {
        return complaints(parse(text));
    }

    static List<Message> errors(KeepalivedFile.Loaded loaded) {
        return loaded.messages().stream()
                .filter(message -> message.severity() == Severity.ERROR)
                .toList();
    }

    /** One instance with all that it needs, and what is added. */
    static VrrpInstance instance(String... lines) {
        return instanceOf("", "10.0.0.1", lines).configuration().instances().getFirst();
    }

    static KeepalivedFile.Loaded instanceOf(String before, String address, String... lines) {
        return parse(
                before + "vrrp_instance V {\ninterface k0\ndpdk_interface d0\nvirtual_router_id 1\nvirtual_ipaddress { "
                        + address + " }\n" + String.join("\n", lines) + "\n}\n");
    }

    /** One service with one server, and what is added to either. */
    static KeepalivedFile.Loaded service(String service, String server) {
        return parse("virtual_server 10.0.0.1 80 {\nprotocol TCP\n" + service + "\nreal_server 192.0.2.1 8080 {\n"
                + server + "\n}\n}\n");
    }

    static VirtualServer virtualServer(String service, String server) {
        return service(service, server).configuration().virtualServers().getFirst();
    }

    static CheckSettings check(String server) {
        return virtualServer("", server).servers().getFirst().checks().getFirst();
    }
}
