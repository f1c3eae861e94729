package jdpvs.daemon.kernel;

import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.VlanTag;

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
            if (!isGivenAnyway(device, frame, length)) {
                beside.give(frame, length);
            }
        }
    }

    /** Whether the device's own interface gets it by the control queue; a VLAN device's would get it instead. */
    private boolean isGivenAnyway(int device, long frame, int length) {
        boolean ofVlan = VlanTag.isOn(frame, length) && interfaces.inVlan(device, VlanTag.id(frame)) != null;
        return !ofVlan && context.isControl(frame, length);
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
