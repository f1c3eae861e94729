package jdpvs.stack.fragment;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.translate.HeaderTranslation;

/**
 * Puts datagrams together from their fragments (RFC 791 §3.2, RFC 8200 §4.5), for one worker. Fragments may come in any order; a datagram goes on when all of it is there,
 * so that whoever takes it sees an ordinary packet, and a tiny first fragment that cuts the ports off (RFC 1858, RFC 3128) deceives nobody.
 *
 * <p>What is refused: a fragment without payload, one that is not the last and no multiple of 8 bytes long, one that ends beyond 65,535 bytes
 * (BAD_FRAGMENT); a second fragment for the same bytes (FRAGMENT_DUPLICATE; what came first counts). Fragments that overlap otherwise, or disagree
 * about the end, give away a forger or a defect: the datagram and everything of it that is still to come is dropped (FRAGMENT_OVERLAP; RFC 5722 §3 says
 * so for IPv6). A fragment of IPv6 that is its whole datagram belongs to no other, whatever its identification (RFC 6946). When memory is short the oldest incomplete datagram goes, first that of the source that takes more than its share (FRAGMENTS_FULL).
 *
 * <p>Each fragment that does not become part of a whole datagram is counted once. Allocates nothing after construction.
 */
public final class Reassembly {
    private static final int LARGEST_PACKET = 65_535;
    private static final int CONGESTION = 3;

    private final WorkerContext context;
    private final FragmentLimits limits;
    private final Fragment fragment = new Fragment();
    private final Datagrams datagrams;
    private final FragmentChunks chunks;
    private final CycleMemory memory;
    private final int[] whole;
    private final int[] positions;
    private int wholeHead;
    private int wholeCount;
    private long absorbed;
    private int takenLength;
    private int takenDevice;
    private int takenPosition;

    /** @param secret must not be guessable from outside */
    public Reassembly(WorkerContext context, FragmentLimits limits, long secret) {
        this.context = context;
        this.limits = limits;
        datagrams = new Datagrams(limits.datagrams(), limits.sources(), secret);
        chunks = new FragmentChunks(limits.chunks());
        memory = new CycleMemory(limits.cycleBytes());
        whole = new int[limits.datagrams()];
        positions = new int[limits.datagrams()];
    }

    /**
     * Keeps a copy of a fragment, or counts why not.
     *
     * @param classification {@link jdpvs.wire.FrameKind#FRAGMENT4} or {@link jdpvs.wire.FrameKind#FRAGMENT6}: its lengths are checked
     */
    public void add(int device, long frame, int classification) {
        fragment.read(frame, classification);
        count(fragment.isIpv6(), Ipv6Counter.REASM_REQDS);
        if (fragment.isMalformed()) {
            drop(DropReason.BAD_FRAGMENT);
            count(fragment.isIpv6(), Ipv6Counter.REASM_FAILS);
            return;
        }
        int d = fragment.isAtomic() ? begin() : datagram();
        if (d == Datagrams.NONE) {
            drop(DropReason.FRAGMENTS_FULL);
            count(fragment.isIpv6(), Ipv6Counter.REASM_FAILS);
        } else if (datagrams.dead[d]) {
            drop(DropReason.FRAGMENT_OVERLAP);
        } else if (place(d, fragment.payload(), fragment.offset(), fragment.length(), fragment.more())) {
            datagrams.congested[d] |= fragment.isCongested();
            if (fragment.offset() == 0) {
                datagrams.headerLength[d] = fragment.headerLength();
                datagrams.device[d] = device;
                datagrams.keepHeader(d, frame, Ethernet.LENGTH + fragment.headerLength());
                fragment.leaveOut(datagrams.header(d));
            }
            absorbed++;
            context.step(Step.FRAGMENT_KEPT, fragment.identification(), fragment.offset());
            if (datagrams.received[d] == datagrams.total[d]) {
                complete(d);
            }
        }
    }

    /** The datagram of the fragment, known or begun; NONE when there is no room. */
    private int datagram() {
        int known = datagrams.find(
                fragment.sourceHigh(),
                fragment.sourceLow(),
                fragment.destinationHigh(),
                fragment.destinationLow(),
                fragment.identity());
        return known != Datagrams.NONE ? known : begin();
    }

    private int begin() {
        int group = datagrams.sourceGroup(fragment.sourceHigh(), fragment.sourceLow());
        if (datagrams.datagramsOfSource(group) >= limits.datagramsPerSource()) {
            remove(datagrams.oldestOfSource(group), DropReason.FRAGMENTS_FULL);
        } else if (datagrams.isFull()) {
            int oldest = datagrams.oldest();
            if (oldest == Datagrams.NONE) {
                return Datagrams.NONE;
            }
            remove(oldest, DropReason.FRAGMENTS_FULL);
        }
        return datagrams.add(
                fragment.sourceHigh(),
                fragment.sourceLow(),
                fragment.destinationHigh(),
                fragment.destinationLow(),
                fragment.identity(),
                group,
                context.nowMillis + limits.timeoutMillis());
    }

