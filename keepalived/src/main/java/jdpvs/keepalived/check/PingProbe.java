package jdpvs.keepalived.check;

import java.io.IOException;
import java.time.Duration;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.linux.SystemCallException;

/** PING_CHECK: an echo request is answered. */
final class PingProbe implements Probe {
    private final CheckSettings.Ping settings;
    private final Pinger pinger;

    PingProbe(CheckSettings.Ping settings, Pinger pinger) {
        this.settings = settings;
        this.pinger = pinger;
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        Duration time = settings.timing().connectTimeout();
        try {
            return pinger.ping(settings.target(), time) ? Result.success() : Result.failure(Reasons.noAnswer(time));
        } catch (IOException e) {
            return Reasons.failure(e);
        } catch (SystemCallException e) {
            return Reasons.failure(e);
        }
    }
}
