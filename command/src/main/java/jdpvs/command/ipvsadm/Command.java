package jdpvs.command.ipvsadm;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jdpvs.command.ipvsadm.Option.Group;
import org.jspecify.annotations.Nullable;

/** What a line does, and which options go with it (facts: cli §4.2; the messages of §4.5 name commands and options). */
enum Command {
    ADD_SERVICE("add-service", "A", Legal.SERVICE, Legal.SERVICE_OPTIONS),
    EDIT_SERVICE("edit-service", "E", Legal.SERVICE, Legal.SERVICE_OPTIONS),
    DELETE_SERVICE("delete-service", "D", Legal.SERVICE, Legal.NOTHING),
    FLUSH("flush", "C", Legal.NOTHING, Legal.NOTHING),
    ADD_SERVER("add-server", "a", Legal.SERVER, Legal.SERVER_OPTIONS),
    EDIT_SERVER("edit-server", "e", Legal.SERVER, Legal.SERVER_OPTIONS),
    DELETE_SERVER("delete-server", "d", Legal.SERVER, Legal.NOTHING),
    LIST("list", "Ll", Legal.NOTHING, Legal.LIST_OPTIONS),
    ZERO("zero", "Z", Legal.NOTHING, Legal.SERVICE),
    RESTORE("restore", "R", Legal.NOTHING, Legal.NOTHING),
    SAVE("save", "S", Legal.NOTHING, Set.of(Group.NUMERIC)),
    ADD_LADDR("add-laddr", "P", Legal.LOCAL_ADDRESS, Legal.NOTHING),
    DEL_LADDR("del-laddr", "Q", Legal.LOCAL_ADDRESS, Legal.NOTHING),
    GET_LADDR("get-laddr", "G", Legal.NOTHING, Set.of(Group.SERVICE, Group.CPU)),
    ADD_BLKLST("add-blklst", "U", Legal.BLACKLIST, Legal.NOTHING),
    DEL_BLKLST("del-blklst", "V", Legal.BLACKLIST, Legal.NOTHING),
    GET_BLKLST("get-blklst", "B", Legal.NOTHING, Legal.SERVICE),
    ADD_WHTLST("add-whtlst", "O", Legal.WHITELIST, Legal.NOTHING),
    DEL_WHTLST("del-whtlst", "Y", Legal.WHITELIST, Legal.NOTHING),
    GET_WHTLST("get-whtlst", "W", Legal.NOTHING, Legal.SERVICE),
    SET("set", "", Legal.NOTHING, Legal.NOTHING),
    START_DAEMON("start-daemon", "", Legal.NOTHING, Legal.SYNC_OPTIONS),
    STOP_DAEMON("stop-daemon", "", Legal.NOTHING, Legal.SYNC_OPTIONS),
    HELP("help", "h", Legal.NOTHING, Legal.NOTHING),
    VERSION("version", "v", Legal.NOTHING, Legal.NOTHING);

    private static final Map<Character, Command> BY_LETTER = new HashMap<>();
    private static final Map<String, Command> BY_NAME = new HashMap<>();

    static {
        for (Command command : values()) {
            for (char letter : command.letters.toCharArray()) {
                BY_LETTER.put(letter, command);
            }
            // The one command whose long option is not its name.
            BY_NAME.put(command == FLUSH ? "clear" : command.listed, command);
        }
    }

    private final String listed;
    private final String letters;
    /** Bits by ordinal of {@link Group}. */
    private final long needs;

    private final long takes;

    Command(String listed, String letters, Set<Group> needs, Set<Group> takes) {
        this.listed = listed;
        this.letters = letters;
        this.needs = bits(needs);
        this.takes = bits(needs) | bits(takes) | bits(Set.of(Group.FREE));
    }

    /** As messages name it. */
    String listed() {
        return listed;
    }

    boolean needs(Group group) {
        return (needs >> group.ordinal() & 1) != 0;
    }

    boolean takes(Group group) {
        return (takes >> group.ordinal() & 1) != 0;
    }

    private static long bits(Set<Group> groups) {
        long bits = 0;
        for (Group group : groups) {
            bits |= 1L << group.ordinal();
        }
        return bits;
    }

    static @Nullable Command of(char letter) {
        return BY_LETTER.get(letter);
    }

    static @Nullable Command of(String longName) {
        return BY_NAME.get(longName);
    }

    /** Sets of the legality table. */
    private static final class Legal {
        static final Set<Group> NOTHING = Set.of();
        static final Set<Group> SERVICE = Set.of(Group.SERVICE);
        static final Set<Group> SERVER = Set.of(Group.SERVICE, Group.SERVER);
        static final Set<Group> LOCAL_ADDRESS = Set.of(Group.SERVICE, Group.LOCAL_ADDRESS, Group.INTERFACE);
        static final Set<Group> BLACKLIST = Set.of(Group.SERVICE, Group.BLACKLIST);
        static final Set<Group> WHITELIST = Set.of(Group.SERVICE, Group.WHITELIST);
        static final Set<Group> SYNC_OPTIONS = Set.of(Group.MULTICAST, Group.SYNC_ID);
        static final Set<Group> SERVICE_OPTIONS = Set.of(
                Group.SCHEDULER,
                Group.PERSISTENT,
                Group.NETMASK,
                Group.ONE_PACKET,
                Group.ENGINE,
                Group.SYN_PROXY,
                Group.HASH_TARGET,
                Group.EXPIRE_QUIESCENT);
        static final Set<Group> SERVER_OPTIONS = Set.of(Group.FORWARD, Group.WEIGHT, Group.UPPER, Group.LOWER);
        static final Set<Group> LIST_OPTIONS = Set.of(
                Group.NUMERIC,
                Group.CONNECTION,
                Group.SERVICE,
                Group.TIMEOUT,
                Group.DAEMON,
                Group.STATS,
                Group.RATE,
                Group.THRESHOLDS,
                Group.PERSISTENT_CONN,
                Group.NO_SORT,
                Group.SYNC_ID,
                Group.EXACT,
                Group.SOCKPAIR,
                Group.CPU);

        private Legal() {}
    }

    /** Of these a listing takes one at most. */
    static final Set<Group> LIST_SUBJECTS = Set.of(Group.CONNECTION, Group.SERVICE, Group.TIMEOUT, Group.DAEMON);
}
