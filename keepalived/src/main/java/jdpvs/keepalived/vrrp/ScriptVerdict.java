package jdpvs.keepalived.vrrp;

import jdpvs.keepalived.configuration.TrackScript;

/** Whether a script is well: {@code rise} successes or {@code fall} failures in a row change it. */
final class ScriptVerdict {
    private final TrackScript script;
    private boolean well;
    private int contrary;

    ScriptVerdict(TrackScript script) {
        this.script = script;
        well = !script.startsFailed();
    }

    boolean isWell() {
        return well;
    }

    /** @return whether the verdict is another */
    boolean ended(boolean success) {
        if (success == well) {
            contrary = 0;
            return false;
        }
        contrary++;
        if (contrary < (success ? script.rise() : script.fall())) {
            return false;
        }
        well = success;
        contrary = 0;
        return true;
    }
}
