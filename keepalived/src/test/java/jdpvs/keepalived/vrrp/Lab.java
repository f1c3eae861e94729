package jdpvs.keepalived.vrrp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Two hosts at a cable, eth0 each: 10.88.0.1 and fe80::1, 10.88.0.2 and fe80::2. */
public final class Lab extends jdpvs.linux.lab.Lab {
    public final String one = host("one");
    public final String two = host("two");
    private final List<Process> processes = new ArrayList<>();

    public Lab() {
        cable();
    }

    /** Makes the cable, anew when it was removed. */
    void cable() {
        link(one, "eth0", two, "eth0");
        int number = 1;
        for (String namespace : List.of(one, two)) {
            ip(namespace, "address add 10.88.0." + number + "/24 dev eth0");
            ip(namespace, "address add fe80::" + number++ + "/64 dev eth0 nodad");
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
    public static <T> T in(String namespace, Callable<T> what) {
        if (System.getProperty("jdpvs.namespaces") == null) {
            throw new IllegalStateException("this JVM runs other tests too, whose sockets would end up in " + namespace
                    + "; tag the class \"namespace\", and see pom.xml");
        }
        return jdpvs.linux.lab.Lab.in(namespace, what);
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
        super.close();
    }
}
