package jdpvs.keepalived.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import jdpvs.keepalived.check.Deadlines.Deadline;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;

/** A question by UDP. The socket is connected, so that nobody else's datagrams come in and ICMP errors do. */
final class Datagrams {
    private static final int LARGEST = 65_536;

    private Datagrams() {}

    /** Judges a datagram. */
    interface Judge {
        /** @return whether it is the answer; false = wait for another */
        boolean answers(ByteBuffer reply) throws Unexpected;
    }

    /** @param silence the result when nothing comes in time */
    static Result ask(Target target, Duration time, byte[] question, Judge judge, Result silence)
            throws InterruptedException {
        try (DatagramChannel channel = DatagramChannel.open(Source.family(target))) {
            Source.apply(channel, Sockets.SOCK_DGRAM, target);
            channel.connect(Source.destination(target));
            try (Deadline deadline = Deadlines.in(time, channel)) {
                return exchange(channel, question, judge, silence, deadline);
            }
        } catch (IOException e) {
            return Reasons.failure(e);
        } catch (SystemCallException e) {
            return Reasons.failure(e);
        }
    }

    private static Result exchange(
            DatagramChannel channel, byte[] question, Judge judge, Result silence, Deadline deadline)
            throws IOException {
        try {
            channel.write(ByteBuffer.wrap(question));
            ByteBuffer reply = ByteBuffer.allocate(LARGEST);
            do {
                reply.clear();
                channel.read(reply);
                reply.flip();
            } while (!judge.answers(reply));
            return Result.success();
        } catch (IOException e) {
            if (deadline.passed()) {
                return silence;
            }
            throw e;
        }
    }
}
