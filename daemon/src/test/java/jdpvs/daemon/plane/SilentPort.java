package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;

/** A port that never receives and remembers what it was told. */
final class SilentPort implements Port {
    private static final PortQueue SILENCE = new PortQueue() {
        @Override
        public int receive(Burst burst) {
            burst.count = 0;
            return 0;
        }

        @Override
        public void release() {}

        @Override
        public void transmit(Burst burst) {
            burst.count = 0;
        }

        @Override
        public int pollDescriptor() {
            return -1;
        }
    };

    final List<OwnedAddresses> owned = new ArrayList<>();
    boolean promiscuous;
    private final String name;
    private final long macAddress;

    SilentPort(String name, long macAddress) {
        this.name = name;
        this.macAddress = macAddress;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String specification() {
        return "silent:";
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public LinkState link() {
        return new LinkState(true, 10000, true, false);
    }

    @Override
    public int queueCount() {
        return 1;
    }

    @Override
    public PortQueue queue(int index) {
        return SILENCE;
    }

    @Override
    public PortCounters counters() {
        return new PortCounters(0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    @Override
    public void own(OwnedAddresses addresses) {
        owned.add(addresses);
    }

    @Override
    public void setPromiscuous(boolean on) {
        promiscuous = on;
    }

    @Override
    public void close() {}
}
