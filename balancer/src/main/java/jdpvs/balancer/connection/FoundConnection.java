package jdpvs.balancer.connection;

/**
 * The connection that a packet belongs to.
 *
 * @param outbound the packet comes from the server
 * @param lastAcknowledgement in this direction, as it arrived; 0 = none yet
 * @param lastSeenMillis of its latest packet, low 32 bits of CLOCK_BOOTTIME in milliseconds
 */
public record FoundConnection(
        ConnectionSnapshot connection, boolean outbound, int lastAcknowledgement, int lastSeenMillis) {}
