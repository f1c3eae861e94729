package jdpvs.wire.proxy;

import jdpvs.wire.Address;
import jdpvs.wire.Memory;

/** Reads a line of text from native memory word by word, without making objects and never behind its end. */
final class ProxyScanner {
    private static final int GROUPS = 8;
    private static final int NO_GAP = -1;

    private final int[] groups = new int[GROUPS];

    private long start;
    private long at;
    private long end;
    private long high;
    private long low;

    void begin(long address, int bytes) {
        start = address;
        at = address;
        end = address + bytes;
    }

    /** Bytes read. */
    int length() {
        return (int) (at - start);
    }

    /** Of the address that was read last; IPv4 as {@link Address} has it. */
    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Takes these characters, if they are next. */
    boolean word(String text) {
        if (end - at < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Memory.getByte(at + i) != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    /** Takes everything up to a line's end, and that. */
    boolean toEndOfLine() {
        for (; at + 2 <= end; at++) {
            if (word("\r\n")) {
                return true;
            }
        }
        return false;
    }

    /** Takes a number without leading zeros; -1 when there is none or it is larger. */
    int decimal(int largest) {
        int value = digit(10);
        if (value < 0) {
            return -1;
        }
        boolean zero = value == 0;
        for (int next = digit(10); next >= 0; next = digit(10)) {
            value = value * 10 + next;
            if (zero || value > largest) {
                return -1;
            }
        }
        return value;
    }

    boolean address(boolean ipv6) {
        return ipv6 ? ipv6() : ipv4();
    }

    private boolean ipv4() {
        int address = 0;
        for (int i = 0; i < 4; i++) {
            int octet = i > 0 && !word(".") ? -1 : decimal(255);
            if (octet < 0) {
                return false;
            }
            address = address << 8 | octet;
        }
        high = 0;
        low = Address.mapped(address);
        return true;
    }

    /** RFC 4291 §2.2: eight groups, or fewer around one {@code ::}; the last two may be a dotted quad. */
    private boolean ipv6() {
        int count = 0;
        int gap = NO_GAP;
        boolean first = true;
        while (count < GROUPS) {
            if (gap == NO_GAP && word("::")) {
                gap = count;
                if (Character.digit(peek(), 16) < 0) {
                    break;
                }
            } else if (!first && !word(":")) {
                break;
            }
            first = false;
            long mark = at;
            if (count <= GROUPS - 2 && ipv4()) {
                groups[count++] = (int) low >>> 16;
                groups[count++] = (int) low & 0xffff;
                break;
            }
            at = mark;
            int group = group();
            if (group < 0) {
                return false;
            }
            groups[count++] = group;
        }
        if (gap == NO_GAP ? count < GROUPS : count == GROUPS) {
            return false;
        }
        join(count, gap);
        return true;
    }

    private void join(int count, int gap) {
        high = 0;
        low = 0;
        int behind = gap == NO_GAP ? 0 : count - gap;
        for (int i = 0; i < GROUPS; i++) {
            int fromEnd = GROUPS - i;
            int group = i < count - behind ? groups[i] : fromEnd <= behind ? groups[count - fromEnd] : 0;
            if (i < GROUPS / 2) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
    }

    /** One to four hexadecimal digits, or -1. */
    private int group() {
        int value = -1;
        for (int i = 0; i < 4; i++) {
            int next = digit(16);
            if (next < 0) {
                return value;
            }
            value = Math.max(0, value) << 4 | next;
        }
        return value;
    }

    /** Takes a digit, or answers -1. */
    private int digit(int base) {
        int value = Character.digit(peek(), base);
        if (value >= 0) {
            at++;
        }
        return value;
    }

    /** The next byte, or 0 at the end. */
    private char peek() {
        return at < end ? (char) Memory.getByte(at) : 0;
    }
}
