package jdpvs.balancer.service;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** Bytes that the current thread has allocated. By handle, because the module under test does not read java.management. */
public final class Allocation {
    private static final MethodHandle ALLOCATED = handle();

    private Allocation() {}

    private static MethodHandle handle() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return MethodHandles.publicLookup()
                    .unreflect(Class.forName("com.sun.management.ThreadMXBean")
                            .getMethod("getCurrentThreadAllocatedBytes"))
                    .bindTo(threads);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JVM does not count allocated bytes", e);
        }
    }

    public static long bytes() {
        try {
            return (long) ALLOCATED.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
