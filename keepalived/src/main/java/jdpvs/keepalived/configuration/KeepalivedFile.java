package jdpvs.keepalived.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdpvs.config.Location;
import jdpvs.config.Message;
import jdpvs.config.Messages;
import jdpvs.config.Severity;
import jdpvs.config.SourceReader;
import jdpvs.config.Statement;

/** Reads keepalived.conf. */
public final class KeepalivedFile {
    private static final Host HOST = new Host();

    private KeepalivedFile() {}

    /**
     * @param configuration complete even when messages tell of errors: what is wrong is left out
     * @param flat the statements as they counted, without includes, variables and conditions: read again, they give the same configuration
     * @param unusable whether keepalived must not run with it: the file cannot be read, or nothing in it makes sense
     */
    public record Loaded(KeepalivedConfiguration configuration, List<Message> messages, String flat, boolean unusable) {
        public Loaded {
            messages = List.copyOf(messages);
        }
    }

    /** @param identity of {@code -i}, for lines that begin with {@code @id}; empty = none */
    public static Loaded load(Path file, String identity) {
        Messages messages = new Messages("KEEPALIVED", Severity.ERROR);
        Location whole = new Location(file.toString(), 0);
        List<Statement> statements;
        try {
            statements = new KeepalivedReader(messages, identity).read(file);
        } catch (IOException e) {
            messages.error(whole, "cannot be read: " + SourceReader.reason(e));
            return loaded(List.of(), whole, messages, HOST, true);
        }
        return loaded(statements, whole, messages, HOST, false);
    }

    static Loaded parse(String text, Path file, String identity, Host host) {
        Messages messages = new Messages("KEEPALIVED", Severity.ERROR);
        List<Statement> statements = new KeepalivedReader(messages, identity).parse(text, file);
        return loaded(statements, new Location(file.toString(), 0), messages, host, false);
    }

    private static Loaded loaded(
            List<Statement> statements, Location whole, Messages messages, Host host, boolean unreadable) {
        Node root = Evaluator.evaluate(statements, whole, messages);
        StringBuilder flat = new StringBuilder();
        root.write(flat, "");
        KeepalivedConfiguration configuration = configuration(new Context(root, messages, host));
        boolean nothing = !unreadable && flat.isEmpty();
        if (nothing) {
            messages.error(
                    whole,
                    statements.isEmpty()
                            ? "has no statements: it should have vrrp_instance and virtual_server blocks"
                            : "has no statement that keepalived understands");
        }
        return new Loaded(configuration, messages.list(), flat.toString(), unreadable || nothing);
    }

    private static KeepalivedConfiguration configuration(Context context) {
        GlobalSettings global = new GlobalRules(context).settings();
        TrackRules tracks = new TrackRules(context);
        VrrpRules vrrp = new VrrpRules(context, tracks);
        Map<String, VrrpInstance> instances = vrrp.instances();
        VrrpAddresses addresses = new VrrpAddresses(context.messages);
        return new KeepalivedConfiguration(
                global,
                List.copyOf(instances.values()),
                SyncGroupRules.of(context, instances, tracks, vrrp),
                List.copyOf(tracks.scripts.values()),
                List.copyOf(tracks.files.values()),
                List.copyOf(tracks.processes.values()),
                new ServerRules(context).all(),
                addresses.staticAddresses(context.root),
                addresses.staticRoutes(context.root));
    }
}
