package jdpvs.stack.fragment;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;

/**
 * Puts datagrams together from their fragments (RFC 791 §3.2), for one worker. Fragments may come in any order; a datagram goes on when all of it is there,
 * so that whoever takes it sees an ordinary packet, and a tiny first fragment that cuts the ports off (RFC 1858, RFC 3128) deceives nobody.
 *
 * <p>What is refused: a fragment without payload, one that is not the last and no multiple of 8 bytes long, one that ends beyond 65,535 bytes
 * (BAD_FRAGMENT); a second fragment for the same bytes (FRAGMENT_DUPLICATE; what came first counts). Fragments that overlap otherwise, or disagree
 * about the end, give away a forger or a defect: the datagram and everything of it that is still to come is dropped (FRAGMENT_OVERLAP; RFC 5722 §3 says
 * so for IPv6). When memory is short the oldest incomplete datagram goes, first that of the source that takes more than its share (FRAGMENTS_FULL).
 *
 * <p>Each fragment that does not become part of a whole datagram is counted once. Allocates nothing after construction.
 */
public final class Reassembly {
    private static final int LARGEST_PACKET = 65_535;
    private static final int CONGESTION = 3;

    private final WorkerContext context;
    private final FragmentLimits limits;
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

    /** Keeps a copy of a fragment ({@link jdpvs.wire.FrameKind#FRAGMENT4}, its lengths checked), or counts why not. */
    public void add(int device, long frame) {
        long ip = frame + Ethernet.LENGTH;
        int headerLength = Ipv4.headerLength(ip);
        int length = Ipv4.totalLength(ip) - headerLength;
        int field = Ipv4.flagsAndOffset(ip);
        boolean more = (field & Ipv4.MORE_FRAGMENTS) != 0;
        int offset = (field & Ipv4.OFFSET_MASK) << 3;
        if (length == 0 || (more && (length & 7) != 0) || headerLength + offset + length > LARGEST_PACKET) {
            drop(DropReason.BAD_FRAGMENT);
            return;
        }
        int d = datagram(ip);
        if (d == Datagrams.NONE) {
            drop(DropReason.FRAGMENTS_FULL);
        } else if (datagrams.dead[d]) {
            drop(DropReason.FRAGMENT_OVERLAP);
        } else if (place(d, ip + headerLength, offset, length, more)) {
            datagrams.congested[d] |= (Ipv4.tos(ip) & CONGESTION) == CONGESTION;
            if (offset == 0) {
                datagrams.headerLength[d] = headerLength;
                datagrams.device[d] = device;
                datagrams.keepHeader(d, frame, Ethernet.LENGTH + headerLength);
            }
            absorbed++;
            context.step(Step.FRAGMENT_KEPT, Ipv4.identification(ip), offset);
            if (datagrams.received[d] == datagrams.total[d]) {
                complete(d, ip);
            }
        }
    }

    /** The datagram of a fragment, known or begun; NONE when there is no room. */
    private int datagram(long ip) {
        long addresses = Memory.getLong(ip + 12);
        int identity = Ipv4.identification(ip) << 8 | Ipv4.protocol(ip);
        int known = datagrams.find(addresses, identity);
        if (known != Datagrams.NONE) {
            return known;
        }
        int group = datagrams.sourceGroup((int) addresses);
        if (datagrams.datagramsOfSource(group) >= limits.datagramsPerSource()) {
            remove(datagrams.oldestOfSource(group), DropReason.FRAGMENTS_FULL);
        } else if (datagrams.isFull()) {
            int oldest = datagrams.oldest();
            if (oldest == Datagrams.NONE) {
                return Datagrams.NONE;
            }
            remove(oldest, DropReason.FRAGMENTS_FULL);
        }
        return datagrams.add(addresses, identity, group, context.nowMillis + limits.timeoutMillis());
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

    private void complete(int d, long ip) {
        int bytes = datagrams.headerLength[d] + datagrams.total[d];
        if (bytes > LARGEST_PACKET) {
            // The fragment at hand is among those that are counted.
            remove(d, DropReason.BAD_FRAGMENT);
            return;
        }
        datagrams.remove(d);
        int place = (wholeHead + wholeCount++) % whole.length;
        whole[place] = d;
        positions[place] = context.position;
        context.step(Step.REASSEMBLED, Ipv4.identification(ip), bytes);
    }

    /** Whether {@link #take} may have something. */
    public boolean hasWhole() {
        return wholeCount > 0;
    }

    /**
     * The next datagram that has become whole, as a frame: the headers of its first fragment with length, flags and checksum of the whole, no virtio-net
     * state, {@link jdpvs.port.PortQueue#HEADROOM} before it. It may be fragmented again (no DF), whatever its fragments said. It stays until the cycle
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
        Ipv4.setTotalLength(ip, length - Ethernet.LENGTH);
        Memory.putShortNet(ip + 6, 0);
        int tos = Ipv4.tos(ip);
        if (datagrams.congested[d] && (tos & CONGESTION) != 0) {
            // RFC 3168 §5.3.
            Memory.putByte(ip + 1, tos | CONGESTION);
        }
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
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

    private void drop(DropReason reason) {
        context.drops.count(reason);
    }
}
