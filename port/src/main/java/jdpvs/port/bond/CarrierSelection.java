package jdpvs.port.bond;

import java.util.function.IntSupplier;
import jdpvs.port.LinkState;

/** The modes that look at carriers alone: every slave that is up, or one of them ({@link BondMode#ACTIVE_BACKUP}), which is the primary whenever that is up. */
final class CarrierSelection implements SlaveSelection {
    private static final int NONE = -1;

    private final boolean one;
    private final IntSupplier primary;
    private final boolean[] up;
    private int active = NONE;

    /** @param one only one slave at a time */
    CarrierSelection(int slaves, boolean one, IntSupplier primary) {
        this.one = one;
        this.primary = primary;
        this.up = new boolean[slaves];
    }

    @Override
    public void link(int slave, LinkState link, long nowMillis) {
        up[slave] = link.up();
    }

    @Override
    public void tick(long nowMillis) {
        if (up[primary.getAsInt()]) {
            active = primary.getAsInt();
        } else if (active == NONE || !up[active]) {
            active = firstUp();
        }
    }

    private int firstUp() {
        for (int slave = 0; slave < up.length; slave++) {
            if (up[slave]) {
                return slave;
            }
        }
        return NONE;
    }

    @Override
    public boolean receives(int slave) {
        return sends(slave);
    }

    @Override
    public boolean sends(int slave) {
        return up[slave] && (!one || slave == active);
    }
}
