package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Tool;
import jdpvs.control.ControlException;
import jdpvs.control.UnreachableException;

/** {@code dpip [OPTIONS] OBJECT COMMAND [arguments]} (facts: cli §2). */
public final class Dpip implements Tool {
    private static final Map<String, DpipObject> OBJECTS = Map.of(
            "link", new LinkObject(),
            "addr", new AddressObject(),
            "route", new RouteObject(),
            "neigh", new NeighbourObject(),
            "vlan", new VlanObject(),
            "ipv6", new Ipv6Object());

    /** DPVS has them, jdpvs not yet. */
    private static final Set<String> LATER_OBJECTS =
            Set.of("cls", "eal-mem", "flow", "iftraf", "ipset", "lldp", "maddr", "qsch", "tunnel");

    private static final Map<String, String> COMMANDS = Map.ofEntries(
            Map.entry("add", "add"),
            Map.entry("del", "del"),
            Map.entry("set", "set"),
            Map.entry("change", "set"),
            Map.entry("show", "show"),
            Map.entry("list", "show"),
            Map.entry("replace", "replace"),
            Map.entry("flush", "flush"),
            Map.entry("create", "create"),
            Map.entry("destroy", "destroy"),
            Map.entry("enable", "enable"),
            Map.entry("disable", "disable"),
            Map.entry("test", "test"));

    @Override
    public int run(List<String> words, Console console) {
        boolean[] reading = new boolean[1];
        try {
            return execute(words, console, reading);
        } catch (CommandFailure e) {
            console.error().print(e.text() + "\n");
            return e.exitCode();
        } catch (ControlException e) {
            console.error().print("dpip: " + e.code().text() + ": " + e.getMessage() + "\n");
        } catch (UnreachableException e) {
            console.error()
                    .print((reading[0] ? "[dpvs_getsockopt]" : "[dpvs_setsockopt]")
                            + " scoket msg connection error: " + e.getMessage()
                            + "\ndpip: I/O error: " + e.wayOut() + "\n");
        } catch (IOException e) {
            console.error().print("dpip: I/O error: " + e.getMessage() + "\n");
        }
        return 1;
    }

    /** @param reading is set to whether the command only asks */
    private static int execute(List<String> words, Console console, boolean[] reading)
            throws CommandFailure, ControlException, IOException {
        DpipLine line = DpipLine.parse(words);
        if (line.version()) {
            console.out().print("dpip-1.10-2\n");
            return 0;
        }
        if (line.words().isEmpty()) {
            console.error().print(DpipHelp.GENERAL);
            return line.anyOption() ? 1 : 0;
        }
        String name = line.words().getFirst();
        DpipObject object = OBJECTS.get(name);
        if (object == null) {
            throw LATER_OBJECTS.contains(name)
                    ? DpipObject.notSupported(
                            "object " + name + " is not part of jdpvs yet; it has link, vlan, addr, route, neigh, ipv6")
                    : new CommandFailure(1, "dpip: invalid object, use `-h' for help.");
        }
        if (line.help() || line.words().size() == 1) {
            console.error().print(object.help());
            return 1;
        }
        String word = line.words().get(1);
        if (word.equals("help")) {
            console.error().print(object.help());
            return 0;
        }
        String command = COMMANDS.get(word);
        if (command == null) {
            throw new CommandFailure(1, "invalid command " + word);
        }
        reading[0] = command.equals("show");
        object.run(command, line, line.words().subList(2, line.words().size()), console);
        return 0;
    }
}
