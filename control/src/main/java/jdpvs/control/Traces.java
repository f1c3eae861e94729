package jdpvs.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions about packets, and what the daemon answers: what happens to a packet, found where, and why. */
public final class Traces {
    private Traces() {}

    /** What becomes of a packet. */
    public enum Fate {
        /** Balanced, from the client to a server. */
        TO_SERVER,
        /** Balanced, from the server back to the client. */
        TO_CLIENT,
        /** Passed on from device to device (ipv4_forward). */
        ROUTED,
        /** Answered by dpvs itself: ARP, ping. */
        ANSWERED,
        /** Read and kept: ARP. */
        LEARNT,
        /** Kept until the next hop has told its MAC address. */
        WAITS,
        /** Dropped, and counted under a reason. */
        DROPPED
    }

    /** How to read a finding. */
    public enum Mark {
        /** As it should be. */
        OK,
        /** Worth knowing. */
        NOTE,
        /** Why packets do not arrive, now or for some connections. */
        BAD
    }

    /**
     * Which packet.
     *
     * @param protocol TCP (a SYN, unless the connection exists) or UDP
     * @param send put such a packet through a worker and wait for the answer, instead of only looking at the tables
     */
    public record Question(Protocol protocol, Endpoint client, Endpoint virtual, boolean send) {}

    /**
     * One step on the way.
     *
     * @param step a short name: vip, link, connection, service, server, scheduler, local-address, route, neighbour, …
     * @param where the tool that shows more of it, or the worker
     */
    public record Finding(String step, Mark mark, String finding, String where) {}

    /**
     * @param reason of a drop as {@code dpvsctl drops} names it; null when it is not dropped
     * @param sentence what happens, with the names of everybody involved
     * @param remedy what to do about it; empty when nothing is wrong
     */
    public record Verdict(Fate fate, @Nullable String reason, String sentence, String remedy) {
        public boolean dropped() {
            return fate == Fate.DROPPED;
        }

        /** {@code forwarded to …} or {@code dropped: REASON – sentence – what to do}. */
        @Override
        public String toString() {
            String what = dropped() ? "dropped: " + reason + " – " + sentence : sentence;
            return remedy.isEmpty() ? what : what + " – " + remedy;
        }
    }

    /**
     * The way of one packet and of its answer.
     *
     * @param warnings what does not decide about this packet, but about others
     */
    public record Trace(Question question, List<Finding> findings, List<String> warnings, Verdict verdict) {
        public Trace {
            findings = List.copyOf(findings);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One packet of a capture file.
     *
     * @param number from 1
     * @param timeNanos since 1970
     * @param bytes of the frame as captured
     * @param summary the packet in a few words
     */
    public record Explained(long number, long timeNanos, int bytes, String summary, Verdict verdict) {}
}
