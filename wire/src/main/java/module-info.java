import org.jspecify.annotations.NullMarked;

/** Byte layouts and checksums of every protocol; knows no other room. */
@NullMarked
module jdpvs.wire {
    requires static transitive org.jspecify;

    exports jdpvs.wire;
    exports jdpvs.wire.proxy;
    exports jdpvs.wire.slow;
    exports jdpvs.wire.translate;
    exports jdpvs.wire.vrrp;
}
