package jdpvs.daemon.plane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;

/** When addresses that were added with {@code valid_lft} end. Times are CLOCK_BOOTTIME milliseconds. */
final class AddressLifetimes {
    private static final long FOREVER = -1;

    private final Map<InterfaceAddress, Long> addedMillis = new HashMap<>();

    /** To be called with every new configuration: notes what has come and forgets what has gone. */
    void follow(NetworkConfiguration network, long nowMillis) {
        List<InterfaceAddress> mortal = network.addresses().stream()
                .filter(address -> address.validSeconds() >= 0 || address.preferredSeconds() >= 0)
                .toList();
        addedMillis.keySet().retainAll(mortal);
        mortal.forEach(address -> addedMillis.putIfAbsent(address, nowMillis));
    }

    /** Those whose time is over. */
    List<InterfaceAddress> over(long nowMillis) {
        return addedMillis.keySet().stream()
                .filter(address -> left(address, address.validSeconds(), nowMillis) == 0)
                .toList();
    }

    /** @return the address with the seconds that are left in the place of those it was added with */
    InterfaceAddress remaining(InterfaceAddress address, long nowMillis) {
        if (!addedMillis.containsKey(address)) {
            return address;
        }
        return address.withLifetimes(
                left(address, address.validSeconds(), nowMillis), left(address, address.preferredSeconds(), nowMillis));
    }

    private long left(InterfaceAddress address, long seconds, long nowMillis) {
        long passed = (nowMillis - addedMillis.getOrDefault(address, nowMillis)) / 1000;
        return seconds < 0 ? FOREVER : Math.max(0, seconds - passed);
    }
}
