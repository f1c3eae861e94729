package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * A range of mapped memory (mmap(2)). Anonymous mappings begin zeroed. Nothing guards the addresses: whoever closes a mapping has made sure
 * that no thread uses it any more.
 *
 * @param address of the first byte
 */
public record Mapping(long address, long bytes) implements AutoCloseable {
    public static final long HUGE_PAGE_BYTES = 2L << 20;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MAP_POPULATE = 0x8000;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_WRITE = 23;

    private static final MethodHandle MMAP = Libc.function(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Libc.function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE =
            Libc.function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    /**
     * Zeroed private memory. From 2 MiB on it is aligned to 2 MiB and the kernel is asked for huge pages (it may have none: that costs speed,
     * nothing else).
     *
     * @param bytes rounded up to whole pages
     * @param prefault whether every page is there on return, so that no later access has to wait for one and a shortage shows now
     * @throws SystemCallException ENOMEM when there is not as much
     */
    public static Mapping anonymous(long bytes, boolean prefault) {
        return anonymous(bytes, prefault ? bytes : 0);
    }

    /**
     * Likewise.
     *
     * @param prefaultBytes how much is there on return, from the beginning, in whole pages
     */
    public static Mapping anonymous(long bytes, long prefaultBytes) {
        boolean huge = bytes >= HUGE_PAGE_BYTES;
        long page = huge ? HUGE_PAGE_BYTES : 4096;
        long size = (bytes + page - 1) / page * page;
        long slack = huge ? HUGE_PAGE_BYTES : 0;
        long raw = map(size + slack, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
        long start = (raw + page - 1) / page * page;
        if (start > raw) {
            unmap(raw, start - raw);
        }
        if (raw + slack > start) {
            unmap(start + size, raw + slack - start);
        }
        var mapping = new Mapping(start, size);
        if (huge) {
            advise(start, size, MADV_HUGEPAGE);
        }
        long there = (prefaultBytes + page - 1) / page * page;
        if (there > 0 && advise(start, there, MADV_POPULATE_WRITE) == Errno.ENOMEM) {
            mapping.close();
            throw new SystemCallException("madvise MADV_POPULATE_WRITE of " + there + " bytes", Errno.ENOMEM);
        }
        return mapping;
    }

    /** What a descriptor offers to be mapped (a packet ring), shared with the kernel, every page there on return. */
    public static Mapping shared(int descriptor, long bytes) {
        return new Mapping(map(bytes, MAP_SHARED | MAP_POPULATE, descriptor), bytes);
    }

    @Override
    public void close() {
        unmap(address, bytes);
    }

    private static long map(long bytes, int flags, int descriptor) {
        CallState state = CallState.current();
        try {
            long address = (long) MMAP.invokeExact(state.segment(), 0L, bytes, PROT_READ_WRITE, flags, descriptor, 0L);
            return state.check("mmap of " + bytes + " bytes", address);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    private static void unmap(long address, long bytes) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) MUNMAP.invokeExact(state.segment(), address, bytes);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("munmap", result);
    }

    /** Returns 0 or errno: advice that the kernel does not take is no failure. */
    private static int advise(long address, long bytes, int advice) {
        CallState state = CallState.current();
        try {
            int result = (int) MADVISE.invokeExact(state.segment(), address, bytes, advice);
            return result == 0 ? 0 : state.errno();
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
