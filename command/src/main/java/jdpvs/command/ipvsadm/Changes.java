package jdpvs.command.ipvsadm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import jdpvs.command.CommandFailure;
import jdpvs.command.Names;
import jdpvs.command.Numbers;
import jdpvs.control.Change;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import org.jspecify.annotations.Nullable;

/** Turns a line into the change that it asks for, with DPVS's defaults (facts: cli §4.4) and messages (§4.5). */
final class Changes {
    private static final int DEFAULT_PERSISTENCE_SECONDS = 360;
    private static final int LONGEST_PERSISTENCE_SECONDS = 31 * 24 * 3600;
    private static final Set<String> PROXY_PROTOCOLS = Set.of("v1", "v2", "v1-insecure", "v2-insecure");
    private static final Set<String> CHECK_WORDS = Set.of("disable", "default", "tcp", "udp", "sctp", "ping");
    private static final Pattern CHECK = Pattern.compile("\\d{1,6},(\\d{1,6},)?\\d{1,6}s(,\\d{1,6}-\\d{1,6}s)?");

    private final Names names;

    Changes(Names names) {
        this.names = names;
    }

    /** Null when the line's command changes nothing. */
    @Nullable Change of(Line line) throws CommandFailure {
        return switch (line.command()) {
            case ADD_SERVICE -> new Change.ServiceAdd(service(line), serviceOptions(line));
            case EDIT_SERVICE -> new Change.ServiceEdit(service(line), serviceOptions(line));
            case DELETE_SERVICE -> new Change.ServiceDelete(service(line));
            case FLUSH -> new Change.ServiceClear();
            case ADD_SERVER -> new Change.ServerAdd(service(line), server(line), serverOptions(line));
            case EDIT_SERVER -> new Change.ServerEdit(service(line), server(line), serverOptions(line));
            case DELETE_SERVER -> new Change.ServerDelete(service(line), server(line));
            case ZERO -> new Change.Zero(line.service() == null ? null : service(line));
            case ADD_LADDR ->
                new Change.LocalAddressAdd(service(line), localAddress(line), value(line, Option.INTERFACE));
            case DEL_LADDR ->
                new Change.LocalAddressDelete(service(line), localAddress(line), value(line, Option.INTERFACE));
            case LIST,
                    RESTORE,
                    SAVE,
                    GET_LADDR,
                    ADD_BLKLST,
                    DEL_BLKLST,
                    GET_BLKLST,
                    ADD_WHTLST,
                    DEL_WHTLST,
                    GET_WHTLST,
                    SET,
                    START_DAEMON,
                    STOP_DAEMON,
                    HELP,
                    VERSION -> null;
        };
    }

