package jdpvs.daemon.plane;

import java.util.HashMap;
import java.util.Map;
import jdpvs.daemon.worker.Duplicate;
import jdpvs.stack.AddressState;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkEditor;
import jdpvs.wire.Address;
import jdpvs.wire.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the detection of duplicates (RFC 4862 §5.4): whoever has an address says so within a second of worker 0's question, or it is ours. */
final class DuplicateDetection {
    /** RetransTimer (RFC 4861 §10). */
    private static final long WAIT_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger("IFA");

    private final Map<Address, Long> askedMillis = new HashMap<>();

    /** Notes what has become tentative; to be called with every new configuration. */
    void follow(NetworkConfiguration network, long nowMillis) {
        askedMillis.keySet().retainAll(network.tentative().keySet());
        network.tentative().keySet().forEach(address -> askedMillis.putIfAbsent(address, nowMillis));
    }

    /** @param duplicates what workers have heard since the last time */
    NetworkConfiguration conclude(NetworkConfiguration network, Iterable<Duplicate> duplicates, long nowMillis) {
        NetworkEditor editor = network.edit();
        boolean changed = false;
        for (Duplicate duplicate : duplicates) {
            if (askedMillis.remove(duplicate.address()) != null) {
                LOG.warn(
                        "{}: the address {} is not used: {} has it; delete it here or there",
                        name(network, duplicate.device()),
                        duplicate.address(),
                        MacAddress.format(duplicate.macAddress()));
                editor.detected(duplicate.address(), AddressState.DUPLICATE);
                changed = true;
            }
        }
        for (Map.Entry<Address, Long> asked : askedMillis.entrySet()) {
            if (nowMillis - asked.getValue() >= WAIT_MILLIS) {
                editor.detected(asked.getKey(), AddressState.ASSIGNED);
                changed = true;
            }
        }
        return changed ? editor.build() : network;
    }

    private static String name(NetworkConfiguration network, int id) {
        var device = network.device(id);
        return device == null ? "?" : device.name();
    }
}
