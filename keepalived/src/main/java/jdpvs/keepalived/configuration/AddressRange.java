package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Messages;
import jdpvs.control.IpAddress;

/**
 * Addresses in a row: {@code 192.0.2.30}, {@code 192.0.2.30-40} (the last octet goes on), {@code 2001:db8::1-ff} (the last 16 bits do), or both written out.
 *
 * @param count at least 1
 */
record AddressRange(IpAddress first, int count) {
    /** @throws IllegalArgumentException with a sentence */
    static AddressRange parse(String word) {
        int dash = word.indexOf('-');
        if (dash < 0) {
            return new AddressRange(IpAddress.parse(word), 1);
        }
        IpAddress first = IpAddress.parse(word.substring(0, dash));
        String last = word.substring(dash + 1);
        long mask = first.ipv6() ? 0xffff : 0xff;
        long end;
        if (last.indexOf('.') >= 0 || last.indexOf(':') >= 0) {
            IpAddress address = IpAddress.parse(last);
            if (address.ipv6() != first.ipv6()
                    || address.high() != first.high()
                    || (address.low() & ~mask) != (first.low() & ~mask)) {
                throw new IllegalArgumentException("a range may differ in its "
                        + (first.ipv6() ? "last 16 bits" : "last octet") + " only: write one range for each network");
            }
            end = address.low() & mask;
        } else if (last.matches(first.ipv6() ? "[0-9a-fA-F]{1,4}" : "\\d{1,3}")) {
            end = Long.parseLong(last, first.ipv6() ? 16 : 10);
        } else {
            throw new IllegalArgumentException(
                    Messages.quote(last) + " is no end of a range: 192.0.2.30-40 or 2001:db8::1-ff");
        }
        long begin = first.low() & mask;
        if (end > mask || end < begin) {
            throw new IllegalArgumentException("the end of a range must be " + (first.ipv6() ? "0x" : "")
                    + Long.toString(begin, first.ipv6() ? 16 : 10) + " … " + (first.ipv6() ? "0xffff" : "255"));
        }
        return new AddressRange(first, (int) (end - begin + 1));
    }

    List<IpAddress> addresses() {
        List<IpAddress> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(new IpAddress(first.ipv6(), first.high(), first.low() + i));
        }
        return all;
    }
}
