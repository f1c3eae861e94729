package jdpvs.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Names of hosts and services from the machine's own files, never from the network: a listing must not wait for a name server. Read once for each command, at
 * the first question.
 */
public final class Names {
    private final Path hostsFile;
    private final Path servicesFile;
    private @Nullable Map<String, IpAddress> addresses;
    private final Map<IpAddress, String> hosts = new HashMap<>();
    private @Nullable Map<String, Integer> ports;
    private final Map<String, String> services = new HashMap<>();

    public Names() {
        this(Path.of("/etc/hosts"), Path.of("/etc/services"));
    }

    public Names(Path hostsFile, Path servicesFile) {
        this.hostsFile = hostsFile;
        this.servicesFile = servicesFile;
    }

    public @Nullable IpAddress address(String host) {
        return addresses().get(host.toLowerCase(Locale.ROOT));
    }

    /** The host's first name, or the address itself. */
    public String host(IpAddress address) {
        Map<String, IpAddress> read = addresses();
        return read.isEmpty() ? address.toString() : hosts.getOrDefault(address, address.toString());
    }

    /** -1 when unknown. */
    public int port(String service, Protocol protocol) {
        return ports().getOrDefault(service + "/" + word(protocol), -1);
    }

    /** The service's first name, or the number. */
    public String service(int port, Protocol protocol) {
        Map<String, Integer> read = ports();
        String number = Integer.toString(port);
        return read.isEmpty() ? number : services.getOrDefault(port + "/" + word(protocol), number);
    }

    /** {@code host:service}, IPv6 addresses in brackets. */
    public String endpoint(Endpoint endpoint, Protocol protocol) {
        String host = host(endpoint.address());
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + service(endpoint.port(), protocol);
    }

    private static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    private Map<String, IpAddress> addresses() {
        Map<String, IpAddress> read = addresses;
        if (read == null) {
            read = new HashMap<>();
            for (String[] fields : fields(hostsFile)) {
                try {
                    IpAddress address = IpAddress.parse(fields[0]);
                    hosts.putIfAbsent(address, fields[1]);
                    for (int i = 1; i < fields.length; i++) {
                        read.putIfAbsent(fields[i].toLowerCase(Locale.ROOT), address);
                    }
                } catch (IllegalArgumentException e) {
                    // A line we do not understand names no host.
                }
            }
            addresses = read;
        }
        return read;
    }

    private Map<String, Integer> ports() {
        Map<String, Integer> read = ports;
        if (read == null) {
            read = new HashMap<>();
            for (String[] fields : fields(servicesFile)) {
                int slash = fields[1].indexOf('/');
                int port = slash < 0 ? -1 : Numbers.parse(fields[1].substring(0, slash), 0, 65535);
                if (port >= 0) {
                    String protocol = fields[1].substring(slash);
                    services.putIfAbsent(port + protocol, fields[0]);
                    read.putIfAbsent(fields[0] + protocol, port);
                    for (int i = 2; i < fields.length; i++) {
                        read.putIfAbsent(fields[i] + protocol, port);
                    }
                }
            }
            ports = read;
        }
        return read;
    }

    /** Lines of two fields and more, comments cut. */
    private static List<String[]> fields(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > 1)
                    .toList();
        } catch (IOException e) {
            // A machine without the file has no names.
            return List.of();
        }
    }
}