    /** @return false when the fragment was counted as dropped */
    private boolean place(int d, long payload, int offset, int length, boolean more) {
        int end = offset + length;
        int before = datagrams.last[d];
        int behind = FragmentChunks.NONE;
        if (before != FragmentChunks.NONE && chunks.end(before) > offset) {
            before = FragmentChunks.NONE;
            behind = datagrams.first[d];
            while (behind != FragmentChunks.NONE && chunks.offset[behind] < offset) {
                before = behind;
                behind = chunks.next[behind];
            }
        }
        boolean overlaps = (before != FragmentChunks.NONE && chunks.end(before) > offset)
                || (behind != FragmentChunks.NONE && chunks.offset[behind] < end);
        int total = datagrams.total[d];
        if (overlaps
                && behind != FragmentChunks.NONE
                && chunks.offset[behind] == offset
                && chunks.fragmentBytes[behind] == length
                && more == (end != total)) {
            drop(DropReason.FRAGMENT_DUPLICATE);
            return false;
        }
        boolean endsTwice = more ? total != Datagrams.NONE && end > total : total != Datagrams.NONE || behind >= 0;
        if (overlaps || endsTwice) {
            kill(d, DropReason.FRAGMENT_OVERLAP);
            return false;
        }
        if (datagrams.fragments[d] == limits.fragmentsPerDatagram()) {
            kill(d, DropReason.FRAGMENTS_FULL);
            return false;
        }
        int needed = FragmentChunks.needed(length);
        if (!makeRoom(d, needed)) {
            drop(DropReason.FRAGMENTS_FULL);
            return false;
        }
        insert(d, chunks.keep(payload, length, offset), before, behind);
        datagrams.chunks[d] += needed;
        datagrams.chunksOfSource[datagrams.source(d)] += needed;
        datagrams.fragments[d]++;
        datagrams.received[d] += length;
        if (!more) {
            datagrams.total[d] = end;
        }
        return true;
    }

    private void insert(int d, int from, int before, int behind) {
        int to = chunks.lastTaken;
        chunks.next[to] = behind;
        if (before == FragmentChunks.NONE) {
            datagrams.first[d] = from;
        } else {
            chunks.next[before] = from;
        }
        if (behind == FragmentChunks.NONE) {
            datagrams.last[d] = to;
        }
    }

    /** Frees chunks for a datagram, at the cost of the oldest. @return false when there are not enough; the datagram may be gone then */
    private boolean makeRoom(int d, int needed) {
        int group = datagrams.source(d);
        boolean mine = false;
        while (!mine && datagrams.chunksOfSource[group] + needed > limits.chunksPerSource()) {
            int victim = datagrams.oldestOfSource(group);
            mine = victim == d;
            remove(victim, DropReason.FRAGMENTS_FULL);
        }
        while (!mine && chunks.freeCount() < needed) {
            // What is whole already and waits to be taken is not among these.
            int victim = datagrams.oldest();
            mine = victim == d;
            remove(victim, DropReason.FRAGMENTS_FULL);
        }
        return !mine;
    }

    private void complete(int d) {
        int bytes = datagrams.headerLength[d] + datagrams.total[d];
        if (bytes > LARGEST_PACKET) {
            // The fragment at hand is among those that are counted.
            remove(d, DropReason.BAD_FRAGMENT);
            return;
        }
        count(datagrams.isIpv6(d), Ipv6Counter.REASM_OKS);
        datagrams.remove(d);
        int place = (wholeHead + wholeCount++) % whole.length;
        whole[place] = d;
        positions[place] = context.position;
        context.step(Step.REASSEMBLED, fragment.identification(), bytes);
    }

    /** Whether {@link #take} may have something. */
    public boolean hasWhole() {
        return wholeCount > 0;
    }

