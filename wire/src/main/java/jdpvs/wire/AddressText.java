package jdpvs.wire;

/** Text form of addresses: strict dotted quads, RFC 4291 §2.2 in, RFC 5952 out. */
final class AddressText {
    private AddressText() {}

    static Address parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        return Address.ofIpv4(parseIpv4(text, text));
    }

    static String format(Address address) {
        return address.isIpv4() ? formatIpv4(address.ipv4()) : formatIpv6(address.high(), address.low());
    }

    private static int parseIpv4(String part, String whole) {
        String[] octets = part.split("\\.", -1);
        if (octets.length != 4) {
            throw bad(whole);
        }
        int value = 0;
        for (String octet : octets) {
            if (octet.isEmpty()
                    || octet.length() > 3
                    || (octet.length() > 1 && octet.charAt(0) == '0')
                    || !octet.chars().allMatch(c -> c >= '0' && c <= '9')
                    || Integer.parseInt(octet) > 255) {
                throw bad(whole);
            }
            value = value << 8 | Integer.parseInt(octet);
        }
        return value;
    }

    private static String formatIpv4(int v) {
        return (v >>> 24) + "." + (v >>> 16 & 255) + "." + (v >>> 8 & 255) + "." + (v & 255);
    }

    private static Address parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw bad(text);
        }
        int[] groups = new int[8];
        if (gap < 0) {
            if (fill(text, groups, true, text) != 8) {
                throw bad(text);
            }
        } else {
            int before = fill(text.substring(0, gap), groups, false, text);
            int[] tail = new int[8];
            int after = fill(text.substring(gap + 2), tail, true, text);
            if (before + after > 7) {
                throw bad(text);
            }
            System.arraycopy(tail, 0, groups, 8 - after, after);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        return new Address(high, low);
    }

    /** Puts the colon-separated groups of {@code part} into the array, returns how many; the last part may end in a dotted quad, which makes two. */
    private static int fill(String part, int[] groups, boolean last, String whole) {
        if (part.isEmpty()) {
            return 0;
        }
        int n = 0;
        String[] words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            boolean quad = last && i == words.length - 1 && word.indexOf('.') >= 0;
            if (n + (quad ? 2 : 1) > 8) {
                throw bad(whole);
            }
            if (quad) {
                int v4 = parseIpv4(word, whole);
                groups[n++] = v4 >>> 16;
                groups[n++] = v4 & 0xffff;
            } else {
                if (word.isEmpty()
                        || word.length() > 4
                        || !word.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                    throw bad(whole);
                }
                groups[n++] = Integer.parseInt(word, 16);
            }
        }
        return n;
    }

    static String formatIpv6(long high, long low) {
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
            groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && groups[j] == 0) {
                j++;
            }
            if (j - i > bestLength) {
                bestStart = i;
                bestLength = j - i;
            }
            i = Math.max(i, j - 1);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
            } else {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("'" + text + "' is not an IP address");
    }
}
