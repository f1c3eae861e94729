package jdpvs.daemon.session;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.connection.UdpState;
import jdpvs.balancer.session.EndReason;
import jdpvs.balancer.session.SessionRing;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;

/** An event as a line of {@code key=value}; the format is part of the surface (docs/reference/session-log.md). */
final class SessionLine {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private SessionLine() {}

    /**
     * Appends the line of an event, with its end of line.
     *
     * @param event in a {@link SessionRing}
     * @param bootEpochMillis when CLOCK_BOOTTIME was 0
     */
    static void append(StringBuilder line, long event, String worker, long bootEpochMillis) {
        boolean udp = Memory.getByte(event + SessionRing.PROTOCOL) != 0;
        boolean close = Memory.getByte(event + SessionRing.KIND) == SessionRing.CLOSE;
        line.append("time=");
        TIME.formatTo(Instant.ofEpochMilli(bootEpochMillis + Memory.getLong(event + SessionRing.TIME)), line);
        line.append(close ? " event=close" : " event=create");
        line.append(" proto=").append(udp ? "udp" : "tcp");
        endpoint(line, " client=", event, SessionRing.CLIENT, 0);
        endpoint(line, " vip=", event, SessionRing.VIRTUAL, 2);
        endpoint(line, " lip=", event, SessionRing.LOCAL, 4);
        endpoint(line, " server=", event, SessionRing.SERVER, 6);
        line.append(" worker=").append(worker);
        if (close) {
            int state = Memory.getByte(event + SessionRing.STATE);
            line.append(" reason=")
                    .append(EndReason.of(Memory.getByte(event + SessionRing.REASON))
                            .text());
            line.append(" state=")
                    .append(udp ? UdpState.of(state).name() : TcpState.of(state).name());
            seconds(line, " duration=", Memory.getLong(event + SessionRing.DURATION));
            seconds(line, " idle=", Memory.getInt(event + SessionRing.IDLE));
            line.append(" in_packets=").append(Memory.getLong(event + SessionRing.IN_PACKETS));
            line.append(" in_bytes=").append(Memory.getLong(event + SessionRing.IN_BYTES));
            line.append(" out_packets=").append(Memory.getLong(event + SessionRing.OUT_PACKETS));
            line.append(" out_bytes=").append(Memory.getLong(event + SessionRing.OUT_BYTES));
        }
        line.append('\n');
    }

    private static void endpoint(StringBuilder line, String key, long event, int address, int port) {
        Address value = new Address(Memory.getLong(event + address), Memory.getLong(event + address + 8));
        line.append(key).append(value.withPort(Memory.getShort(event + SessionRing.PORTS + port)));
    }

    private static void seconds(StringBuilder line, String key, long millis) {
        long fraction = millis % 1000;
        line.append(key).append(millis / 1000).append('.');
        line.append(fraction < 100 ? fraction < 10 ? "00" : "0" : "").append(fraction);
    }
}
