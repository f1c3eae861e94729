package jdpvs.config.dpvs;

import jdpvs.config.Location;
import org.jspecify.annotations.Nullable;

/**
 * A {@code device} block.
 *
 * @param port {@code KIND:ARGS}, or null for the Linux interface of the device's name
 * @param mtuConfigured whether the file says so, else {@code mtu} is the default
 * @param kernelInterface name of the interface that the kernel has beside the device; null = none
 * @param at where the block begins
 */
public record DeviceSettings(
        String name,
        @Nullable String port,
        int mtu,
        boolean mtuConfigured,
        boolean promiscuous,
        boolean allMulticast,
        @Nullable String kernelInterface,
        QueueSettings receive,
        QueueSettings transmit,
        Location at) {}
