package jdpvs.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this machine and this process have: kernel, memory, rights. */
public final class Machine {
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_PERFMON = 38;
    public static final int CAP_BPF = 39;

    private Machine() {}

    /** For example {@code 6.18.4-generic}. */
    public static String kernelRelease() {
        return lines("/proc/sys/kernel/osrelease").getFirst().strip();
    }

    public static boolean kernelAtLeast(int major, int minor) {
        return atLeast(kernelRelease(), major, minor);
    }

    /** @param release as {@link #kernelRelease} */
    public static boolean atLeast(String release, int major, int minor) {
        String[] parts = release.split("[^0-9]+", 3);
        int ourMajor = parts.length > 0 && !parts[0].isEmpty() ? Integer.parseInt(parts[0]) : 0;
        int ourMinor = parts.length > 1 && !parts[1].isEmpty() ? Integer.parseInt(parts[1]) : 0;
        return ourMajor > major || (ourMajor == major && ourMinor >= minor);
    }

    /** What may be allocated without swapping, in bytes; the smaller of the machine's and the control group's. */
    public static long memoryAvailableBytes() {
        long available = field("/proc/meminfo", "MemAvailable:", 10) * 1024;
        return Math.min(available, controlGroupRoomBytes());
    }

    /** Whether the calling thread has a capability (capabilities(7)). */
    public static boolean hasCapability(int capability) {
        return (field("/proc/thread-self/status", "CapEff:", 16) >>> capability & 1) != 0;
    }

    /** How many CPUs the kernel has prepared for, present or not: per-CPU values of eBPF maps come for each of them. */
    public static int possibleCpus() {
        return lastOfRange(lines("/sys/devices/system/cpu/possible").getFirst()) + 1;
    }

    /**
     * @param range such as {@code 0-3,8-11} or {@code 0}
     */
    static int lastOfRange(String range) {
        String text = range.strip();
        return Integer.parseInt(text.substring(1 + Math.max(text.lastIndexOf('-'), text.lastIndexOf(','))));
    }

    private static long controlGroupRoomBytes() {
        try {
            String limit =
                    Files.readString(Path.of("/sys/fs/cgroup/memory.max")).strip();
            String used =
                    Files.readString(Path.of("/sys/fs/cgroup/memory.current")).strip();
            return limit.equals("max") ? Long.MAX_VALUE : Math.max(0, Long.parseLong(limit) - Long.parseLong(used));
        } catch (IOException | NumberFormatException noLimit) {
            return Long.MAX_VALUE;
        }
    }

    private static long field(String file, String key, int radix) {
        for (String line : lines(file)) {
            if (line.startsWith(key)) {
                return Long.parseUnsignedLong(
                        line.substring(key.length()).strip().split(" ", 2)[0], radix);
            }
        }
        throw new IllegalStateException(file + " has no line " + key);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file + ", which every Linux has: " + e.getMessage(), e);
        }
    }
}
