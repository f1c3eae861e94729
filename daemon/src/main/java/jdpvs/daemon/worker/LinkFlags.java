package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdpvs.stack.VlanTable;

/** Which devices may be sent to: written by the control thread when a link changes or an operator sets it down, read by workers. */
public final class LinkFlags {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] up;

    /** @param devices without VLAN devices, for which there is room behind them */
    public LinkFlags(int devices) {
        up = new int[devices + VlanTable.MOST];
    }

    public boolean isUp(int device) {
        return (int) CELL.getOpaque(up, device) != 0;
    }

    public void set(int device, boolean isUp) {
        CELL.setOpaque(up, device, isUp ? 1 : 0);
    }
}
