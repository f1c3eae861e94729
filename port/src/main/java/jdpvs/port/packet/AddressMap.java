package jdpvs.port.packet;

import java.util.HashMap;
import java.util.Map;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Codec;
import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Address;

/**
 * Addresses that a port's programs know, the owned ones or the kernel's: address (16 bytes as they stand in a packet, IPv4 as v4-mapped IPv6) → how to
 * steer (4 bytes): the mask of a local address, or {@link #BY_HASH}.
 */
final class AddressMap implements AutoCloseable {
    static final int CAPACITY = OwnedAddresses.CAPACITY;
    static final int BY_HASH = -1;

    private final BpfMap<Address, Integer> map;
    /** What the kernel's map holds; follows every single step, so that a step that fails leaves nothing behind unknown. */
    private final Map<Address, Integer> present = new HashMap<>();

    /**
     * @param name at most 15 characters, as bpftool shows it
     */
    AddressMap(String name) {
        map = BpfMap.create(BpfMap.Type.HASH, name, AddressKey.CODEC, Codec.INT, CAPACITY, BpfMap.NO_PREALLOC);
    }

    BpfMap<Address, Integer> map() {
        return map;
    }

    /** Changes by difference, additions first: at no moment is an address missing that is in both sets. */
    synchronized void replace(OwnedAddresses addresses) {
        Map<Address, Integer> wanted = new HashMap<>();
        addresses.all().forEach(address -> wanted.put(address, BY_HASH));
        addresses.local().forEach(address -> wanted.put(address, addresses.mask()));
        if (wanted.size() > CAPACITY) {
            throw new IllegalArgumentException(
                    "an AF_PACKET port owns at most " + CAPACITY + " addresses, not " + wanted.size());
        }
        // Removals before additions only where the table would overflow in between.
        if (present.size() + wanted.size() > CAPACITY) {
            removeAllBut(wanted);
            wanted.forEach(this::put);
        } else {
            wanted.forEach(this::put);
            removeAllBut(wanted);
        }
    }

    private void put(Address address, Integer steering) {
        if (!steering.equals(present.get(address))) {
            map.put(address, steering);
            present.put(address, steering);
        }
    }

    private void removeAllBut(Map<Address, Integer> wanted) {
        present.keySet().removeIf(address -> {
            if (wanted.containsKey(address)) {
                return false;
            }
            map.remove(address);
            return true;
        });
    }

    @Override
    public void close() {
        map.close();
    }
}
