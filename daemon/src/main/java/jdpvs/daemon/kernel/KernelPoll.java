package jdpvs.daemon.kernel;

import java.util.List;
import java.util.stream.IntStream;
import jdpvs.linux.PollSet;
import jdpvs.port.PortQueue;

/** What the kernel thread sleeps on. */
final class KernelPoll {
    private static final int NOTICES = 1;

    private final int stop;
    private final int notices;
    private PollSet descriptors;
    private boolean mustAsk;

    /**
     * @param stop whatever ends a sleep
     * @param notices of changed addresses and links; -1 = none
     */
    KernelPoll(int stop, int notices, List<PortSide> sides, List<KernelInterface> interfaces) {
        this.stop = stop;
        this.notices = notices;
        this.descriptors = set(sides, interfaces);
    }

    /** Looks anew at what there is to wait for. */
    void follow(List<PortSide> sides, List<KernelInterface> interfaces) {
        descriptors = set(sides, interfaces);
    }

    private PollSet set(List<PortSide> sides, List<KernelInterface> interfaces) {
        var all = IntStream.builder();
        all.add(stop).add(notices);
        mustAsk = false;
        for (PortSide side : sides) {
            PortQueue control = side.control();
            if (control != null) {
                int[] ofQueue = control.pollDescriptors();
                mustAsk |= ofQueue.length == 0;
                IntStream.of(ofQueue).forEach(all);
            }
        }
        for (KernelInterface one : interfaces) {
            mustAsk |= one.isPresent() && one.descriptor() < 0;
            all.add(one.descriptor());
        }
        return new PollSet(all.build().toArray());
    }

    void await(int millis) {
        int ignored = descriptors.await(mustAsk ? Math.min(1, millis) : millis);
    }

    /** Whether the last wait found a notice of changed addresses or links. */
    boolean hasNotice() {
        return descriptors.readable(NOTICES);
    }
}
