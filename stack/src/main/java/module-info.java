import org.jspecify.annotations.NullMarked;

/** The lite network stack: addresses, routes, neighbours, ICMP, forwarding. */
@NullMarked
module jdpvs.stack {
    requires static transitive org.jspecify;
    requires transitive jdpvs.port;

    exports jdpvs.stack;
    exports jdpvs.stack.fragment;
}
