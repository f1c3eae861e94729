package jdpvs.keepalived.check;

import jdpvs.keepalived.configuration.CheckSettings;

/** TCP_CHECK: a connection comes about. It is closed politely: many servers log an error when it is reset. */
final class TcpProbe implements Probe {
    private final CheckSettings.Tcp settings;

    TcpProbe(CheckSettings.Tcp settings) {
        this.settings = settings;
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        return Connection.talk(settings.target(), settings.timing().connectTimeout(), connection -> Result.success());
    }
}
