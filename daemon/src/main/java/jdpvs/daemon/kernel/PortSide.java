package jdpvs.daemon.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.port.bond.BondPort;
import org.jspecify.annotations.Nullable;

/** A device as the kernel thread sees it: its port, and the kernel's interface beside it if there is one. */
final class PortSide {
    private final int device;
    private final Port port;
    private final @Nullable PortQueue control;
    private final @Nullable KernelInterface kernel;
    private final IntPredicate linkUp;
    private int moves;

    PortSide(
            int device, Port port, @Nullable PortQueue control, @Nullable KernelInterface kernel, IntPredicate linkUp) {
        this.device = device;
        this.port = port;
        this.control = control;
        this.kernel = kernel;
        this.linkUp = linkUp;
        this.moves = moves(port);
    }

    static boolean isBond(Port port) {
        return port instanceof BondPort;
    }

    /** Those ports that belong to another. */
    static Set<Port> slaves(List<Port> ports) {
        Set<Port> slaves = new HashSet<>();
        for (Port port : ports) {
            if (port instanceof BondPort bond) {
                slaves.addAll(bond.slaves());
            }
        }
        return slaves;
    }

    private static int moves(Port port) {
        return port instanceof BondPort bond ? bond.moves() : 0;
    }

    int device() {
        return device;
    }

    Port port() {
        return port;
    }

    @Nullable PortQueue control() {
        return control;
    }

    /** Null also when it is gone. */
    @Nullable KernelInterface kernel() {
        return kernel == null || kernel.isGone() ? null : kernel;
    }

    String interfaceName() {
        return kernel == null ? "" : kernel.name();
    }

    /** @return whether frames began to go another way */
    boolean tick(long nowMillis) {
        port.tick(nowMillis);
        KernelInterface beside = kernel();
        if (beside != null) {
            beside.tap().carrier(linkUp.test(device));
        }
        int before = moves;
        moves = moves(port);
        return moves != before;
    }
}
