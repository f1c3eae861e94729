package jdpvs.command.ipvsadm;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Names;
import jdpvs.command.Numbers;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code ipvsadm -lnc}: no header, one connection a line, streamed (facts: cli §4.6 (f)). */
final class ConnectionListing {
    /** Lines between two looks at whether the reader is still there. */
    private static final int LOOK_AFTER_LINES = 256;

    private static final Pattern SOCKPAIR =
            Pattern.compile("(tcp|udp|sctp|icmp|icmpv6):(\\[[^]]*]|[^:]*):(\\d{1,5}):(\\[[^]]*]|[^:]*):(\\d{1,5})");

    private final boolean numeric;
    private final Names names;
    private final Console console;
    private final StringBuilder text = new StringBuilder(160);
    private int lines;

    private ConnectionListing(boolean numeric, Names names, Console console) {
        this.numeric = numeric;
        this.names = names;
        this.console = console;
    }

    static void list(Line line, Names names, Console console) throws CommandFailure, IOException {
        ConnectionListing listing = new ConnectionListing(line.has(Option.NUMERIC), names, console);
        String cpu = line.get(Option.CPU);
        int core = cpu == null ? 0 : Numbers.parse(cpu, 0, 4095);
        if (core < 0) {
            throw Changes.wrong("illegal cpu specified");
        }
        String pair = line.get(Option.SOCKPAIR);
        if (pair != null) {
            listing.one(Wanted.parse(pair));
        } else if (!line.has(Option.PERSISTENT_CONN)) {
            // With --persistent-conn only templates of persistent services are listed; there are none yet.
            console.control().connections(c -> (core != 0 && c.core() != core) || listing.print(c));
        }
    }

    private void one(Wanted wanted) throws CommandFailure, IOException {
        console.control().connections(c -> {
            if (!wanted.is(c)) {
                return true;
            }
            print(c);
            return false;
        });
        if (lines == 0) {
            throw new CommandFailure(1, "connection specified not found");
        }
    }

    /** False when nobody reads any more. */
    private boolean print(Views.Connection c) {
        text.setLength(0);
        text.append('[').append(c.core()).append(']');
        Columns.left(text, c.protocol(), 3).append(' ');
        Columns.left(text, c.timeoutSeconds() + "s", 6).append(' ');
        Columns.left(text, c.state().length() > 15 ? c.state().substring(0, 15) : c.state(), 11)
                .append(' ');
        Columns.left(text, name(c.client(), c), 18).append(' ');
        Columns.left(text, name(c.virtual(), c), 18).append(' ');
        Columns.left(text, name(c.local(), c), 18).append(' ');
        console.out().append(text.append(name(c.server(), c)).append('\n'));
        return ++lines % LOOK_AFTER_LINES != 0 || !console.out().checkError();
    }

    private String name(Endpoint endpoint, Views.Connection c) {
        return numeric
                ? endpoint.toString()
                : names.endpoint(endpoint, c.protocol().equals("udp") ? Protocol.UDP : Protocol.TCP);
    }

    /** A connection by either of its two pairs: client to service, or local address to server. */
    private record Wanted(String protocol, Endpoint source, Endpoint target) {
        static Wanted parse(String word) throws CommandFailure {
            Matcher matcher = SOCKPAIR.matcher(word);
            if (matcher.matches()) {
                Endpoint source = endpoint(matcher.group(2), matcher.group(3));
                Endpoint target = endpoint(matcher.group(4), matcher.group(5));
                if (source != null && target != null) {
                    return new Wanted(matcher.group(1), source, target);
                }
            }
            throw Changes.wrong("illegal sockpair<af:sip:sport:tip:tport> specified");
        }

        private static @Nullable Endpoint endpoint(String host, String port) {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            int number = Numbers.parse(port, 0, 65535);
            try {
                return number < 0 ? null : new Endpoint(IpAddress.parse(bare), number);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        boolean is(Views.Connection c) {
            return c.protocol().equals(protocol)
                    && ((source.equals(c.client()) && target.equals(c.virtual()))
                            || (source.equals(c.local()) && target.equals(c.server())));
        }
    }
}
