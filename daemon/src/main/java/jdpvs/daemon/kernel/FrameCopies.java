package jdpvs.daemon.kernel;

import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.KernelFrames;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;

/**
 * Copies what one worker receives and sends to the kernel interfaces that are to have it ({@code dpip link set DEV forward2kni on}), for tcpdump there. Each copy is a
 * system call: this is for finding faults. What the control queue gives the kernel anyway is left out.
 */
public final class FrameCopies implements Witness {
    private final WorkerContext context;
    private final KernelInterfaces interfaces;

    public FrameCopies(WorkerContext context, KernelInterfaces interfaces) {
        this.context = context;
        this.interfaces = interfaces;
    }

    @Override
    public void received(int device, Burst burst) {
        KernelInterface beside = interfaces.beside(device);
        if (beside == null || !beside.isCopying()) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int length = burst.length[i];
            if (!isControl(frame, length)) {
                beside.give(frame, length);
            }
        }
    }

    /** The frame has not been classified yet, so that its length is looked at first. */
    private boolean isControl(long frame, int length) {
        if (KernelFrames.isOfLink(frame, length)) {
            return true;
        }
        NetworkConfiguration network = context.network;
        long ip = frame + Ethernet.LENGTH;
        boolean ipv6 = Ethernet.type(frame) == Ethernet.TYPE_IPV6;
        return length >= Ethernet.LENGTH + (ipv6 ? Ipv6.LENGTH : Ipv4.MINIMUM_LENGTH)
                && Ip.isIpv6(ip) == ipv6
                && network.isKernels(Ip.destinationHigh(ip), Ip.destinationLow(ip));
    }

    @Override
    public void sent(int device, long frame, int length) {
        KernelInterface beside = interfaces.beside(device);
        if (beside != null && beside.isCopying()) {
            beside.give(frame, length);
        }
    }

    @Override
    public void takenOver(int device, Burst burst) {}

    @Override
    public void step(Step step, long first, long second, long third) {}

    @Override
    public void dropped(DropReason reason) {}
}
