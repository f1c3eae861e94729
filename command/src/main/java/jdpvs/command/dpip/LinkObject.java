package jdpvs.command.dpip;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Numbers;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip link} (facts: cli §3.4). */
final class LinkObject implements DpipObject {
    private static final Set<String> SWITCHES =
            Set.of("promisc", "forward2kni", "tc-egress", "tc-ingress", "allmulticast", "lldp");

    private static final Set<String> OTHER_ITEMS = Set.of(
            "link",
            "addr",
            "bond-mode",
            "bond-primary",
            "bond-xmit-policy",
            "bond-monitor-interval",
            "bond-link-down-prop",
            "bond-link-up-prop");

    @Override
    public String help() {
        return DpipHelp.LINK;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        switch (command) {
            case "show" -> show(line, words, console);
            case "set" -> set(words, console);
            case "add", "del" -> BondCommand.changeSlaves(command, words, console);
            default -> throw DpipObject.notSupported("link " + command);
        }
    }

    private static void show(DpipLine line, List<String> words, Console console) throws CommandFailure, IOException {
        boolean withDev = !words.isEmpty() && words.getFirst().equals("dev");
        if (words.size() == (withDev ? 3 : 2) && words.getLast().equals("status")) {
            BondCommand.status(words.get(words.size() - 2), console);
            return;
        }
        Arguments arguments = Arguments.parse(line.family(), words, Set.of("dev"), Set.of());
        String dev = arguments.get("dev");
        if (dev != null) {
            arguments.noPositional();
        }
        String name = dev != null ? dev : arguments.positional();
        int cpu = dev == null && name != null ? cpu(name) : NO_CPU;
        if (line.intervalSeconds() == 0) {
            if (cpu == NO_CPU) {
                for (Views.Link link : links(console, name)) {
                    LinkBlock.print(link, line, console.out());
                }
            } else {
                CpuBlock.print(console, line, cpu, null, 0);
            }
            return;
        }
        repeat(line, name, cpu, console);
    }

    /** Rates between two looks, each round until the count is reached or the client goes away. */
    private static void repeat(DpipLine line, @Nullable String name, int cpu, Console console)
            throws CommandFailure, IOException {
        Map<String, Views.LinkCounters> before = counters(console, name, cpu);
        Views.Status statusBefore = cpu == NO_CPU ? null : console.control().status();
        for (int round = 0; line.count() == 0 || round < line.count(); round++) {
            if (!sleep(line.intervalSeconds(), console)) {
                return;
            }
            if (line.color()) {
                console.out().print(round % 2 == 0 ? "\u001b[34m" : "\u001b[32m");
            }
            if (cpu != NO_CPU) {
                Views.Status now = CpuBlock.print(console, line, cpu, statusBefore, line.intervalSeconds());
                statusBefore = now;
            } else {
                for (Views.Link link : links(console, name)) {
                    Views.LinkCounters old = before.put(link.name(), link.counters());
                    if (!line.statistics()) {
                        LinkBlock.print(link, line, console.out());
                    } else {
                        LinkBlock.printRates(
                                link, old == null ? link.counters() : old, line.intervalSeconds(), console.out());
                    }
                }
            }
            if (line.color()) {
                console.out().print("\u001b[0m");
            }
            if (console.out().checkError()) {
                return;
            }
        }
    }

    /** False when the client went away meanwhile: it is asked every second, so that a long interval does not outlive it. */
    private static boolean sleep(int seconds, Console console) {
        for (int i = 0; i < seconds; i++) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (console.out().checkError()) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Views.LinkCounters> counters(Console console, @Nullable String name, int cpu)
            throws CommandFailure, IOException {
        Map<String, Views.LinkCounters> counters = new HashMap<>();
        if (cpu == NO_CPU) {
            for (Views.Link link : links(console, name)) {
                counters.put(link.name(), link.counters());
            }
        }
        return counters;
    }

    private static List<Views.Link> links(Console console, @Nullable String name) throws CommandFailure, IOException {
        List<Views.Link> links = console.control().links();
        if (name == null) {
            return links;
        }
        for (Views.Link link : links) {
            if (link.name().equals(name)) {
                return List.of(link);
            }
        }
        throw new CommandFailure(1, "Fail to get information for " + name);
    }

    private static final int NO_CPU = -2;
    private static final int ALL_CPUS = -1;

    /** The N of {@code cpuN}. */
    private static int cpu(String name) {
        if (name.equals("cpu")) {
            return ALL_CPUS;
        }
        int number = name.startsWith("cpu") ? Numbers.parse(name.substring(3), 0, 4095) : -1;
        return number < 0 ? NO_CPU : number;
    }

    /** DPVS ends with 0 even when the daemon refuses; only an unknown item is an error. We keep the code and say what was refused. */
    private static void set(List<String> words, Console console) throws CommandFailure, IOException {
        List<String> rest = new ArrayList<>(words);
        if (rest.size() > 3 && rest.getFirst().equals("dev")) {
            rest.removeFirst();
        }
        if (rest.isEmpty()) {
            throw Arguments.checkFailure("no device specified.");
        }
        if (rest.size() == 1) {
            throw Arguments.parseFailure("missing ITEM and VALUE for " + rest.getFirst());
        }
        String item = rest.get(1);
        if (!SWITCHES.contains(item) && !OTHER_ITEMS.contains(item)) {
            throw new CommandFailure(1, "invalid parameter name '" + item + "'");
        }
        if (rest.size() == 2) {
            throw new CommandFailure(1, "dpip: missing argument for `" + item + "'");
        }
        if (rest.size() > 3) {
            throw Arguments.parseFailure("too many arguments: `" + rest.get(3) + "'");
        }
        String value = rest.get(2);
        if (!valid(item, value)) {
            console.error().print("invalid arguement value for '" + item + "'\n");
            return;
        }
        try {
            DpipObject.apply(console, new Change.LinkSet(rest.getFirst(), item, value));
        } catch (ControlException e) {
            console.error().print("dpip: " + e.code().text() + ": " + e.getMessage() + "\n");
        }
    }

    private static boolean valid(String item, String value) {
        if (SWITCHES.contains(item)) {
            return value.equals("on") || value.equals("off");
        }
        return switch (item) {
            case "link" -> value.equals("up") || value.equals("down");
            case "addr" -> value.matches("(?i)[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}");
            case "bond-mode" -> Numbers.parse(value, 0, 6) >= 0;
            case "bond-xmit-policy" -> Set.of("layer2", "layer23", "layer34").contains(value.toLowerCase(Locale.ROOT));
            case "bond-monitor-interval" -> Numbers.parse(value, 1, Integer.MAX_VALUE) >= 0;
            case "bond-link-down-prop", "bond-link-up-prop" -> Numbers.parse(value, 0, Integer.MAX_VALUE) >= 0;
            default -> true;
        };
    }
}
