package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdpvs.config.BlockValues.Setting;
import jdpvs.config.Messages;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import org.jspecify.annotations.Nullable;

/** Makes what instances depend on, and says which of it they track. */
final class TrackRules {
    private static final LineType.Weight.Amount NONE = new LineType.Weight.Amount(0, false);
    private static final LineType.Weight.Amount ONE = new LineType.Weight.Amount(1, false);

    private final Context context;
    final Map<String, TrackScript> scripts = new LinkedHashMap<>();
    final Map<String, TrackFile> files = new LinkedHashMap<>();
    final Map<String, TrackProcess> processes = new LinkedHashMap<>();

    TrackRules(Context context) {
        this.context = context;
        context.root.all("vrrp_script").forEach(this::script);
        context.root.all("vrrp_track_file").forEach(this::file);
        context.root.all("vrrp_track_process").forEach(this::process);
    }

    private static LineType.Weight.Amount weight(Node node, LineType.Weight.Amount otherwise) {
        return Objects.requireNonNullElse(node.value("weight", LineType.Weight.Amount.class), otherwise);
    }

    private boolean complete(Node node, String key) {
        String thing = node.block.name() + " " + node.name();
        if (!node.isSet(key)) {
            context.messages.error(node.at, thing + ": " + key + " is missing, it is left out");
            return false;
        }
        return context.first(thing, node.at);
    }

    private void script(Node node) {
        if (!complete(node, "script")) {
            return;
        }
        Script script = context.commands.of(node, "script", node.words("user"));
        if (script == null) {
            return;
        }
        Duration interval = node.time("interval", Duration.ZERO);
        LineType.Weight.Amount weight = weight(node, NONE);
        scripts.put(
                node.name(),
                new TrackScript(
                        node.name(),
                        script,
                        interval,
                        node.time("timeout", interval),
                        weight.weight(),
                        weight.reverse(),
                        node.number("rise"),
                        node.number("fall"),
                        node.flag("init_fail")));
    }

    private void file(Node node) {
        String path = node.text("file");
        if (complete(node, "file") && path != null) {
            LineType.Weight.Amount weight = weight(node, ONE);
            files.put(node.name(), new TrackFile(node.name(), path, weight.weight(), weight.reverse()));
        }
    }

    private void process(Node node) {
        if (!complete(node, "process")) {
            return;
        }
        List<String> words = node.words("process");
        List<String> command = words.size() == 1 ? Commands.words(words.getFirst()) : words;
        if (command.isEmpty()) {
            context.messages.error(
                    node.place("process"),
                    "vrrp_track_process " + node.name() + ": process names no program, it is left out");
            return;
        }
        int quorum = node.number("quorum");
        int maximum = node.number("quorum_max");
        if (maximum < quorum && maximum != 0) {
            context.messages.warn(
                    node.place("quorum_max"),
                    "quorum_max " + maximum + " must not be below quorum " + quorum + "; " + quorum + " is used");
            maximum = quorum;
        }
        String match = node.text("param_match");
        if (match != null && !match.equals("exact")) {
            context.messages.notice(
                    node.place("param_match"),
                    "param_match " + match + " is taken for exact: all arguments must be the same");
        }
        Duration delay = node.time("delay", Duration.ZERO);
        processes.put(
                node.name(),
                new TrackProcess(
                        node.name(),
                        command,
                        node.flag("full_command") || match != null,
                        weight(node, NONE).weight(),
                        quorum,
                        maximum,
                        node.time("terminate_delay", delay),
                        node.time("fork_delay", delay)));
    }

    /** What an instance or group tracks. */
    List<Track> of(Node node) {
        List<Track> all = new ArrayList<>();
        add(node, "track_interface", Track.Kind.INTERFACE, all);
        add(node, "track_script", Track.Kind.SCRIPT, all);
        add(node, "track_file", Track.Kind.FILE, all);
        add(node, "track_process", Track.Kind.PROCESS, all);
        return all;
    }

    private void add(Node node, String block, Track.Kind kind, List<Track> into) {
        for (Setting entry : node.one(block).entries()) {
            EntryType.Track.Tracked value = (EntryType.Track.Tracked) entry.value();
            String name = value.name();
            LineType.Weight.Amount otherwise = weightOf(kind, name);
            if (otherwise == null) {
                context.messages.error(
                        entry.at(),
                        block + ": there is no vrrp_" + (kind == Track.Kind.SCRIPT ? "" : "track_")
                                + block.substring("track_".length()) + " " + Messages.quote(name)
                                + ", it is not tracked");
            } else if (into.stream()
                    .anyMatch(track -> track.kind() == kind && track.name().equals(name))) {
                context.messages.warn(
                        entry.at(), block + ": " + Messages.quote(name) + " is tracked already, the first one counts");
            } else {
                LineType.Weight.Amount weight = value.weight() == null ? otherwise : value.weight();
                into.add(new Track(kind, name, weight.weight(), weight.reverse()));
            }
        }
    }

    /** The weight where an instance says none; null = there is no such thing. */
    private LineType.Weight.@Nullable Amount weightOf(Track.Kind kind, String name) {
        return switch (kind) {
            case INTERFACE -> NONE;
            case SCRIPT -> {
                TrackScript script = scripts.get(name);
                yield script == null ? null : new LineType.Weight.Amount(script.weight(), script.reverse());
            }
            case FILE -> {
                TrackFile file = files.get(name);
                yield file == null ? null : new LineType.Weight.Amount(file.weight(), file.reverse());
            }
            case PROCESS -> {
                TrackProcess process = processes.get(name);
                yield process == null ? null : new LineType.Weight.Amount(process.weight(), false);
            }
        };
    }
}