    /**
     * The next datagram that has become whole, as a frame: the headers of its first fragment with length, flags and checksum of the whole, no virtio-net
     * state, {@link jdpvs.port.PortQueue#HEADROOM} before it. It may be fragmented again (no DF, {@link VirtioNetHeader#setFragments}), whatever its fragments said. It stays until the cycle
     * ends.
     *
     * @return the address of its Ethernet header, or 0 when there is none or no memory for one in this cycle
     */
    public long take() {
        if (wholeCount == 0) {
            return 0;
        }
        int d = whole[wholeHead];
        int headerLength = datagrams.headerLength[d];
        int length = Ethernet.LENGTH + headerLength + datagrams.total[d];
        if (!memory.hasRoom(1, length, context.nowMillis)) {
            return 0;
        }
        long frame = memory.allocate(length);
        long ip = frame + Ethernet.LENGTH;
        Memory.copy(datagrams.header(d), frame, Ethernet.LENGTH + headerLength);
        chunks.gather(datagrams.first[d], ip + headerLength);
        Ip.setTotalLength(ip, length - Ethernet.LENGTH);
        if (Ip.isIpv6(ip)) {
            finishIpv6(frame, ip, datagrams.congested[d]);
        } else {
            finishIpv4(ip, datagrams.congested[d]);
        }
        takenLength = length;
        takenDevice = datagrams.device[d];
        takenPosition = positions[wholeHead];
        wholeHead = (wholeHead + 1) % whole.length;
        wholeCount--;
        chunks.giveAll(datagrams.first[d]);
        datagrams.free(d);
        absorbed--;
        return frame;
    }

    private static void finishIpv4(long ip, boolean congested) {
        Memory.putShortNet(ip + 6, 0);
        int tos = Ipv4.tos(ip);
        if (congested && (tos & CONGESTION) != 0) {
            // RFC 3168 §5.3.
            Memory.putByte(ip + 1, tos | CONGESTION);
        }
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
    }

    private static void finishIpv6(long frame, long ip, boolean congested) {
        int trafficClass = Ipv6.trafficClass(ip);
        if (congested && (trafficClass & CONGESTION) != 0) {
            Ipv6.setFirstWord(ip, trafficClass | CONGESTION, Ipv6.flowLabel(ip));
        }
        VirtioNetHeader.setFragments(frame, HeaderTranslation.FRAGMENT_PAYLOAD);
    }

    /** Bytes of the frame that {@link #take} has returned. */
    public int takenLength() {
        return takenLength;
    }

    /** The device by which its first fragment came. */
    public int takenDevice() {
        return takenDevice;
    }

    /** The position in its burst of the fragment that completed it. */
    public int takenPosition() {
        return takenPosition;
    }

    /** Drops what has been incomplete for too long. */
    public void tick() {
        for (int d = datagrams.oldest(); d != Datagrams.NONE; d = datagrams.oldest()) {
            if (datagrams.deadlineMillis[d] > context.nowMillis) {
                return;
            }
            if (!datagrams.dead[d]) {
                count(datagrams.isIpv6(d), Ipv6Counter.REASM_TIMEOUT);
            }
            remove(d, DropReason.FRAGMENT_TIMEOUT);
        }
    }

    /** Datagrams that are not whole yet. */
    public int incomplete() {
        return datagrams.count();
    }

    /** Fragments taken in less datagrams given out: frames that neither were sent nor are counted as dropped. For the books. */
    public long absorbed() {
        return absorbed;
    }

    /** Fragments of datagrams that are not whole yet. */
    int keptFragments() {
        int kept = 0;
        for (int d = datagrams.oldest(); d != Datagrams.NONE; d = datagrams.newer(d)) {
            kept += datagrams.fragments[d];
        }
        return kept;
    }

    int freeChunks() {
        return chunks.freeCount();
    }

    /** Forgets a datagram; its fragments are counted. */
    private void remove(int d, DropReason reason) {
        if (!datagrams.dead[d]) {
            count(datagrams.isIpv6(d), Ipv6Counter.REASM_FAILS);
        }
        absorbed -= datagrams.fragments[d];
        for (int i = 0; i < datagrams.fragments[d]; i++) {
            drop(reason);
        }
        datagrams.remove(d);
        chunks.giveAll(datagrams.first[d]);
        datagrams.free(d);
    }

    /** Drops what is there of a datagram, the fragment at hand, and what will come of it. */
    private void kill(int d, DropReason reason) {
        count(datagrams.isIpv6(d), Ipv6Counter.REASM_FAILS);
        absorbed -= datagrams.fragments[d];
        for (int i = 0; i <= datagrams.fragments[d]; i++) {
            drop(reason);
        }
        chunks.giveAll(datagrams.first[d]);
        datagrams.chunksOfSource[datagrams.source(d)] -= datagrams.chunks[d];
        datagrams.first[d] = FragmentChunks.NONE;
        datagrams.last[d] = FragmentChunks.NONE;
        datagrams.chunks[d] = 0;
        datagrams.fragments[d] = 0;
        datagrams.dead[d] = true;
    }

    private void count(boolean ipv6, Ipv6Counter counter) {
        if (ipv6) {
            context.ipv6.add(counter, 1);
        }
    }

    private void drop(DropReason reason) {
        context.drops.count(reason);
    }
}
