package jdpvs.keepalived.check;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.configuration.CheckSettings.Timing;

/** Settings for tests. */
final class Settings {
    /** For what is to answer, also on a busy machine. */
    static final Timing TIMING = timing(Duration.ofMillis(20), 0, Duration.ofSeconds(20));

    /** For what is not to answer. */
    static final Timing IMPATIENT = timing(Duration.ofMillis(20), 0, Duration.ofMillis(500));

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final Http.Url ROOT = url("/");

    private Settings() {}

    static Timing timing(Duration interval, int retries, Duration timeout) {
        return new Timing(interval, retries, interval, Duration.ZERO, timeout, false, false);
    }

    static Target target(Endpoint endpoint) {
        return new Target(endpoint, null, 0, null, 0);
    }

    static Target target(int port) {
        return target(local(port));
    }

    static Endpoint local(int port) {
        return new Endpoint(IpAddress.parse("127.0.0.1"), port);
    }

    /** A port where nobody listens. */
    static int closedPort() throws java.io.IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return ((InetSocketAddress) socket.getLocalSocketAddress()).getPort();
        }
    }

    static Http.Url url(String path) {
        return new Http.Url(path, List.of(new Http.Range(200, 299)), null, null, null, false, 0, 0, -1);
    }

    static Http.Url digest(String digest) {
        return new Http.Url("/", List.of(new Http.Range(200, 299)), digest, null, null, false, 0, 0, -1);
    }

    static Http.Url regex(String regex, boolean absent, int minimum, int maximum) {
        return new Http.Url("/", List.of(new Http.Range(200, 299)), null, null, regex, absent, 0, minimum, maximum);
    }

    static Http http(int port, String version, Http.Url... urls) {
        return new Http(TIMING, target(port), false, List.of(urls), version, false, false, null);
    }

    static CheckSettings.Tcp tcp(int port) {
        return new CheckSettings.Tcp(TIMING, target(port));
    }
}
