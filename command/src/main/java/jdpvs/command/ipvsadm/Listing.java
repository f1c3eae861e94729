package jdpvs.command.ipvsadm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Names;
import jdpvs.command.Numbers;
import jdpvs.command.Version;
import jdpvs.control.Endpoint;
import jdpvs.control.Protocol;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;

/**
 * {@code ipvsadm -L}: services and their servers (facts: cli §4.6 (a) to (e)).
 *
 * <pre>
 * service  PROTO··ADDRESS:PORT SCHEDULER[ flags]
 *          or, with numbers, the same name in 33 columns and the numbers
 * server   ··-&gt;·ADDRESS:PORT in 28 columns, then the columns of the format
 * </pre>
 */
final class Listing {
    private static final int NAME = 33;
    private static final int SERVER = 28;

    /** IANA's numbers, which order the list. */
    private static final Map<Protocol, Integer> NUMBERS =
            Map.of(Protocol.ICMP, 1, Protocol.TCP, 6, Protocol.UDP, 17, Protocol.ICMPV6, 58, Protocol.SCTP, 132);

    static final Comparator<Views.Service> SERVICE_ORDER = Comparator.comparing(
                    (Views.Service s) -> s.key().address().ipv6())
            .thenComparingInt(s -> NUMBERS.getOrDefault(s.key().protocol(), 0))
            .thenComparing(s -> s.key().address())
            .thenComparingInt(s -> s.key().port());

    /** IPv6 first where families are mixed, as DPVS lists them. */
    static final Comparator<Views.Server> SERVER_ORDER = Comparator.comparing(
                    (Views.Server s) -> !s.endpoint().address().ipv6())
            .thenComparing(s -> s.endpoint().address())
            .thenComparingInt(s -> s.endpoint().port());

    private enum Format {
        BASIC("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n", ""),
        STATS("  -> RemoteAddress:Port\n", "Conns InPkts OutPkts InBytes OutBytes"),
        RATE("  -> RemoteAddress:Port\n", "CPS InPPS OutPPS InBPS OutBPS"),
        THRESHOLDS("  -> RemoteAddress:Port\n", ""),
        PERSISTENT("  -> RemoteAddress:Port\n", "");

        private final String secondTitle;
        private final String numbers;

        Format(String secondTitle, String numbers) {
            this.secondTitle = secondTitle;
            this.numbers = numbers;
        }

        static Format of(Line line) {
            return line.has(Option.STATS)
                    ? STATS
                    : line.has(Option.RATE)
                            ? RATE
                            : line.has(Option.THRESHOLDS)
                                    ? THRESHOLDS
                                    : line.has(Option.PERSISTENT_CONN) ? PERSISTENT : BASIC;
        }
    }

    private final Format format;
    private final boolean exact;
    private final boolean numeric;
    private final boolean sorted;
    private final Names names;
    private final Console console;

    private Listing(Line line, Names names, Console console) {
        this.format = Format.of(line);
        this.exact = line.has(Option.EXACT);
        this.numeric = line.has(Option.NUMERIC);
        this.sorted = !line.has(Option.NO_SORT);
        this.names = names;
        this.console = console;
    }

    static void list(Line line, Changes changes, Names names, Console console) throws CommandFailure, IOException {
        if (line.has(Option.TIMEOUT)) {
            throw new CommandFailure(1, "ipvsadm: not support: listing time-outs; they stand in dpvs.conf");
        }
        if (line.has(Option.DAEMON)) {
            throw new CommandFailure(1, "ipvsadm: not support: listing synchronisation daemons; dpvs has none");
        }
        if (line.has(Option.CONNECTION) || line.has(Option.SOCKPAIR)) {
            ConnectionListing.list(line, names, console);
            return;
        }
        wholeBalancer(line);
        Listing listing = new Listing(line, names, console);
        if (line.service() == null) {
            List<Views.Service> services = new ArrayList<>(console.control().services());
            if (listing.sorted) {
                services.sort(SERVICE_ORDER);
            }
            console.out().print("IP Virtual Server version " + Version.COMPATIBLE + " (size=0)\n");
            console.out().append(listing.titles());
            for (Views.Service service : services) {
                listing.print(service);
            }
        } else {
            Views.Service service = find(changes.service(line), console);
            console.out().append(listing.titles());
            listing.print(service);
        }
    }

    static Views.Service find(ServiceKey key, Console console) throws CommandFailure, IOException {
        Views.Service service = console.control().service(key);
        if (service == null) {
            throw new CommandFailure(1, "ipvsadm: no service: " + key);
        }
        return service;
    }

    /** Counters are kept for each worker and answered as sums. */
    static void wholeBalancer(Line line) throws CommandFailure {
        String cpu = line.get(Option.CPU);
        if (cpu == null) {
            return;
        }
        int number = Numbers.parse(cpu, 0, 4095);
        if (number < 0) {
            throw Changes.wrong("illegal cpu specified");
        }
        if (number > 0) {
            throw Changes.notSupported("services of one worker (--cpu " + number + ")");
        }
    }

