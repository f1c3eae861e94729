package jdpvs.keepalived.vrrp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import jdpvs.linux.NetworkNamespace;

/** Two hosts at a cable, eth0 each: 10.88.0.1 and fe80::1, 10.88.0.2 and fe80::2. */
final class Lab implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String prefix = "kvr" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    final String one = prefix + "one";
    final String two = prefix + "two";
    private final List<Process> processes = new ArrayList<>();

    Lab() {
        run("ip netns add " + one);
        run("ip netns add " + two);
        cable();
    }

    /** Makes the cable, anew when it was removed. */
    void cable() {
        run("ip -n " + one + " link add eth0 type veth peer name eth0 netns " + two);
        int number = 1;
        for (String namespace : List.of(one, two)) {
            run("ip -n " + namespace + " link set lo up");
            run("ip -n " + namespace + " link set eth0 addrgenmode none up");
            run("ip -n " + namespace + " address add 10.88.0." + number + "/24 dev eth0");
            run("ip -n " + namespace + " address add fe80::" + number++ + "/64 dev eth0 nodad");
        }
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

    /** Starts a program in a namespace; it ends with the lab at the latest. */
    Process start(String namespace, ProcessBuilder.Redirect output, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        processes.add(process);
        return process;
    }

    /** Runs something on a new thread inside a namespace. */
    static <T> T in(String namespace, Callable<T> what) {
        if (System.getProperty("jdpvs.namespaces") == null) {
            throw new IllegalStateException("this JVM runs other tests too, whose sockets would end up in " + namespace
                    + "; tag the class \"namespace\", and see pom.xml");
        }
        var task = new FutureTask<>(() -> {
            NetworkNamespace.enter(namespace);
            return what.call();
        });
        Thread.ofPlatform().daemon().name(namespace).start(task);
        try {
            return task.get();
        } catch (Exception e) {
            throw new IllegalStateException(namespace + ": " + e, e);
        }
    }

    /** Ends a process and what it has started, without a chance to say anything. */
    static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    @Override
    public void close() {
        try {
            for (Process process : processes) {
                kill(process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        run("ip netns del " + one);
        run("ip netns del " + two);
    }
}
