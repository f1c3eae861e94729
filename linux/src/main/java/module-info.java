import org.jspecify.annotations.NullMarked;

/** The kernel through the foreign function interface; knows no other room. */
@NullMarked
module jdpvs.linux {
    requires static transitive org.jspecify;

    exports jdpvs.linux;
    exports jdpvs.linux.bpf;
    exports jdpvs.linux.netlink;
}
