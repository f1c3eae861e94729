package jdpvs.balancer.service;

/** A real server of one service as workers see it: immutable. */
public interface Server {
    /** Small; indexes every worker's {@link ServerCounters}; reused only after the last connection is gone. */
    int id();

    int serviceId();

    int address();

    int port();

    /** 0 takes no new connections. */
    int weight();

    /** This worker's share of the upper threshold, 0 = none; see {@link #upperThreshold(int, int)}. */
    int upperThreshold();

    /** The upper threshold divided over workers (facts: behaviour §3 Limits). */
    int upperThreshold(int worker, int workers);
}
