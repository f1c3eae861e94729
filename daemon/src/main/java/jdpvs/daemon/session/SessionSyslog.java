package jdpvs.daemon.session;

import jdpvs.linux.Syslog;

/** The system's log, one message for each line, severity informational. */
final class SessionSyslog implements SessionSink {
    @Override
    public void write(CharSequence lines) {
        lines.toString().lines().forEach(line -> Syslog.log(Syslog.INFO, "SESSION: " + line));
    }

    @Override
    public void follow(boolean anyway) {
        // The C library finds its log daemon again by itself.
    }

    @Override
    public void close() {
        // The process has one connection to the log daemon; it belongs to its start.
    }
}
