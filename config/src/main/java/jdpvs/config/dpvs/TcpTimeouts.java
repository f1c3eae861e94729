package jdpvs.config.dpvs;

/** {@code ipvs_defs tcp timeout}: seconds per state. */
public record TcpTimeouts(
        int none,
        int established,
        int synSent,
        int synReceived,
        int finWait,
        int timeWait,
        int close,
        int closeWait,
        int lastAck,
        int listen,
        int synAck,
        int last) {}
