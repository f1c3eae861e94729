package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.stack.Device;
import jdpvs.stack.NeighbourEntry;
import jdpvs.stack.NeighbourState;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.wire.MacAddress;

/** What every worker knows of its neighbours. */
final class NeighbourViews {
    private NeighbourViews() {}

    /** By address, then worker. */
    static List<Views.Neighbour> neighbours(NetworkConfiguration network, List<WorkerUnit> units) {
        List<Views.Neighbour> rows = new ArrayList<>();
        for (WorkerUnit unit : units) {
            for (NeighbourEntry entry : unit.stack().neighbours()) {
                Device device = network.device(entry.device());
                if (device != null) {
                    rows.add(row(entry, device));
                }
            }
        }
        rows.sort(Comparator.comparing(Views.Neighbour::address).thenComparingInt(Views.Neighbour::core));
        return rows;
    }

    private static Views.Neighbour row(NeighbourEntry entry, Device device) {
        boolean known = entry.state() != NeighbourState.NONE && entry.state() != NeighbourState.SEND;
        return new Views.Neighbour(
                IpAddress.of(entry.address()),
                known ? MacAddress.format(entry.macAddress()) : null,
                entry.state().name(),
                device.name(),
                entry.worker() + 1,
                entry.isStatic());
    }
}
