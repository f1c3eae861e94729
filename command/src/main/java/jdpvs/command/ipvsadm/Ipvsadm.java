package jdpvs.command.ipvsadm;

import java.io.IOException;
import java.util.List;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Names;
import jdpvs.command.Numbers;
import jdpvs.command.Tool;
import jdpvs.command.Version;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.UnreachableException;

/** {@code ipvsadm COMMAND [options]}; exit status: the daemon's code & 0xff, 2 for local checks, 255 for what is no command. */
public final class Ipvsadm implements Tool {
    private interface Body {
        int run(List<String> words, Console console) throws CommandFailure, ControlException, IOException;
    }

    private final Body body;

    public Ipvsadm() {
        this(Ipvsadm::execute);
    }

    private Ipvsadm(Body body) {
        this.body = body;
    }

    /** {@code ipvsadm-save [-n]} is {@code ipvsadm -S [-n]}. */
    public static Tool save() {
        return new Ipvsadm((words, console) -> {
            for (String word : words) {
                if (!word.equals("-n") && !word.equals("--numeric")) {
                    throw new CommandFailure(
                            Line.WRONG, "ipvsadm-save: unexpected argument " + word + "\nUsage: ipvsadm-save [-n]");
                }
            }
            Saving.save(!words.isEmpty(), console);
            return 0;
        });
    }

    /** {@code ipvsadm-restore} clears everything and restores its standard input, in one transaction. */
    public static Tool restore() {
        return new Ipvsadm((words, console) -> {
            if (!words.isEmpty()) {
                throw new CommandFailure(
                        Line.WRONG,
                        "ipvsadm-restore: unexpected argument " + words.getFirst() + "\nUsage: ipvsadm-restore < FILE");
            }
            Restoring.restore(true, console);
            return 0;
        });
    }

    @Override
    public int run(List<String> words, Console console) {
        try {
            return body.run(words, console);
        } catch (CommandFailure e) {
            console.error().print(e.text() + "\n");
            return e.exitCode();
        } catch (ControlException e) {
            console.error().print("ipvsadm: " + e.code().text() + ": " + e.getMessage() + "\n");
            return status(e.code());
        } catch (UnreachableException e) {
            console.error()
                    .print("Can't initialize ipvs: " + e.getMessage() + "\nAre you sure that dpvs is running?\n");
            return Line.WRONG;
        } catch (IOException e) {
            console.error().print("ipvsadm: " + ErrorCode.IO.text() + ": " + e.getMessage() + "\n");
            return status(ErrorCode.IO);
        }
    }

    static int status(ErrorCode code) {
        return code.number() & 0xff;
    }

    private static int execute(List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        Names names = new Names();
        Changes changes = new Changes(names);
        Line line = Line.parse(words.isEmpty() ? List.of("-L") : words);
        Change change = changes.of(line);
        if (change != null) {
            console.control().apply(List.of(change));
            return 0;
        }
        switch (line.command()) {
            case LIST -> Listing.list(line, changes, names, console);
            case GET_LADDR -> LocalAddressListing.list(line, changes, console);
            case SAVE -> Saving.save(line.has(Option.NUMERIC), console);
            case RESTORE -> Restoring.restore(false, console);
            case HELP -> console.out().print(Help.TEXT);
            case VERSION ->
                console.out()
                        .print("ipvsadm v1.27 2008/5/15 (compiled with popt and IPVS v" + Version.COMPATIBLE + ")\n");
            case SET -> {
                for (String value : line.words()) {
                    if (Numbers.parse(value, 0, Integer.MAX_VALUE) < 0) {
                        throw Changes.wrong("invalid timeout value `" + value + "' specified");
                    }
                }
                throw Changes.notSupported("--set; time-outs stand in dpvs.conf");
            }
            default -> {
                if (line.service() != null) {
                    changes.service(line);
                }
                checkListEntry(line, Option.BLACKLIST, "blacklist");
                checkListEntry(line, Option.WHITELIST, "whitelist");
                throw Changes.notSupported("the '" + line.command().listed() + "' command");
            }
        }
        return 0;
    }

    private static void checkListEntry(Line line, Option option, String list) throws CommandFailure {
        String word = line.get(option);
        if (word != null && !word.matches("ipset:.+") && Addresses.host(word, new Names()) == null) {
            throw Changes.wrong("illegal " + list + " entry format, require [ IP | ipset:NAME ]");
        }
    }
}
