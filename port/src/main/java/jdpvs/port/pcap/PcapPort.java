package jdpvs.port.pcap;

import java.util.List;
import jdpvs.port.BasePort;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortException;
import org.jspecify.annotations.Nullable;

/** A port on two capture files; see {@link PcapDriver}. */
final class PcapPort extends BasePort<PcapQueue> {
    private static final LinkState UP = new LinkState(true, 10_000, true, false);

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
        super(name, specification, macAddress, mtu, List.copyOf(queues));
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public LinkState link() {
        return UP;
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
        queues().forEach(PcapQueue::close);
    }
}
