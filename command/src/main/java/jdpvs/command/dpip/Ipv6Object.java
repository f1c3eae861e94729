package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Numbers;
import jdpvs.control.Views;

/** {@code dpip ipv6 show}: what became of IPv6 datagrams (facts: cli §3.8). */
final class Ipv6Object implements DpipObject {
    private static final int NAME_COLUMNS = 18;
    private static final int HIGHEST_CPU = 4095;

    @Override
    public String help() {
        return DpipHelp.IPV6;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, IOException {
        if (!command.equals("show")) {
            throw DpipObject.notSupported("ipv6 " + command);
        }
        String what = words.isEmpty() ? "total" : words.getFirst();
        switch (what) {
            case "total" -> {
                end(words, 1);
                total(console);
            }
            case "all" -> {
                end(words, 1);
                all(console);
            }
            case "cpu" -> {
                if (words.size() == 1) {
                    throw new CommandFailure(1, "dpip: missing argument for `cpu'");
                }
                int cpu = Numbers.parse(words.get(1), 0, HIGHEST_CPU);
                if (cpu < 0) {
                    throw Arguments.parseFailure("invalid number for `cpu': " + words.get(1));
                }
                end(words, 2);
                one(console, cpu);
            }
            default -> throw Arguments.parseFailure("`" + what + "' is none of total, all and cpu N");
        }
    }

    private static void end(List<String> words, int count) throws CommandFailure {
        if (words.size() > count) {
            throw Arguments.parseFailure("too many arguments: `" + words.get(count) + "'");
        }
    }

    private static void total(Console console) throws IOException {
        StringBuilder text = new StringBuilder(1024);
        for (Views.Ipv6Counter counter : console.control().ipv6Counters()) {
            line(text, "", counter.name(), counter.total());
        }
        console.out().append(text);
    }

    private static void all(Console console) throws IOException {
        List<Views.Worker> workers = console.control().status().workers();
        List<Views.Ipv6Counter> counters = console.control().ipv6Counters();
        StringBuilder text = new StringBuilder(4096).append("All\n");
        for (Views.Ipv6Counter counter : counters) {
            line(text, "    ", counter.name(), counter.total());
        }
        for (int i = 0; i < workers.size(); i++) {
            text.append("cpu ").append(workers.get(i).cpu()).append('\n');
            for (Views.Ipv6Counter counter : counters) {
                line(text, "    ", counter.name(), counter.perWorker().get(i));
            }
        }
        console.out().append(text);
    }

    private static void one(Console console, int cpu) throws CommandFailure, IOException {
        List<Views.Worker> workers = console.control().status().workers();
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).cpu() == cpu) {
                StringBuilder text = new StringBuilder(1024);
                for (Views.Ipv6Counter counter : console.control().ipv6Counters()) {
                    line(text, "", counter.name(), counter.perWorker().get(i));
                }
                console.out().append(text);
                return;
            }
        }
        String there = workers.stream()
                .map(worker -> Integer.toString(worker.cpu()))
                .reduce((a, b) -> a + ", " + b)
                .orElse("none");
        throw new CommandFailure(1, "dpip: not exist: no worker on cpu " + cpu + "; workers are on cpu " + there);
    }

    private static void line(StringBuilder text, String indent, String name, long value) {
        text.append(indent);
        Columns.left(text, name + ":", NAME_COLUMNS).append(' ').append(value).append('\n');
    }
}
