package jdpvs.port.filter;

import jdpvs.port.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * A filter that was read, for one thread at a time: it keeps what it knows of the frame at hand. Verdicts know three values, because a
 * received frame has to be kept while it is still open why it will be dropped.
 *
 * <pre>
 * expression  = term { [ "and" | "or" ] term }            left to right, both bind alike, as tcpdump does; also &amp;&amp; and ||
 * term        = ( "not" | "!" ) term | "(" expression ")" | primitive
 * primitive   = [ PROTOCOL ] [ DIRECTION ] [ "host" | "net" | "port" | "portrange" ] VALUE
 *             | PROTOCOL | "fragment" | "in" | "inbound" | "out" | "outbound" | "dropped" | "reason" NAME
 * PROTOCOL    = "ip" | "ip6" | "arp" | "tcp" | "udp" | "icmp" | "icmp6"
 * DIRECTION   = "src" | "dst" | "src or dst" | "src and dst"
 * VALUE       = ADDRESS | ADDRESS/LENGTH | PORT | PORT-PORT; bare after "and" and "or" it takes the qualifiers before it: "port 80 or 443"
 * </pre>
 *
 * Meanings are tcpdump's (pcap-filter(7)), with these differences: {@code host}, {@code net} and {@code port} also match the packet that an ICMP error quotes;
 * protocols and ports of IPv6 are found behind extension headers; addresses may stand in brackets, and are no names; {@code in}, {@code out} and {@code dropped} are about dpvs, and {@code reason} names one of {@link DropReason}.
 */
public final class Filter {
    /** Verdicts, in this order: the lesser of two is their conjunction, the greater their disjunction. */
    public static final int NO = 0;

    /** Depends on the reason of a drop that has not happened yet. */
    public static final int OPEN = 1;

    public static final int YES = 2;

    private final @Nullable Node root;
    private final PacketView view = new PacketView();

    private Filter(@Nullable Node root) {
        this.root = root;
    }

    /** @param text empty = everything */
    public static Filter parse(String text) throws FilterException {
        return new Filter(text.isBlank() ? null : new FilterParser(text).parse());
    }

    /**
     * Whether a frame passes. Allocates nothing; reads nothing outside of the frame, whatever is in it.
     *
     * @param frame native address of the Ethernet header
     * @param length bytes from there
     * @param reason of a drop, or null when it is not known yet
     * @return {@link #NO}, {@link #OPEN} (only for a drop without reason) or {@link #YES}
     */
    public int verdict(long frame, int length, Passage passage, @Nullable DropReason reason) {
        if (root == null) {
            return YES;
        }
        view.read(frame, length);
        view.passage = passage;
        view.reason = reason;
        return root.verdict(view);
    }
}
