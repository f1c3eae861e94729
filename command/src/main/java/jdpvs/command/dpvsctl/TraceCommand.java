package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import jdpvs.command.Columns;
import jdpvs.command.Console;
import jdpvs.command.Numbers;
import jdpvs.control.ControlException;
import jdpvs.control.ControlJson;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.Traces;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code dpvsctl trace}: where a client's packet goes, and if nowhere, why. */
@Command(
        name = "trace",
        description = {
            "What happens to a packet from a client to a service, step by step: what was found, in which table, and the verdict.",
            "Marks: ok as it should be, -- worth knowing, !! why packets are lost.",
            "Exit code: 0 forwarded, 1 dropped, 2 wrong words."
        },
        mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "CLIENT:PORT", converter = ToEndpoint.class)
    private Endpoint client = new Endpoint(IpAddress.ofIpv4(0), 0);

    @Parameters(index = "1", paramLabel = "VIP:PORT", converter = ToEndpoint.class)
    private Endpoint virtual = new Endpoint(IpAddress.ofIpv4(0), 0);

    @Option(
            names = {"-u", "--udp"},
            description = "A UDP datagram; otherwise TCP.")
    private boolean udp;

    @Option(
            names = "--packet",
            description =
                    "Send a SYN (or an empty datagram) through a worker and wait a second for the server's answer.")
    private boolean packet;

    @Option(
            names = "--live",
            description = "Show the packets of this flow as they pass, both ways; ports may be left out or *.")
    private boolean live;

    @Option(names = "--seconds", paramLabel = "N", description = "With --live: end after so many seconds.")
    private long seconds = Long.MAX_VALUE;

    @Option(names = "--count", paramLabel = "N", description = "With --live: end after so many packets.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    TraceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (live) {
            return live();
        }
        if (client.port() == 0 || virtual.port() == 0) {
            console.error().print("dpvsctl: a port is missing: CLIENT:PORT VIP:PORT; only --live does without\n");
            return 2;
        }
        Traces.Question question = new Traces.Question(udp ? Protocol.UDP : Protocol.TCP, client, virtual, packet);
        Traces.Trace trace;
        try {
            trace = console.control().trace(question);
        } catch (ControlException e) {
            console.error().print("dpvsctl: " + e.code().text() + ": " + e.getMessage() + "\n");
            return 1;
        }
        console.out().print(json ? ControlJson.pretty(trace) + "\n" : text(trace));
        return trace.verdict().dropped() ? 1 : 0;
    }

    private int live() throws IOException {
        if (packet || json || seconds < 1 || count < 1) {
            console.error().print("dpvsctl: --live goes with --udp, --seconds and --count (1 or more) only\n");
            return 2;
        }
        if (client.address().ipv6() || virtual.address().ipv6()) {
            console.error()
                    .print("dpvsctl: not support: a live trace over IPv6; the tables are asked without --live\n");
            return 1;
        }
        try {
            return new LiveTrace(console, udp ? Protocol.UDP : Protocol.TCP, client, virtual, count, seconds).run();
        } catch (ControlException e) {
            console.error().print("dpvsctl: " + e.code().text() + ": " + e.getMessage() + "\n");
            return 1;
        }
    }

    private static String text(Traces.Trace trace) {
        StringBuilder text = new StringBuilder(2048);
        Traces.Question question = trace.question();
        text.append("trace ")
                .append(question.protocol().listed())
                .append(' ')
                .append(question.client())
                .append(" -> ")
                .append(question.virtual())
                .append("\n\n");
        int step = 4;
        int where = 4;
        for (Traces.Finding finding : trace.findings()) {
            step = Math.max(step, finding.step().length());
            where = Math.max(where, finding.where().length());
        }
        List<Traces.Finding> findings = trace.findings();
        for (int i = 0; i < findings.size(); i++) {
            Traces.Finding finding = findings.get(i);
            Columns.right(text, i + 1, 2).append("  ");
            Columns.left(text, finding.step(), step).append("  ");
            text.append(mark(finding.mark())).append("  ");
            Columns.left(text, finding.where(), where).append("  ");
            text.append(finding.finding()).append('\n');
        }
        text.append(findings.isEmpty() ? "" : "\n");
        for (String warning : trace.warnings()) {
            text.append("warning: ").append(warning).append('\n');
        }
        return text.append("verdict: ").append(trace.verdict()).append('\n').toString();
    }

    private static String mark(Traces.Mark mark) {
        return switch (mark) {
            case OK -> "ok";
            case NOTE -> "--";
            case BAD -> "!!";
        };
    }

    /** {@code 10.0.0.1:80}, IPv6 in brackets. */
    static final class ToEndpoint implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String word) {
            Endpoint anyPort = LiveTrace.flowEnd(word);
            if (anyPort != null) {
                return anyPort;
            }
            int colon = word.lastIndexOf(':');
            int port = colon < 0 ? -1 : Numbers.parse(word.substring(colon + 1), 1, 65535);
            if (port < 0) {
                throw new TypeConversionException("'" + word + "' is not ADDRESS:PORT, for example 172.16.0.1:40000");
            }
            String address = word.substring(0, colon);
            if (address.startsWith("[") && address.endsWith("]")) {
                address = address.substring(1, address.length() - 1);
            }
            try {
                return new Endpoint(IpAddress.parse(address), port);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
