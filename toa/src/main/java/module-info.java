import org.jspecify.annotations.NullMarked;

/** The real server's agent: eBPF programs through which applications see the client's address. */
@NullMarked
module jdpvs.toa {
    requires jdpvs.linux;
    requires jdpvs.wire;
    requires info.picocli;
    requires static org.jspecify;

    opens jdpvs.toa to
            info.picocli;
}
