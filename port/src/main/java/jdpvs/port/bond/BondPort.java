package jdpvs.port.bond;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import jdpvs.port.BasePort;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.port.bond.lacp.LacpOptions;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * Several ports, its slaves, as one. Its MAC address is the primary's, which all slaves take beside their own. The slaves are opened and closed by whoever made them.
 *
 * <pre>
 *   worker i ── BondQueue i ──┬── slave 0, queue i              BondState: who sends, who receives
 *                             └── slave 1, queue i                  ↑ published
 *   control thread ── control ┬── slave 0, control     ── LACPDUs ──┤
 *        └── tick             └── slave 1, control     ── carriers ─┘
 * </pre>
 */
public final class BondPort extends BasePort<BondQueue> {
    private final List<Port> slaves;
    private final CarrierWatch[] carriers;
    /** What the selection knows of each slave's link; null before the first time. */
    private final @Nullable LinkState[] told;

    private final @Nullable BondQueue control;
    private BondOptions options;
    private SlaveSelection selection;
    /** The mode that it was made for. */
    private BondMode selecting;

    private long lookedMillis = Long.MIN_VALUE;
    private int moves;
    private volatile BondState state = BondState.NONE;
    /** Where frames went before, also when none could go in between. */
    private int[] sentBy = {};

    /** @param slaves at least one, all with the same number of queues; LACP needs their {@link Port#control} queues */
    public BondPort(String name, BondOptions options, List<Port> slaves) {
        super(
                name,
                "bond:" + names(slaves),
                slaves.get(options.primary()).macAddress(),
                mtu(slaves),
                new ArrayList<>());
        this.slaves = List.copyOf(slaves);
        this.options = options;
        this.carriers = IntStream.range(0, slaves.size())
                .mapToObj(slave -> new CarrierWatch())
                .toArray(CarrierWatch[]::new);
        this.told = new LinkState[slaves.size()];
        this.control = control(slaves);
        this.selection = selection(options);
        this.selecting = options.mode();
        for (int i = 0; i < slaves.getFirst().queueCount(); i++) {
            int index = i;
            PortQueue[] queues =
                    slaves.stream().map(slave -> slave.queue(index)).toArray(PortQueue[]::new);
            queues().add(new BondQueue(this, queues, LinkProtocol.NONE));
        }
        for (Port slave : slaves) {
            slave.alsoTakes(macAddress());
        }
    }

    private static String names(List<Port> slaves) {
        return String.join(",", slaves.stream().map(Port::name).toList());
    }

    private static int mtu(List<Port> slaves) {
        return slaves.stream().mapToInt(Port::mtu).min().orElseThrow();
    }

    private @Nullable BondQueue control(List<Port> ofSlaves) {
        List<PortQueue> queues = new ArrayList<>();
        for (Port slave : ofSlaves) {
            PortQueue queue = slave.control();
            if (queue == null) {
                return null;
            }
            queues.add(queue);
        }
        return new BondQueue(this, queues.toArray(PortQueue[]::new), this::takes);
    }

    private synchronized boolean takes(int slave, long frame, int length) {
        return selection.takes(slave, frame, length);
    }

    private SlaveSelection selection(BondOptions wanted) {
        if (wanted.mode() == BondMode.LACP) {
            return new LacpSelection(slaves, LacpOptions.of(macAddress()));
        }
        boolean one = wanted.mode() == BondMode.ACTIVE_BACKUP;
        return new CarrierSelection(slaves.size(), one, () -> options.primary());
    }

    /** For the queues: who sends and receives now. */
    BondState state() {
        return state;
    }

    @Override
    public @Nullable PortQueue control() {
        return control;
    }

    @Override
    public synchronized void tick(long nowMillis) {
        if (selecting != options.mode()) {
            // Here and not where the mode is set: the good-bye goes by queues that belong to this thread.
            selection.leave();
            selection = selection(options);
            selecting = options.mode();
            Arrays.fill(told, null);
        }
        if (lookedMillis == Long.MIN_VALUE || nowMillis - lookedMillis >= options.monitorMillis()) {
            lookedMillis = nowMillis;
            look(nowMillis);
        }
        selection.tick(nowMillis);
        publish();
    }

    @Override
    public synchronized void linksChanged() {
        lookedMillis = Long.MIN_VALUE;
    }

    private void look(long nowMillis) {
        for (int slave = 0; slave < carriers.length; slave++) {
            LinkState link = slaves.get(slave).link();
            boolean up = carriers[slave].look(link.up(), nowMillis, options);
            LinkState believed = new LinkState(up, link.speedMegabits(), link.fullDuplex(), link.autoNegotiated());
            if (!believed.equals(told[slave])) {
                told[slave] = believed;
                selection.link(slave, believed, nowMillis);
            }
        }
    }

    private void publish() {
        boolean[] receiving = new boolean[carriers.length];
        for (int slave = 0; slave < receiving.length; slave++) {
            receiving[slave] = selection.receives(slave);
        }
        int[] sending =
                IntStream.range(0, carriers.length).filter(selection::sends).toArray();
        BondState now = new BondState(receiving, sending, options.policy(), options.mode() == BondMode.ROUND_ROBIN);
        if (!now.sameAs(state)) {
            state = now;
            if (now.sendsAny()) {
                if (IntStream.of(sentBy).anyMatch(slave -> !now.sends(slave))) {
                    moves++;
                }
                sentBy = sending;
            }
        }
    }

    /** How often frames began to go another way: the link must then be told where our addresses are. */
    public synchronized int moves() {
        return moves;
    }

    public synchronized BondOptions options() {
        return options;
    }

    /** Changes what an operator may, from the next tick on; another mode begins anew. */
    public synchronized void set(BondOptions newOptions) {
        options = newOptions;
        lookedMillis = Long.MIN_VALUE;
    }

    public List<Port> slaves() {
        return slaves;
    }

    public synchronized BondStatus status() {
        List<BondStatus.Slave> views = new ArrayList<>();
        for (int slave = 0; slave < carriers.length; slave++) {
            Port port = slaves.get(slave);
            views.add(new BondStatus.Slave(
                    port.name(),
                    port.macAddress(),
                    carriers[slave].isUp(),
                    state.sends(slave),
                    state.receives(slave),
                    slave == options.primary(),
                    carriers[slave].losses(),
                    selection.negotiation(slave)));
        }
        return new BondStatus(options, macAddress(), moves, views);
    }

    /** Up while a slave sends; the speeds of those that do, together. */
    @Override
    public LinkState link() {
        BondState now = state;
        int speed = 0;
        for (int slave : now.sending()) {
            speed += slaves.get(slave).link().speedMegabits();
        }
        return new LinkState(now.sendsAny(), speed, true, true);
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    @Override
    public void own(OwnedAddresses addresses) {
        slaves.forEach(slave -> slave.own(addresses));
    }

    @Override
    public void kernelOwns(Set<Address> addresses) {
        slaves.forEach(slave -> slave.kernelOwns(addresses));
    }

    @Override
    public void setPromiscuous(boolean on) {
        slaves.forEach(slave -> slave.setPromiscuous(on));
    }

    @Override
    public void setAllMulticast(boolean on) {
        slaves.forEach(slave -> slave.setAllMulticast(on));
    }

    /** Says good-bye to its partners, and leaves the slaves open. */
    @Override
    public synchronized void close() {
        selection.leave();
    }
}
