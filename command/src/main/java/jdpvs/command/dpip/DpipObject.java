package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Views;

/** One of the things that dpip manages. */
interface DpipObject {
    String help();

    /**
     * @param command one of dpip's commands, synonyms resolved; an object that does not have it answers {@link #notSupported}
     * @param words behind the command
     */
    void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException;

    static CommandFailure notSupported(String what) {
        return new CommandFailure(1, "dpip: not support: " + what);
    }

    static void apply(Console console, Change... changes) throws ControlException, IOException {
        console.control().apply(List.of(changes));
    }

    /** A listing of an unknown device is an error, not an empty list. */
    static void needDevice(Console console, String device) throws CommandFailure, IOException {
        for (Views.Link link : console.control().links()) {
            if (link.name().equals(device)) {
                return;
            }
        }
        throw new CommandFailure(1, "dpip: not exist: device " + device);
    }
}
