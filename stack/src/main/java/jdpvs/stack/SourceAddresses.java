package jdpvs.stack;

import java.util.List;

/** Own addresses by device, for choosing the source of what dpvs says itself. Immutable. */
final class SourceAddresses {
    private final int[][] byDevice;

    SourceAddresses(int devices, List<InterfaceAddress> addresses) {
        int[] counts = new int[devices];
        for (InterfaceAddress address : addresses) {
            counts[address.device().id()]++;
        }
        byDevice = new int[devices][];
        for (int i = 0; i < devices; i++) {
            byDevice[i] = new int[counts[i]];
        }
        int[] filled = new int[devices];
        for (InterfaceAddress address : addresses) {
            int device = address.device().id();
            byDevice[device][filled[device]++] = address.address();
        }
    }

    int best(int device, int peer) {
        int best = 0;
        int bestCommon = -1;
        if (device >= 0 && device < byDevice.length) {
            for (int candidate : byDevice[device]) {
                int common = Integer.numberOfLeadingZeros(candidate ^ peer);
                if (common > bestCommon) {
                    best = candidate;
                    bestCommon = common;
                }
            }
        }
        return best;
    }
}
