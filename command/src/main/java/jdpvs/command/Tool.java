package jdpvs.command;

import java.util.List;

/** A program of the operator, run inside the daemon or, for what needs no daemon, inside the launcher. */
@FunctionalInterface
public interface Tool {
    /**
     * Runs one command to its end. Never throws because of the words or the daemon; whatever is wrong is said on the console.
     *
     * @param words without the tool's name
     * @return exit code, 0 to 255
     */
    int run(List<String> words, Console console);
}
