package jdpvs.port.pcap;

import jdpvs.port.Burst;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;

/** Another port, with everything it receives and sends written to a capture file, as the worker sees it and leaves it. */
public final class TracedPort implements Port {
    private final Port port;
    private final PcapWriter writer;

    /**
     * @param writer stays the caller's to close
     */
    public TracedPort(Port port, PcapWriter writer) {
        this.port = port;
        this.writer = writer;
    }

    @Override
    public String name() {
        return port.name();
    }

    @Override
    public String specification() {
        return port.specification();
    }

    @Override
    public long macAddress() {
        return port.macAddress();
    }

    @Override
    public int mtu() {
        return port.mtu();
    }

    @Override
    public LinkState link() {
        return port.link();
    }

    @Override
    public int queueCount() {
        return port.queueCount();
    }

    @Override
    public PortQueue queue(int index) {
        return new TracedQueue(port.queue(index), writer);
    }

    @Override
    public PortCounters counters() {
        return port.counters();
    }

    @Override
    public boolean sharedWithKernel() {
        return port.sharedWithKernel();
    }

    @Override
    public void own(OwnedAddresses addresses) {
        port.own(addresses);
    }

    @Override
    public void setPromiscuous(boolean on) {
        port.setPromiscuous(on);
    }

    @Override
    public void close() {
        port.close();
    }

    private record TracedQueue(PortQueue queue, PcapWriter writer) implements PortQueue {
        @Override
        public int receive(Burst burst) {
            int count = queue.receive(burst);
            boolean ignored = writer.write(burst);
            return count;
        }

        @Override
        public void release() {
            queue.release();
        }

        @Override
        public void transmit(Burst burst) {
            boolean ignored = writer.write(burst);
            queue.transmit(burst);
        }

        @Override
        public PortCounters counters() {
            return queue.counters();
        }

        @Override
        public int[] pollDescriptors() {
            return queue.pollDescriptors();
        }
    }
}
