package jdpvs.config.dpvs;

/**
 * {@code rx} or {@code tx} of a device.
 *
 * @param queues as configured for information, -1 = not given; what is set up is what workers bind
 * @param descriptors frames that a queue holds, a power of two
 */
public record QueueSettings(int queues, int descriptors) {}
