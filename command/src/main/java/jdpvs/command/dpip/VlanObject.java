package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Numbers;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip vlan}: VLAN devices (facts: cli §3.5). */
final class VlanObject implements DpipObject {
    private static final Set<String> KEYWORDS = Set.of("link", "proto", "id");
    private static final int HIGHEST_ID = 4095;
    private static final int NO_ID = 0;
    /** What the kernel's interface of a VLAN device is called after it. */
    private static final String KERNEL_INTERFACE = ".kni";

    private static final int LONGEST_NAME = 15;

    @Override
    public String help() {
        return DpipHelp.VLAN;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        Arguments arguments = Arguments.parse(line.family(), words, KEYWORDS, Set.of());
        switch (command) {
            case "add" -> add(arguments, console);
            case "del" -> delete(arguments, console);
            case "show" -> show(arguments, console);
            default -> throw DpipObject.notSupported("vlan " + command);
        }
    }

    private static void add(Arguments arguments, Console console) throws CommandFailure, ControlException, IOException {
        String link = arguments.get("link");
        if (link == null) {
            throw Arguments.checkFailure("missing real device");
        }
        int id = needId(arguments);
        String name = arguments.positional();
        DpipObject.apply(console, new Change.VlanAdd(name, link, arguments.get("proto"), id));
        warnWithoutKernelInterface(console, link, name == null ? link + "." + id : name);
    }

    /** The device is made all the same; whoever wanted to give the interface an address is to learn why it is not there. */
    private static void warnWithoutKernelInterface(Console console, String link, String name) throws IOException {
        String beside = name + KERNEL_INTERFACE;
        if (beside.length() <= LONGEST_NAME) {
            return;
        }
        for (Views.KernelInterface one : console.control().status().kernelInterfaces()) {
            if (one.device().equals(link)) {
                console.error()
                        .append("dpip: warning: VLAN device " + name + " has no kernel interface, since " + beside
                                + " is longer than "
                                + LONGEST_NAME
                                + " characters; to have one, delete the device and give it a name of at most "
                                + (LONGEST_NAME - KERNEL_INTERFACE.length()) + ": dpip vlan add NAME link " + link
                                + " ...\n");
            }
        }
    }

    private static void delete(Arguments arguments, Console console)
            throws CommandFailure, ControlException, IOException {
        String name = arguments.positional();
        String link = arguments.get("link");
        if (name == null && link == null) {
            throw Arguments.checkFailure("missing both vlan and real device");
        }
        DpipObject.apply(console, new Change.VlanDelete(name, link, name == null ? needId(arguments) : NO_ID));
    }

    /** To standard error, where DPVS's tool writes it and scripts expect it. */
    private static void show(Arguments arguments, Console console) throws CommandFailure, IOException {
        String name = arguments.positional();
        String link = arguments.get("link");
        int id = arguments.get("id") == null ? NO_ID : needId(arguments);
        String protocol = protocol(arguments.get("proto"));
        if (link != null) {
            DpipObject.needDevice(console, link);
        }
        StringBuilder text = new StringBuilder();
        for (Views.Link device : console.control().links()) {
            Views.Vlan vlan = device.vlan();
            if (vlan != null
                    && (name == null || name.equals(device.name()))
                    && (link == null || link.equals(vlan.link()))
                    && (id == NO_ID || id == vlan.id())
                    && (protocol == null || protocol.equals(vlan.protocol()))) {
                text.append(device.name()).append(" link ").append(vlan.link());
                text.append(" proto ").append(vlan.protocol());
                text.append(" id ").append(vlan.id()).append('\n');
            }
        }
        if (text.isEmpty() && name != null) {
            throw new CommandFailure(1, "dpip: not exist: VLAN device " + name);
        }
        if (text.isEmpty() && link != null && id != NO_ID) {
            throw new CommandFailure(1, "dpip: not exist: VLAN " + id + " on " + link);
        }
        console.error().append(text);
    }

    private static int needId(Arguments arguments) throws CommandFailure {
        String text = arguments.get("id");
        int id = text == null ? -1 : Numbers.parse(text, 1, HIGHEST_ID);
        if (id < 0) {
            throw Arguments.checkFailure("missing or invalid VLAN ID" + (text == null ? "" : ": " + text));
        }
        return id;
    }

    /** As listings name it; null = any. */
    private static @Nullable String protocol(@Nullable String word) throws CommandFailure {
        if (word == null) {
            return null;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "802.1q", "vlan" -> "802.1q";
            case "802.1ad", "qinq" -> "802.1ad";
            default -> throw Arguments.parseFailure("invalid protocol: `" + word + "'");
        };
    }
}
