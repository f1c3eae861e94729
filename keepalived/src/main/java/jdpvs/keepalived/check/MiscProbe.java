package jdpvs.keepalived.check;

import java.util.List;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.notice.ScriptRunner;

/** MISC_CHECK: a program ends with exit code 0; with {@code misc_dynamic} 2 to 255 are successes too, which set the weight to 2 less. */
final class MiscProbe implements Probe {
    private final CheckSettings.Misc settings;
    private final ScriptRunner scripts;

    MiscProbe(CheckSettings.Misc settings, ScriptRunner scripts) {
        this.settings = settings;
        this.scripts = scripts;
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        return switch (scripts.run(settings.script(), List.of(), settings.timeout())) {
            case ScriptRunner.Ending.Exited(int code) when code == 0 -> Result.success();
            case ScriptRunner.Ending.Exited(int code)
            when settings.dynamic() && code >= 2 -> new Result(true, "", code - 2);
            case ScriptRunner.Ending.Exited(int code) -> Result.failure("exited with status " + code);
            case ScriptRunner.Ending.TimedOut _ ->
                Result.failure("no end within " + Reasons.seconds(settings.timeout()));
            case ScriptRunner.Ending.NotStarted(String reason)
            when Reasons.isScarcity(reason) -> Result.undecided("cannot be started: " + reason);
            case ScriptRunner.Ending.NotStarted(String reason) -> Result.failure("cannot be started: " + reason);
        };
    }
}
