package jdpvs.daemon.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.PacketEvent;
import jdpvs.control.ServiceKey;
import jdpvs.control.Traces;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes who changes what into the log before it happens, and the refusal after. Questions pass unlogged: monitoring asks every few seconds,
 * and would bury the changes.
 */
final class AuditedControl implements Control {
    private static final Logger LOG = LoggerFactory.getLogger("AUDIT");
    private static final int LONGEST = 20;

    private final Control control;
    private final Peer peer;

    /** The words of the command that changes something, null = changes of the API itself. */
    private volatile @Nullable String command;

    AuditedControl(Control control, Peer peer) {
        this.control = control;
        this.peer = peer;
    }

    /** What comes is the work of this command; to be called before it runs. */
    void command(String tool, List<String> words) {
        command = printable(tool + " " + String.join(" ", words));
    }

    @Override
    public void apply(List<Change> changes) throws ControlException, IOException {
        String what = LOG.isInfoEnabled() ? description(changes) : "";
        LOG.info("uid {} pid {}: {}", peer.uid(), peer.pid(), what);
        try {
            control.apply(changes);
        } catch (ControlException e) {
            LOG.info(
                    "uid {} pid {}: refused: {}: {}: {}",
                    peer.uid(),
                    peer.pid(),
                    command == null ? "transaction" : command,
                    e.code().text(),
                    printable(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** The command's words say what its one change is; a restored file's lines and the API's changes are listed. */
    private String description(List<Change> changes) {
        String words = command;
        if (words != null && changes.size() == 1) {
            return words;
        }
        String more = changes.size() > LONGEST ? ", … " + changes.size() + " changes in all" : "";
        return (words == null ? "" : words + ": ")
                + printable(
                        changes.subList(0, Math.min(LONGEST, changes.size())).toString())
                + more;
    }

    /** A line of the log stays one line whatever a client sends. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), 4096));
        for (int i = 0; i < text.length() && i < 4096; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? '?' : c);
        }
        return line.toString();
    }

    @Override
    public Views.Status status() throws IOException {
        return control.status();
    }

    @Override
    public List<Views.Link> links() throws IOException {
        return control.links();
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) throws IOException {
        return control.addresses(perWorker);
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) throws IOException {
        return control.routes(ipv6);
    }

    @Override
    public List<Views.Neighbour> neighbours() throws IOException {
        return control.neighbours();
    }

    @Override
    public List<Views.Service> services() throws IOException {
        return control.services();
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) throws IOException {
        return control.service(key);
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) throws IOException {
        control.connections(visitor);
    }

    @Override
    public List<Views.PortUse> ports(int limit) throws IOException {
        return control.ports(limit);
    }

    @Override
    public List<Views.Drop> drops() throws IOException {
        return control.drops();
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() throws IOException {
        return control.ipv6Counters();
    }

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException, IOException {
        if (question.send()) {
            LOG.info(
                    "uid {} pid {}: a packet is sent from {} to {} {}",
                    peer.uid(),
                    peer.pid(),
                    question.client(),
                    question.protocol(),
                    question.virtual());
        }
        return control.trace(question);
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException, IOException {
        control.explain(capture, visitor);
    }

    /** Written down although it changes nothing: it shows what other people's packets hold. */
    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException, IOException {
        String words = command;
        LOG.info(
                "uid {} pid {}: {}",
                peer.uid(),
                peer.pid(),
                words == null ? printable(String.valueOf(request)) : words);
        control.watch(request, visitor);
    }

    @Override
    public void events(Predicate<Event> visitor) throws ControlException, IOException {
        control.events(visitor);
    }

    /** A process is written down once, not each of its reports. */
    @Override
    public void report(KeepalivedReport report) throws IOException {
        if (control.keepalived().stream().noneMatch(before -> before.report().pid() == report.pid())) {
            LOG.info("uid {} pid {}: keepalived process {} reports", peer.uid(), peer.pid(), report.pid());
        }
        control.report(report);
    }

    @Override
    public List<Views.Keepalived> keepalived() throws IOException {
        return control.keepalived();
    }
}
