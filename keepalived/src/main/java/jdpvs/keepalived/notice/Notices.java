package jdpvs.keepalived.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdpvs.control.Endpoint;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.GlobalSettings;
import jdpvs.keepalived.configuration.GlobalSettings.Mail;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.configuration.VrrpInstance;
import org.jspecify.annotations.Nullable;

/** Tells scripts, pipes and, by mail, people of transitions, in the words of facts config §11.1 and §11.3. Nothing here waits for anybody; any thread may call. */
public final class Notices implements AutoCloseable {
    /** What an instance or group is now. */
    public enum State {
        MASTER,
        BACKUP,
        FAULT,
        STOP
    }

    private final ScriptRunner scripts;
    private final PipeMaker maker;
    private final Mailer mailer = new Mailer();
    private Pipes pipes = new Pipes(null, null, null);
    private @Nullable Mail mail;
    private String routerId = "";

    private record Pipes(
            @Nullable NoticePipe all,
            @Nullable NoticePipe vrrp,
            @Nullable NoticePipe services) {}

    /** Makes a pipe and opens it, which may take seconds. */
    interface PipeMaker {
        NoticePipe open(GlobalSettings.Fifo fifo, ScriptRunner scripts);
    }

    public Notices(ScriptRunner scripts) {
        this(scripts, NoticePipe::open);
    }

    Notices(ScriptRunner scripts, PipeMaker maker) {
        this.scripts = scripts;
        this.maker = maker;
    }

    /** Opens the pipes that a configuration names; those that it named before stay open. */
    public void load(GlobalSettings global) {
        Pipes before;
        synchronized (this) {
            before = pipes;
        }
        // Without the lock: a program makes a pipe, and VRRP must not wait for it.
        Pipes next = new Pipes(
                follow(before.all, global.fifo()),
                follow(before.vrrp, global.vrrpFifo()),
                follow(before.services, global.serviceFifo()));
        synchronized (this) {
            mail = global.mail();
            routerId = global.routerId();
            pipes = next;
        }
        close(before.all, next.all);
        close(before.vrrp, next.vrrp);
        close(before.services, next.services);
    }

    private @Nullable NoticePipe follow(@Nullable NoticePipe before, GlobalSettings.@Nullable Fifo wanted) {
        if (before != null && before.of().equals(wanted)) {
            return before;
        }
        return wanted == null ? null : maker.open(wanted, scripts);
    }

    private static void close(@Nullable NoticePipe before, @Nullable NoticePipe next) {
        if (before != null && (next == null || !before.of().equals(next.of()))) {
            if (next != null && before.of().path().equals(next.of().path())) {
                before.endReader();
            }
            before.close();
        }
    }

    /** @param kind INSTANCE or GROUP */
    public void router(String kind, String name, State state, int priority, VrrpInstance.Notices notices) {
        Script own = switch (state) {
            case MASTER -> notices.master();
            case BACKUP -> notices.backup();
            case FAULT -> notices.fault();
            case STOP -> notices.stop();
        };
        if (own != null) {
            scripts.tell(own, List.of());
        }
        if (notices.any() != null) {
            scripts.tell(notices.any(), List.of(kind, name, state.name(), Integer.toString(priority)));
        }
        line(kind + " \"" + name + "\" " + state + " " + priority, true);
        if (notices.mail()) {
            mail("VRRP " + kind.toLowerCase(Locale.ROOT) + " " + name + " is " + state + ", priority " + priority);
        }
    }

    /** A master heard an advertisement of lower priority. */
    public void heardLower(String name, int priority, VrrpInstance.Notices notices) {
        if (notices.masterHeardLower() != null) {
            scripts.tell(notices.masterHeardLower(), List.of());
        }
        line("INSTANCE \"" + name + "\" MASTER_RX_LOWER_PRI " + priority, true);
    }

    /** The priority of an instance is another, where {@code notify_priority_changes} asks for it. */
    public void priority(String name, State state, int priority, VrrpInstance.Notices notices) {
        if (notices.priorityChanges()) {
            if (notices.any() != null) {
                scripts.tell(notices.any(), List.of("INSTANCE", name, state + "_PRIORITY", Integer.toString(priority)));
            }
            line("INSTANCE \"" + name + "\" " + state + "_PRIORITY " + priority, true);
        }
    }

    public void service(VirtualServer server, boolean up) {
        Script own = up ? server.quorumUp() : server.quorumDown();
        if (own != null) {
            scripts.tell(own, List.of());
        }
        for (ServiceKey key : server.services()) {
            line("VS " + text(key) + (up ? " UP" : " DOWN"), false);
        }
        if (server.mail()) {
            mail("virtual server " + server.name() + " is " + (up ? "UP" : "DOWN"));
        }
    }

    public void server(VirtualServer service, RealServer server, boolean up) {
        Script own = up ? server.up() : server.down();
        if (own != null) {
            scripts.tell(own, List.of());
        }
        for (ServiceKey key : service.services()) {
            line(
                    "RS " + text(key.protocol().name(), server.endpoint()) + " " + text(key) + (up ? " UP" : " DOWN"),
                    false);
        }
        if (server.mail()) {
            mail("real server " + text(service.services().getFirst().protocol().name(), server.endpoint()) + " of "
                    + service.name() + " is " + (up ? "UP" : "DOWN"));
        }
    }

    private synchronized void mail(String subject) {
        if (mail != null) {
            mailer.write(mail, "[" + routerId + "] " + subject);
        }
    }

    /** {@code [203.0.113.10]:tcp:80}. */
    public static String text(ServiceKey key) {
        return text(key.protocol().name(), new Endpoint(key.address(), key.port()));
    }

    /** {@code [192.0.2.11]:tcp:8080}. */
    public static String text(String protocol, Endpoint endpoint) {
        return "[" + endpoint.address() + "]:" + protocol.toLowerCase(Locale.ROOT) + ":" + endpoint.port();
    }

    private synchronized void line(String text, boolean vrrp) {
        List<NoticePipe> to = new ArrayList<>();
        if (pipes.all != null) {
            to.add(pipes.all);
        }
        NoticePipe own = vrrp ? pipes.vrrp : pipes.services;
        if (own != null) {
            to.add(own);
        }
        to.forEach(pipe -> pipe.write(text));
    }

    @Override
    public synchronized void close() {
        mailer.close();
        for (NoticePipe pipe : new NoticePipe[] {pipes.all, pipes.vrrp, pipes.services}) {
            if (pipe != null) {
                pipe.close();
            }
        }
        pipes = new Pipes(null, null, null);
    }
}