    ServiceKey service(Line line) throws CommandFailure {
        Option selector = line.service();
        if (selector == null) {
            throw new IllegalStateException("a line without a service was let through");
        }
        String word = value(line, selector);
        Protocol protocol = switch (selector) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
            case SCTP -> Protocol.SCTP;
            case ICMP -> Protocol.ICMP;
            case ICMPV6 -> Protocol.ICMPV6;
            default -> throw otherSelector(selector, word);
        };
        Endpoint endpoint = Addresses.parse(word, protocol, names);
        boolean portless = protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
        if (endpoint == null || (portless && endpoint.port() > 0)) {
            throw wrong("illegal virtual server address[:port] specified");
        }
        return new ServiceKey(protocol, endpoint.address(), Math.max(0, endpoint.port()));
    }

    private static CommandFailure otherSelector(Option selector, String word) {
        if (selector == Option.FWMARK) {
            return Numbers.parse(word, 1, Integer.MAX_VALUE) < 0
                    ? wrong("invalid fwmark value `" + word + "' specified")
                    : notSupported("services by firewall mark (-f)");
        }
        return Match.legal(word) ? notSupported("services by match (-H)") : wrong("illegal match specified");
    }

    private ServiceOptions serviceOptions(Line line) throws CommandFailure {
        ServiceKey key = service(line);
        String persistent = line.get(Option.PERSISTENT);
        int persistentSeconds = 0;
        if (persistent != null) {
            persistentSeconds = persistent.isEmpty()
                    ? DEFAULT_PERSISTENCE_SECONDS
                    : number(persistent, 1, LONGEST_PERSISTENCE_SECONDS, "illegal timeout specified");
        }
        boolean portless = key.protocol() == Protocol.ICMP || key.protocol() == Protocol.ICMPV6;
        if (key.port() == 0 && persistent == null && !portless) {
            throw wrong("Zero port specified for no-match and non-persistent service");
        }
        if (line.has(Option.ONE_PACKET) && key.protocol() != Protocol.UDP) {
            throw wrong("One-Packet Scheduling is only for UDP virtual services");
        }
        String scheduler = line.get(Option.SCHEDULER) == null ? "wlc" : value(line, Option.SCHEDULER);
        return new ServiceOptions(
                scheduler,
                persistentSeconds,
                netmask(line.get(Option.NETMASK), key.address().ipv6()),
                line.has(Option.ONE_PACKET),
                synProxy(line.get(Option.SYN_PROXY)),
                hashTarget(line.get(Option.HASH_TARGET), scheduler, key.protocol()),
                line.has(Option.EXPIRE_QUIESCENT),
                line.has(Option.CONN_TIMEOUT)
                        ? number(
                                value(line, Option.CONN_TIMEOUT),
                                0,
                                Integer.MAX_VALUE,
                                "illegal conn-timeout specified")
                        : 0,
                proxyProtocol(line.get(Option.PROXY_PROTOCOL)),
                line.has(Option.QUIC),
                destinationChecks(line.destinationChecks()));
    }

    private static @Nullable String netmask(@Nullable String word, boolean ipv6) throws CommandFailure {
        if (word == null) {
            return null;
        }
        if (ipv6) {
            number(word, 1, 128, "illegal netmask specified");
            return word.equals("128") ? null : word;
        }
        try {
            int mask = IpAddress.parse(word).toIpv4();
            // Ones, then zeros: the complement plus one is a power of two.
            if (word.indexOf(':') < 0 && mask != 0 && (~mask & (~mask + 1)) == 0) {
                return mask == -1 ? null : word;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw wrong("illegal netmask specified");
    }

    private static boolean synProxy(@Nullable String word) throws CommandFailure {
        if (word == null || word.equals("disable")) {
            return false;
        }
        if (!word.equals("enable")) {
            throw wrong("synproxy switch must be enable or disable");
        }
        return true;
    }

    private static @Nullable String hashTarget(@Nullable String word, String scheduler, Protocol protocol)
            throws CommandFailure {
        boolean consistent = scheduler.equals("conhash");
        if (word == null) {
            return consistent ? "sip" : null;
        }
        if (!word.equals("sip") && !word.equals("qid")) {
            throw wrong("hash target not support");
        }
        if (!consistent) {
            throw wrong("hash target can only be set when schedule is conhash");
        }
        if (word.equals("qid") && protocol != Protocol.UDP) {
            throw wrong("qid hash can only be set in udp service");
        }
        return word;
    }

    private static @Nullable String proxyProtocol(@Nullable String word) throws CommandFailure {
        if (word == null || word.equals("disable")) {
            return null;
        }
        if (!PROXY_PROTOCOLS.contains(word)) {
            throw wrong("illegal proxy-protocol specified: v1, v2, v1-insecure, v2-insecure or disable");
        }
        return word;
    }

    /** {@code disable} clears what stands before it. */
    private static List<String> destinationChecks(List<String> words) throws CommandFailure {
        List<String> checks = new ArrayList<>();
        for (String word : words) {
            if (!CHECK_WORDS.contains(word) && !CHECK.matcher(word).matches()) {
                throw wrong("invalid dest_check config");
            }
            if (word.equals("disable")) {
                checks.clear();
            } else {
                checks.add(word);
            }
        }
        return checks;
    }

    /** Without a port of its own a server has the service's. */
    private Endpoint server(Line line) throws CommandFailure {
        ServiceKey key = service(line);
        Endpoint server = Addresses.parse(value(line, Option.REAL_SERVER), key.protocol(), names);
        if (server == null) {
            throw wrong("illegal real server address[:port] specified");
        }
        return server.port() < 0 ? new Endpoint(server.address(), key.port()) : server;
    }

    private static ServerOptions serverOptions(Line line) throws CommandFailure {
        Option forward = line.forward();
        Forwarding forwarding = switch (forward == null ? Option.GATEWAYING : forward) {
            case MASQUERADING -> Forwarding.MASQUERADE;
            case TUNNELING -> Forwarding.TUNNEL;
            case FULLNAT -> Forwarding.FULLNAT;
            case SNAT -> Forwarding.SNAT;
            default -> Forwarding.ROUTE;
        };
        return new ServerOptions(
                forwarding,
                optional(line, Option.WEIGHT, 1, 65535, "illegal weight specified"),
                optional(line, Option.UPPER, 0, Integer.MAX_VALUE, "illegal u_threshold specified"),
                optional(line, Option.LOWER, 0, Integer.MAX_VALUE, "illegal l_threshold specified"));
    }

    private IpAddress localAddress(Line line) throws CommandFailure {
        String word = value(line, Option.LOCAL_ADDRESS);
        String bare = word.startsWith("[") && word.endsWith("]") ? word.substring(1, word.length() - 1) : word;
        IpAddress address = Addresses.host(bare, names);
        if (address == null) {
            throw wrong("illegal local address");
        }
        return address;
    }

    private static int optional(Line line, Option option, int fallback, int highest, String sentence)
            throws CommandFailure {
        String word = line.get(option);
        return word == null ? fallback : number(word, 0, highest, sentence);
    }

    private static int number(String word, int lowest, int highest, String sentence) throws CommandFailure {
        int number = Numbers.parse(word, lowest, highest);
        if (number < 0) {
            throw wrong(sentence);
        }
        return number;
    }

    static String value(Line line, Option option) {
        String value = line.get(option);
        return value == null ? "" : value;
    }

    static CommandFailure wrong(String sentence) {
        return new CommandFailure(Line.WRONG, sentence);
    }

    /** With the exit status that DPVS's code for it gives. */
    static CommandFailure notSupported(String what) {
        return new CommandFailure(
                ErrorCode.NOT_SUPPORTED.number() & 0xff, "ipvsadm: not support: " + what + "; not part of jdpvs yet");
    }
}
