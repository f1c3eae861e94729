package jdpvs.port;

/**
 * What the configuration says about a port besides where it leads.
 *
 * @param queueCount receive and transmit queues, one pair per worker, from 1
 * @param receiveDescriptors frames a receive queue holds, or many share ({@code descriptor_number} of the device's {@code rx} block)
 * @param promiscuous take frames for other MAC addresses too
 * @param control keep a {@link Port#control} queue, and take all multicast
 */
public record PortOptions(int queueCount, int receiveDescriptors, boolean promiscuous, boolean control) {
    public static final int MAXIMUM_QUEUES = 64;
    public static final int DEFAULT_DESCRIPTORS = 256;
    public static final int MINIMUM_DESCRIPTORS = 16;
    public static final int MAXIMUM_DESCRIPTORS = 8192;
    /** With more queues than this they share the descriptors, for a slot of a ring may be 64 KB. */
    private static final int QUEUES_WITH_ALL = 2;

    private static final int LEAST_SHARE = 32;

    public PortOptions {
        if (queueCount < 1 || queueCount > MAXIMUM_QUEUES) {
            throw new IllegalArgumentException("a port has 1 to " + MAXIMUM_QUEUES + " queues, not " + queueCount);
        }
        receiveDescriptors = Math.clamp(receiveDescriptors, MINIMUM_DESCRIPTORS, MAXIMUM_DESCRIPTORS);
    }

    public PortOptions(int queueCount, int receiveDescriptors, boolean promiscuous) {
        this(queueCount, receiveDescriptors, promiscuous, false);
    }

    /** Frames that one queue holds: all descriptors with one or two queues, else its share of them, but at least 32. */
    public int descriptorsPerQueue() {
        return queueCount <= QUEUES_WITH_ALL
                ? receiveDescriptors
                : Math.max(receiveDescriptors / queueCount, Math.min(LEAST_SHARE, receiveDescriptors));
    }

    public static PortOptions queues(int count) {
        return new PortOptions(count, DEFAULT_DESCRIPTORS, false);
    }
}
