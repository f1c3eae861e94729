package jdpvs.wire.proxy;

import jdpvs.wire.Memory;

/** Writes text into native memory without making objects; addresses as RFC 5952 has them. */
final class ProxyText {
    private static final int GROUPS = 8;

    private long start;
    private long at;

    void begin(long address) {
        start = address;
        at = address;
    }

    int length() {
        return (int) (at - start);
    }

    void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            Memory.putByte(at++, text.charAt(i));
        }
    }

    void decimal(int value) {
        number(value, 10);
    }

    void ipv4(int address) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            decimal(address >>> shift & 0xff);
            if (shift > 0) {
                ascii(".");
            }
        }
    }

    /** The longest run of two or more zero groups, the first of several, becomes {@code ::} (RFC 5952 §4.2). */
    void ipv6(long high, long low) {
        int gap = GROUPS;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; ) {
            int end = i;
            while (end < GROUPS && group(high, low, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
            i = end + 1;
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                ascii("::");
                i += gapLength - 1;
            } else {
                number(group(high, low, i), 16);
                if (i + 1 < GROUPS && i + 1 != gap) {
                    ascii(":");
                }
            }
        }
    }

    private static int group(long high, long low, int i) {
        long half = i < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (i & 3))) & 0xffff;
    }

    private void number(int value, int base) {
        int unit = 1;
        while (value / unit >= base) {
            unit *= base;
        }
        for (; unit > 0; unit /= base) {
            Memory.putByte(at++, Character.forDigit(value / unit % base, base));
        }
    }
}
