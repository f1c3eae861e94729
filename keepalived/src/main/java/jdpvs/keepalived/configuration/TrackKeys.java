package jdpvs.keepalived.configuration;

import static jdpvs.keepalived.configuration.Key.command;
import static jdpvs.keepalived.configuration.Key.flag;
import static jdpvs.keepalived.configuration.Key.number;
import static jdpvs.keepalived.configuration.Key.text;
import static jdpvs.keepalived.configuration.Key.time;

import java.time.Duration;
import java.util.List;
import jdpvs.config.ValueType;

/** Keys of vrrp_script, vrrp_track_file and vrrp_track_process (facts: config §11.2). */
final class TrackKeys {
    static final int SCRIPT_LIMIT = 253;
    static final int FILE_LIMIT = 254;

    private TrackKeys() {}

    static Block script() {
        return Block.named(
                "vrrp_script",
                "NAME",
                "A program whose exit code instances depend on; 0 is well.",
                List.of(
                        command("script", "The program; needed."),
                        time("interval", "0.001", "86400", "", "Between two runs.")
                                .value(Duration.ofSeconds(1)),
                        time("timeout", "0.001", "86400", "`interval`", "After which a run counts as failed."),
                        Key.of(
                                "weight",
                                new LineType.Weight(SCRIPT_LIMIT),
                                "0",
                                "0 = failure is a fault; positive is added to the priority while well, negative while not."),
                        number("rise", 1, 1_000_000, 1, "Successes in a row that make it well."),
                        number("fall", 1, 1_000_000, 1, "Failures in a row that make it not well."),
                        Key.of(
                                "user",
                                new LineType.Words(2, "USER [GROUP]", false),
                                "`script_user`",
                                "Who runs the program."),
                        flag("init_fail", "It is not well until it succeeds.")));
    }

    static Block file() {
        return Block.named(
                        "vrrp_track_file",
                        "NAME",
                        "A file whose number, times the weight, is added to the priority of instances.",
                        List.of(
                                text("file", "PATH", "The file; needed."),
                                Key.of(
                                        "weight",
                                        new LineType.Weight(FILE_LIMIT),
                                        "1",
                                        "0 = a number other than 0 is a fault."),
                                Key.of(
                                                "init_file",
                                                new LineType.Words(2, "[NUMBER] [overwrite]", true),
                                                "",
                                                "Make the file at the start.")
                                        .without("the file must be there; without it the number is 0")))
                .or("track_file");
    }

    static Block process() {
        return Block.named(
                        "vrrp_track_process",
                        "NAME",
                        "Processes that must run.",
                        List.of(
                                Key.of(
                                        "process",
                                        new LineType.Rest("COMMAND [ARGUMENT …]", false),
                                        "",
                                        "The program's name or path; needed."),
                                Key.of(
                                        "weight",
                                        new LineType.Weight(FILE_LIMIT),
                                        "0",
                                        "0 = fewer or more than wanted is a fault."),
                                number("quorum", 1, 65_535, 1, "The least number of processes."),
                                number("quorum_max", 0, 65_535, 65_535, "The greatest number."),
                                time("delay", "0", "3600", "", "`fork_delay` and `terminate_delay`.")
                                        .value(Duration.ZERO),
                                time("fork_delay", "0", "3600", "`delay`", "After which a start counts."),
                                time("terminate_delay", "0", "3600", "`delay`", "After which an end counts."),
                                Key.of(
                                        "param_match",
                                        new ValueType.Word(
                                                List.of("exact", "initial", "partial"), ValueType.Match.EXACT),
                                        "",
                                        "The arguments must be the same too; initial and partial are taken for exact."),
                                flag("full_command", "The whole command line must be the same.")))
                .or("track_process");
    }
}
