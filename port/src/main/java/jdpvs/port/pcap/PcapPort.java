package jdpvs.port.pcap;

import java.util.List;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortException;
import jdpvs.port.PortQueue;
import org.jspecify.annotations.Nullable;

/** A port on two capture files; see {@link PcapDriver}. */
final class PcapPort implements Port {
    private static final LinkState UP = new LinkState(true, 10_000, true, false);

    private final String name;
    private final String specification;
    private final long macAddress;
    private final int mtu;
    private final List<PcapQueue> queues;
    private final @Nullable PcapReader reader;
    private final @Nullable PcapWriter writer;

    PcapPort(
            String name,
            String specification,
            long macAddress,
            int mtu,
            List<PcapQueue> queues,
            @Nullable PcapReader reader,
            @Nullable PcapWriter writer) {
        this.name = name;
        this.specification = specification;
        this.macAddress = macAddress;
        this.mtu = mtu;
        this.queues = List.copyOf(queues);
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String specification() {
        return specification;
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public LinkState link() {
        return UP;
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public PortQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public PortCounters counters() {
        PortCounters sum = PortCounters.ZERO;
        for (PcapQueue queue : queues) {
            sum = sum.plus(queue.counters());
        }
        return sum;
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    /** A file's frames are all ours. */
    @Override
    public void own(OwnedAddresses addresses) {}

    @Override
    public void setPromiscuous(boolean on) {}

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
        if (writer != null) {
            try {
                writer.close();
            } catch (PortException lastFramesLost) {
                // Counted as transmit errors when they were written; there is nobody left to tell.
            }
        }
        queues.forEach(PcapQueue::close);
    }
}
