package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Views;

/** What of {@code dpip link} is about bonds alone (facts: cli §3.4). */
final class BondCommand {
    private BondCommand() {}

    /** {@code dpip link show BOND status}. */
    static void status(String name, Console console) throws CommandFailure, IOException {
        Views.Link link = link(name, console);
        Views.Bond bond = link.bond();
        if (bond == null) {
            throw DpipObject.notSupported("link show " + name + " status: device " + name + " is no bond");
        }
        console.out().append(text(link, bond));
    }

    /** DPVS's four lines, its spelling kept, then one for each slave that negotiates. */
    private static StringBuilder text(Views.Link link, Views.Bond bond) {
        long active = bond.slaves().stream().filter(Views.Slave::active).count();
        StringBuilder text = new StringBuilder(512);
        text.append("    --- bonding status ---\n    mode ").append(bond.mode());
        text.append(" mac_addr ").append(link.macAddress());
        text.append(" xmit_policy ").append(bond.transmitPolicy());
        text.append(" link_monitor ").append(bond.monitorMillis());
        text.append("ms\n    ative/slaves ")
                .append(active)
                .append('/')
                .append(bond.slaves().size());
        text.append(" link_down_prop_delay ").append(bond.downDelayMillis());
        text.append("ms link_up_prop_delay ").append(bond.upDelayMillis());
        text.append("ms\n    slaves: ");
        for (Views.Slave slave : bond.slaves()) {
            text.append(slave.name()).append('(').append(slave.macAddress());
            text.append(slave.active() ? ", active" : "").append(slave.primary() ? ", primary" : "");
            text.append(") ");
        }
        text.append('\n');
        for (Views.Slave slave : bond.slaves()) {
            if (!slave.negotiation().isEmpty()) {
                text.append("    ").append(slave.name()).append(": ");
                text.append(slave.negotiation()).append('\n');
            }
        }
        return text;
    }

    /** {@code dpip link add|del BOND bond-slave DEV}: a port's queues are opened at the start, for the workers there are. */
    static void changeSlaves(String command, List<String> words, Console console) throws CommandFailure, IOException {
        List<String> rest = words.size() > 3 && words.getFirst().equals("dev") ? words.subList(1, words.size()) : words;
        if (rest.isEmpty()) {
            throw Arguments.checkFailure("no device specified.");
        }
        if (rest.size() == 1) {
            throw Arguments.parseFailure("missing bond-slave and DEV for " + rest.getFirst());
        }
        if (!rest.get(1).equals("bond-slave")) {
            throw new CommandFailure(1, "invalid parameter name '" + rest.get(1) + "'");
        }
        if (rest.size() == 2) {
            throw new CommandFailure(1, "dpip: missing argument for `bond-slave'");
        }
        if (rest.size() > 3) {
            throw Arguments.parseFailure("too many arguments: `" + rest.get(3) + "'");
        }
        String bond = rest.getFirst();
        String slave = rest.get(2);
        DpipObject.needDevice(console, bond);
        DpipObject.needDevice(console, slave);
        throw DpipObject.notSupported("link " + command + " " + bond + " bond-slave " + slave
                + ": slaves are opened at the start; "
                + (command.equals("add") ? "write 'slave " + slave + "' into" : "take 'slave " + slave + "' out of")
                + " its bonding block in dpvs.conf and start dpvs again");
    }

    private static Views.Link link(String name, Console console) throws CommandFailure, IOException {
        for (Views.Link link : console.control().links()) {
            if (link.name().equals(name)) {
                return link;
            }
        }
        throw new CommandFailure(1, "Fail to get information for " + name);
    }
}
