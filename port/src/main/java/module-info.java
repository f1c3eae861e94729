import org.jspecify.annotations.NullMarked;

/** Packet input and output: the port interface and its drivers. */
@NullMarked
module jdpvs.port {
    requires static transitive org.jspecify;
    requires transitive jdpvs.wire;
    requires jdpvs.linux;

    exports jdpvs.port;
    exports jdpvs.port.bond.lacp;
    exports jdpvs.port.filter;
    exports jdpvs.port.memory;
    exports jdpvs.port.pcap;
}
