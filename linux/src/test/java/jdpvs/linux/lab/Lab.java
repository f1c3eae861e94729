package jdpvs.linux.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import jdpvs.linux.NetworkNamespace;

/** Network namespaces of one test, with names of their own, gone when it is closed. For the tests of all rooms above this one. */
public class Lab implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String prefix = "jdl" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    private final List<String> namespaces = new ArrayList<>();

    /** Makes a namespace and returns its full name. */
    public final String namespace(String name) {
        String full = prefix + name;
        run("ip netns add " + full);
        namespaces.add(full);
        return full;
    }

    /** Likewise, with its loopback up. */
    public final String host(String name) {
        String full = namespace(name);
        ip(full, "link set lo up");
        return full;
    }

    /** A pair of interfaces, up, one in each namespace; no IPv6 chatter between the frames that a test counts. */
    public static void link(String oneNamespace, String one, String otherNamespace, String other) {
        ip(oneNamespace, "link add " + one + " type veth peer name " + other + " netns " + otherNamespace);
        ip(oneNamespace, "link set " + one + " addrgenmode none up");
        ip(otherNamespace, "link set " + other + " addrgenmode none up");
    }

    /** Runs {@code ip} in a namespace and returns what it prints. */
    public static String ip(String namespace, String arguments) {
        return run("ip -n " + namespace + " " + arguments);
    }

    /** @return what it prints; that it does not end with 0 is an exception */
    public static String run(String command) {
        try {
            Process process = new ProcessBuilder(command.split(" +"))
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

    /** Runs something on a new thread inside a namespace; its exception comes as the cause's cause. */
    public static <T> T in(String namespace, Callable<T> what) {
        try {
            return start(namespace, what).get();
        } catch (Exception e) {
            throw new IllegalStateException(namespace + ": " + e, e);
        }
    }

    public static <T> FutureTask<T> start(String namespace, Callable<T> what) {
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
            run("ip netns del " + namespace);
        }
    }
}
