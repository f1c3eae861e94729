package jdpvs.daemon.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.port.bond.BondPort;
import org.jspecify.annotations.Nullable;

/** A device as the kernel thread sees it: its port, and whether frames take another way there. */
final class PortSide {
    private final int device;
    private final Port port;
    private final @Nullable PortQueue control;
    private int moves;

    PortSide(int device, Port port, @Nullable PortQueue control) {
        this.device = device;
        this.port = port;
        this.control = control;
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

    @Nullable PortQueue control() {
        return control;
    }

    /** Some link came or went: whoever looks at carriers does so with the next tick. */
    void linksChanged() {
        port.linksChanged();
    }

    /** @return whether frames began to go another way */
    boolean tick(long nowMillis) {
        port.tick(nowMillis);
        int before = moves;
        moves = moves(port);
        return moves != before;
    }
}
