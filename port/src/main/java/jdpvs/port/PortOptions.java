package jdpvs.port;

/**
 * What the configuration says about a port besides where it leads.
 *
 * @param queueCount receive and transmit queues, one pair per worker, from 1
 * @param receiveDescriptors frames a receive queue holds ({@code descriptor_number} of the device's {@code rx} block)
 * @param promiscuous take frames for other MAC addresses too
 * @param control keep a {@link Port#control} queue, and take all multicast
 */
public record PortOptions(int queueCount, int receiveDescriptors, boolean promiscuous, boolean control) {
    public static final int MAXIMUM_QUEUES = 64;
    public static final int DEFAULT_DESCRIPTORS = 256;
    public static final int MINIMUM_DESCRIPTORS = 16;
    public static final int MAXIMUM_DESCRIPTORS = 8192;

    public PortOptions {
        if (queueCount < 1 || queueCount > MAXIMUM_QUEUES) {
            throw new IllegalArgumentException("a port has 1 to " + MAXIMUM_QUEUES + " queues, not " + queueCount);
        }
        receiveDescriptors = Math.clamp(receiveDescriptors, MINIMUM_DESCRIPTORS, MAXIMUM_DESCRIPTORS);
    }

    public PortOptions(int queueCount, int receiveDescriptors, boolean promiscuous) {
        this(queueCount, receiveDescriptors, promiscuous, false);
    }

    public static PortOptions queues(int count) {
        return new PortOptions(count, DEFAULT_DESCRIPTORS, false);
    }
}
