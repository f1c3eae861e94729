package jdpvs.keepalived.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import jdpvs.keepalived.check.Deadlines.Deadline;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;

/** A question by UDP. The socket is connected, so that nobody else's datagrams come in and ICMP errors do. */
final class Datagrams {
    private Datagrams() {}

    /** Judges a datagram. */
    interface Judge {
        /** @return whether it is the answer; false = wait for another */
        boolean answers(byte[] reply) throws Unexpected;
    }

    /**
     * @param largest bytes of a reply that are looked at
     * @param silence the result when nothing comes in time
     */
    static Result ask(Target target, Duration time, byte[] question, int largest, Judge judge, Result silence)
            throws InterruptedException {
        DatagramChannel channel;
        int descriptor;
        try {
            descriptor = Source.nextDescriptor(target);
            channel = DatagramChannel.open(Source.family(target));
        } catch (IOException e) {
            // No descriptor or no memory left.
            return Reasons.undecided(e);
        } catch (SystemCallException e) {
            return Reasons.undecided(e);
        }
        try (channel) {
            try {
                Source.apply(channel, Sockets.SOCK_DGRAM, target, descriptor);
            } catch (IOException e) {
                return Reasons.undecided(e);
            } catch (SystemCallException e) {
                return Reasons.undecided(e);
            }
            channel.connect(Source.destination(target));
            try (Deadline _ = Deadlines.in(time, channel)) {
                return exchange(channel, question, largest, judge, silence);
            }
        } catch (IOException e) {
            return Reasons.failure(e);
        }
    }

    private static Result exchange(DatagramChannel channel, byte[] question, int largest, Judge judge, Result silence)
            throws IOException {
        try {
            channel.write(ByteBuffer.wrap(question));
            byte[] reply = new byte[largest];
            int length;
            do {
                // The JDK says -1 of an empty datagram.
                length = Math.max(0, channel.read(ByteBuffer.wrap(reply)));
            } while (!judge.answers(Arrays.copyOf(reply, length)));
            return Result.success();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException _) {
            // By the deadline. The clock would not do: what came in time may be read after it.
            return silence;
        }
    }
}