    private StringBuilder titles() {
        StringBuilder text = new StringBuilder(160);
        String first = "Prot LocalAddress:Port";
        switch (format) {
            case BASIC -> text.append(first).append(" Scheduler Flags");
            case STATS, RATE -> {
                Columns.left(text, first, NAME);
                for (String number : format.numbers.split(" ", -1)) {
                    Columns.right(text.append(' '), number, 8);
                }
            }
            case THRESHOLDS -> cells(Columns.left(text, first, NAME), "Uthreshold", "Lthreshold", 10, 10);
            case PERSISTENT -> cells(Columns.left(text, first, NAME), "Weight", "PersistConn", 9, 11);
        }
        return text.append('\n').append(format.secondTitle);
    }

    private static void cells(StringBuilder text, Object first, Object second, int width1, int width2) {
        Columns.left(text.append(' '), first.toString(), width1);
        Columns.left(text.append(' '), second.toString(), width2);
        Columns.left(text.append(' '), "ActiveConn", 10);
        Columns.left(text.append(' '), "InActConn", 10);
    }

    private void print(Views.Service service) {
        StringBuilder text = new StringBuilder(256);
        text.append(service.key().protocol().listed()).append("  ");
        text.append(name(
                new Endpoint(service.key().address(), service.key().port()),
                service.key().protocol(),
                NAME));
        switch (format) {
            case STATS -> {
                pad(text, NAME);
                stats(text, service.counters());
            }
            case RATE -> {
                pad(text, NAME);
                rates(text, service.rates());
            }
            case BASIC, THRESHOLDS, PERSISTENT -> {
                text.append(' ').append(service.options().scheduler());
                ServiceFlags.append(text, service.options());
            }
        }
        text.append('\n');
        List<Views.Server> servers = new ArrayList<>(service.servers());
        if (sorted) {
            servers.sort(SERVER_ORDER);
        }
        for (Views.Server server : servers) {
            print(text, server, service.key().protocol());
        }
        console.out().append(text);
    }

    private void print(StringBuilder text, Views.Server server, Protocol protocol) {
        Columns.left(text.append("  -> "), name(server.endpoint(), protocol, SERVER), SERVER);
        switch (format) {
            case BASIC -> {
                Columns.left(text.append(' '), server.options().forwarding().listed(), 7);
                Columns.left(text.append(' '), server.options().weight(), 6);
                Columns.left(text.append(' '), server.active(), 10);
                Columns.left(text.append(' '), server.inactive(), 10);
                if (server.inhibited()) {
                    text.append(server.overloaded() ? " inhibited,overload" : " inhibited");
                } else if (server.overloaded()) {
                    text.append(" overload");
                }
            }
            case STATS -> stats(text, server.counters());
            case RATE -> rates(text, server.rates());
            case THRESHOLDS -> {
                Columns.left(text.append(' '), server.options().upperThreshold(), 10);
                Columns.left(text.append(' '), server.options().lowerThreshold(), 10);
                Columns.left(text.append(' '), server.active(), 10);
                Columns.left(text.append(' '), server.inactive(), 10);
            }
            case PERSISTENT -> {
                Columns.left(text.append(' '), server.options().weight(), 9);
                Columns.left(text.append(' '), server.persistent(), 11);
                Columns.left(text.append(' '), server.active(), 10);
                Columns.left(text.append(' '), server.inactive(), 10);
            }
        }
        text.append('\n');
    }

    private void stats(StringBuilder text, Views.Counters counters) {
        LargeNumber.append(text, counters.connections(), exact);
        LargeNumber.append(text, counters.inPackets(), exact);
        LargeNumber.append(text, counters.outPackets(), exact);
        LargeNumber.append(text, counters.inBytes(), exact);
        LargeNumber.append(text, counters.outBytes(), exact);
    }

    private void rates(StringBuilder text, Views.Rates rates) {
        Columns.right(text.append(' '), rates.connections(), 8);
        Columns.right(text.append(' '), rates.inPackets(), 8);
        Columns.right(text.append(' '), rates.outPackets(), 8);
        LargeNumber.append(text, rates.inBytes(), exact);
        LargeNumber.append(text, rates.outBytes(), exact);
    }

    /** IPv4 names are cut to their column, IPv6 ones never. */
    private String name(Endpoint endpoint, Protocol protocol, int width) {
        String name = numeric ? endpoint.toString() : names.endpoint(endpoint, protocol);
        return endpoint.address().ipv6() || name.length() <= width ? name : name.substring(0, width);
    }

    private static void pad(StringBuilder text, int width) {
        while (text.length() < width) {
            text.append(' ');
        }
    }
}
