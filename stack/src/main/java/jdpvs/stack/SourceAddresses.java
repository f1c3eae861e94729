package jdpvs.stack;

import java.util.ArrayList;
import java.util.List;
import jdpvs.wire.Address;

/** Own addresses by device, for choosing the source of what dpvs says itself. Immutable. */
final class SourceAddresses {
    private final Address[][] byDevice;

    SourceAddresses(int devices, List<InterfaceAddress> addresses) {
        List<List<Address>> lists = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            lists.add(new ArrayList<>());
        }
        for (InterfaceAddress address : addresses) {
            if (address.isAssigned()) {
                lists.get(address.device().id()).add(address.address());
            }
        }
        byDevice = lists.stream().map(list -> list.toArray(Address[]::new)).toArray(Address[][]::new);
    }

    /** The one of the peer's family that has the longest prefix in common with it; {@link Address#NONE} when there is none. Allocates nothing. */
    Address best(int device, long peerHigh, long peerLow) {
        Address best = Address.NONE;
        int bestCommon = -1;
        boolean ipv4 = Address.isIpv4(peerHigh, peerLow);
        if (device >= 0 && device < byDevice.length) {
            for (Address candidate : byDevice[device]) {
                int common = Address.commonBits(candidate.high(), candidate.low(), peerHigh, peerLow);
                if (candidate.isIpv4() == ipv4 && common > bestCommon) {
                    best = candidate;
                    bestCommon = common;
                }
            }
        }
        return best;
    }
}
