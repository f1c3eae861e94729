package jdpvs.daemon.kernel;

import jdpvs.stack.KernelSide;
import jdpvs.stack.TokenBucket;
import jdpvs.stack.WorkerContext;

/**
 * One worker's way to the kernel interfaces. Each frame is a system call, so that there are only so many a second: a flood of what nobody serves must not take the
 * time of what is served.
 */
public final class WorkerKernelSide implements KernelSide {
    static final int FRAMES_PER_SECOND = 20_000;

    private final WorkerContext context;
    private final KernelInterfaces interfaces;
    private final TokenBucket budget;

    public WorkerKernelSide(WorkerContext context, KernelInterfaces interfaces) {
        this.context = context;
        this.interfaces = interfaces;
        this.budget = new TokenBucket(FRAMES_PER_SECOND, context.nowMillis);
    }

    @Override
    public boolean take(int device, long frame, int length) {
        KernelInterface beside = interfaces.beside(device);
        if (beside == null) {
            return false;
        }
        if (beside.isCopying()) {
            // It got its copy when the frame came in.
            return true;
        }
        if (budget.take(context.nowMillis)) {
            beside.give(frame, length);
        } else {
            beside.countLimited();
        }
        return true;
    }
}
