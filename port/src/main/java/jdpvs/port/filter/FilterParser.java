package jdpvs.port.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** Reads the language of {@link Filter}. */
final class FilterParser {
    private static final Pattern WORD = Pattern.compile("\\(|\\)|!|&&|\\|\\||[^\\s()!&|]+|[&|]");
    private static final int MOST_WORDS = 1000;
    private static final int DEEPEST = 100;

    /** What a value is taken for. */
    private enum Kind {
        HOST,
        NET,
        PORT,
        PORT_RANGE
    }

    /** @param protocol null = any */
    private record Qualifiers(@Nullable ProtocolWord protocol, Side side, Kind kind) {}

    private final List<String> words = new ArrayList<>();
    private int next;
    private int depth;
    private @Nullable Qualifiers last;

    FilterParser(String text) throws FilterException {
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            if (words.size() == MOST_WORDS) {
                throw new FilterException("the filter has more than " + MOST_WORDS + " words");
            }
            words.add(matcher.group());
        }
    }

    Node parse() throws FilterException {
        Node node = expression();
        if (next < words.size()) {
            throw new FilterException("filter: ')' without '(' before it");
        }
        return node;
    }

    private Node expression() throws FilterException {
        Node left = term();
        while (next < words.size() && !peek().equals(")")) {
            if (take("or") || take("||")) {
                left = new Node.Or(left, term());
            } else if (take("and") || take("&&")) {
                left = new Node.And(left, term());
            } else {
                throw new FilterException("filter: '" + peek() + "' cannot follow '" + words.get(next - 1)
                        + "'; put 'and' or 'or' between them");
            }
        }
        return left;
    }

    private Node term() throws FilterException {
        if (take("not") || take("!")) {
            return new Node.Not(deeper(false));
        }
        if (take("(")) {
            return deeper(true);
        }
        return primitive();
    }

    /** Bounded, because the tree is walked by recursion. */
    private Node deeper(boolean bracketed) throws FilterException {
        if (++depth > DEEPEST) {
            throw new FilterException("filter: more than " + DEEPEST + " of 'not' and '(' inside each other");
        }
        Node node = bracketed ? expression() : term();
        depth--;
        if (bracketed && !take(")")) {
            throw new FilterException("filter: '(' without ')' behind it");
        }
        return node;
    }

    private Node primitive() throws FilterException {
        String word = word("a condition");
        return switch (word) {
            case "in", "inbound" -> new Node.Passes(Passage.IN);
            case "out", "outbound" -> new Node.Passes(Passage.OUT);
            case "dropped" -> new Node.Passes(Passage.DROPPED);
            case "fragment" -> new Node.IsFragment();
            case "reason" -> new Node.For(reason(word("the name of a reason")));
            default -> {
                next--;
                yield qualified();
            }
        };
    }

    private Node qualified() throws FilterException {
        int first = next;
        ProtocolWord protocol = protocol();
        Side side = side();
        Kind kind = kind();
        if (side == null && kind == null && protocol != null) {
            if (!atValue()) {
                return new Node.Speaks(protocol);
            }
            throw new FilterException("filter: '" + peek() + "' behind '" + words.get(first)
                    + "': say 'host', 'net' or 'port' before it");
        }
        boolean bare = next == first;
        String value = word("an address or a port");
        Qualifiers qualifiers;
        if (bare) {
            if (!isValue(value)) {
                throw new FilterException("filter: there is no condition '" + value + "'");
            }
            qualifiers = last != null ? last : new Qualifiers(null, Side.EITHER, implied(value));
        } else {
            qualifiers =
                    new Qualifiers(protocol, side == null ? Side.EITHER : side, kind == null ? implied(value) : kind);
        }
        last = qualifiers;
        Node node = node(qualifiers, value);
        return qualifiers.protocol == null ? node : new Node.And(new Node.Speaks(qualifiers.protocol), node);
    }

    private static Kind implied(String value) {
        return value.indexOf('/') >= 0 ? Kind.NET : Kind.HOST;
    }

    private @Nullable ProtocolWord protocol() {
        for (ProtocolWord word : ProtocolWord.values()) {
            if (take(word.name().toLowerCase(Locale.ROOT))) {
                return word;
            }
        }
        return null;
    }

    private @Nullable Side side() {
        if (take("src", "or", "dst") || take("dst", "or", "src")) {
            return Side.EITHER;
        }
        if (take("src", "and", "dst") || take("dst", "and", "src")) {
            return Side.BOTH;
        }
        return take("src") ? Side.SOURCE : take("dst") ? Side.DESTINATION : null;
    }

    private @Nullable Kind kind() {
        if (take("host")) {
            return Kind.HOST;
        }
        if (take("net")) {
            return Kind.NET;
        }
        return take("port") ? Kind.PORT : take("portrange") ? Kind.PORT_RANGE : null;
    }

    private Node node(Qualifiers qualifiers, String value) throws FilterException {
        Side side = qualifiers.side;
        return switch (qualifiers.kind) {
            case HOST -> net(side, address(value, value), -1);
            case NET -> network(side, value);
            case PORT -> {
                int port = port(value, value);
                yield new Node.Ports(side, port, port);
            }
            case PORT_RANGE -> range(side, value);
        };
    }

    private static Node network(Side side, String value) throws FilterException {
        int slash = value.indexOf('/');
        Address address = address(slash < 0 ? value : value.substring(0, slash), value);
        int length = slash < 0 ? address.bits() : number(value.substring(slash + 1), address.bits());
        if (length < 0) {
            throw new FilterException(
                    "filter: '" + value + "' is not ADDRESS/LENGTH with a length of 0 to " + address.bits());
        }
        Address network = address.network(length);
        if (!network.equals(address)) {
            throw new FilterException(
                    "filter: '" + value + "' has bits behind its prefix; the net is " + network + "/" + length);
        }
        return net(side, address, length);
    }

    /** @param length of the prefix, -1 = all bits */
    private static Node net(Side side, Address address, int length) {
        int bits = length < 0 ? 128 : length + 128 - address.bits();
        return new Node.Net(side, address, Address.maskHigh(bits), Address.maskLow(bits));
    }

    private static Node range(Side side, String value) throws FilterException {
        int dash = value.indexOf('-');
        if (dash < 0) {
            throw new FilterException("filter: '" + value + "' is not PORT-PORT");
        }
        int one = port(value.substring(0, dash), value);
        int other = port(value.substring(dash + 1), value);
        return new Node.Ports(side, Math.min(one, other), Math.max(one, other));
    }

    private static Address address(String text, String value) throws FilterException {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        try {
            return Address.parse(bracketed ? text.substring(1, text.length() - 1) : text);
        } catch (IllegalArgumentException e) {
            throw new FilterException("filter: '" + value + "' is not an IPv4 or IPv6 address");
        }
    }

    private static int port(String text, String value) throws FilterException {
        int port = number(text, 65535);
        if (port < 0) {
            throw new FilterException("filter: '" + value + "' is not a port (0 to 65535)");
        }
        return port;
    }

    /** From 0 to {@code most}, or -1. */
    private static int number(String text, int most) {
        if (!text.matches("[0-9]{1,5}")) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number <= most ? number : -1;
    }

    private static DropReason reason(String name) throws FilterException {
        try {
            return DropReason.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new FilterException("filter: there is no reason '" + name + "'; 'dpvsctl drops' lists them");
        }
    }

    private boolean atValue() {
        return next < words.size() && isValue(peek());
    }

    private static boolean isValue(String word) {
        return Character.isDigit(word.charAt(0)) || word.indexOf(':') >= 0;
    }

    private String peek() {
        return words.get(next);
    }

    private String word(String wanted) throws FilterException {
        if (next == words.size()) {
            throw new FilterException("filter: " + wanted + " is missing "
                    + (next == 0 ? "at its beginning" : "behind '" + words.get(next - 1) + "'"));
        }
        return words.get(next++);
    }

    private boolean take(String... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (next + i >= words.size() || !words.get(next + i).equals(wanted[i])) {
                return false;
            }
        }
        next += wanted.length;
        return true;
    }
}
