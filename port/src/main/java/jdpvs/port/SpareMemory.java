package jdpvs.port;

import java.lang.ref.Cleaner;
import jdpvs.linux.Mapping;

/**
 * Zeroed native memory for what is large and rarely full: a page is the system's until it is touched. It goes when this object is no longer reachable, so whoever uses its
 * address keeps the object.
 */
public final class SpareMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;

    /** @throws jdpvs.linux.SystemCallException when there is not as much */
    public SpareMemory(long bytes) {
        Mapping mapping = Mapping.anonymous(Math.max(1, bytes), false);
        this.address = mapping.address();
        CLEANER.register(this, mapping::close);
    }

    /** Of the first byte, at a multiple of 4096. */
    public long address() {
        return address;
    }
}
