package jdpvs.balancer.service;

/** Dotted quads for sentences. */
final class AddressText {
    private AddressText() {}

    static String of(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
