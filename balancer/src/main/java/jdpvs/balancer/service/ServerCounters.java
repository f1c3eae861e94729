package jdpvs.balancer.service;

/**
 * One worker's counters per server id, in native memory that any thread may read while the worker writes: connections, packets, bytes,
 * active and inactive connections.
 */
public interface ServerCounters {
    int active(int server);

    int inactive(int server);

    /** New connection: one more created, one more inactive. */
    void created(int server);

    /** A connection went from inactive to active (established) or back. */
    void becameActive(int server);

    void becameInactive(int server);

    /** A connection ended. */
    void ended(int server, boolean wasActive);

    /** Client to server. */
    void in(int server, int packets, int bytes);

    /** Server to client. */
    void out(int server, int packets, int bytes);
}
