package jdpvs.stack;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses, routes, static neighbours and switches of one moment: immutable, changed by making the next one. Workers read it without
 * locks; the garbage collector frees old ones.
 */
public final class NetworkConfiguration {
    private final List<Device> devices;
    private final long generation;

    private NetworkConfiguration(List<Device> devices, long generation) {
        this.devices = List.copyOf(devices);
        this.generation = generation;
    }

    public static NetworkConfiguration of(List<Device> devices) {
        return new NetworkConfiguration(devices, 1);
    }

    public List<Device> devices() {
        return devices;
    }

    /** Differs between any two configurations of one process; connections that cached a route of an older one look it up again. */
    public long generation() {
        return generation;
    }

    /** The longest matching route, host routes included, or null. Allocates nothing. */
    public @Nullable Route route(int destination) {
        return null;
    }

    /** Whether the address is one of dpvs's own (a host route). Allocates nothing. */
    public boolean isLocal(int address) {
        return false;
    }
}
