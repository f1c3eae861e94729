package jdpvs.control;

/**
 * What a client that stays hears of the daemon.
 *
 * @param instance of the daemon, as {@link Views.Status} has it: another one after each start
 */
public record Event(Kind kind, String instance) {
    public enum Kind {
        /** The first one: from now on every call is answered. */
        READY,
        /** Nothing: comes at least each second, so that both sides know of each other. */
        TICK
    }
}
