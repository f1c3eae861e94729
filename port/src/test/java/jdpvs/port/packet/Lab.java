package jdpvs.port.packet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import jdpvs.linux.NetworkNamespace;

/** Network namespaces of one test, with names of their own, gone when it is closed. */
final class Lab implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String prefix = "jdp" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    private final List<String> namespaces = new ArrayList<>();

    /** Makes a namespace with its loopback up, and returns its full name. */
    String namespace(String name) {
        String full = prefix + name;
        ip("netns add " + full);
        namespaces.add(full);
        ip("-n " + full + " link set lo up");
        return full;
    }

    /** A pair of interfaces, up, one in each namespace. */
    void link(String oneNamespace, String one, String otherNamespace, String other) {
        ip("link add " + one + " netns " + oneNamespace + " type veth peer name " + other + " netns " + otherNamespace);
        // No IPv6 chatter between the frames that a test counts.
        ip("-n " + oneNamespace + " link set " + one + " addrgenmode none up");
        ip("-n " + otherNamespace + " link set " + other + " addrgenmode none up");
    }

    static void ip(String arguments) {
        run("ip " + arguments);
    }

    static String run(String command) {
        try {
            Process process = new ProcessBuilder(command.split(" "))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command, e);
        }
    }

    /** Runs something on a new thread inside a namespace. */
    static <T> T in(String namespace, Callable<T> what) {
        try {
            return start(namespace, what).get();
        } catch (Exception e) {
            throw new IllegalStateException(namespace + ": " + e, e);
        }
    }

    static <T> FutureTask<T> start(String namespace, Callable<T> what) {
        var task = new FutureTask<>(() -> {
            NetworkNamespace.enter(namespace);
            return what.call();
        });
        Thread.ofPlatform().daemon().name(namespace).start(task);
        return task;
    }

    @Override
    public void close() {
        for (String namespace : namespaces) {
            ip("netns del " + namespace);
        }
    }
}
