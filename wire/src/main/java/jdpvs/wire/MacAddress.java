package jdpvs.wire;

/** Text of MAC addresses that are 48-bit {@code long}s, first octet most significant. */
public final class MacAddress {
    private MacAddress() {}

    /** Lower-case hex octets with colons. */
    public static String format(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (mac >>> shift & 0xff);
            text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException with a sentence when the text is not six hex octets with colons */
    public static long parse(String text) {
        if (!text.matches("([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}")) {
            throw new IllegalArgumentException("not a MAC address: " + text);
        }
        long mac = 0;
        for (String octet : text.split(":", -1)) {
            mac = mac << 8 | Integer.parseInt(octet, 16);
        }
        return mac;
    }
}
