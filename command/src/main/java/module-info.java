import org.jspecify.annotations.NullMarked;

/** dpip, ipvsadm and dpvsctl: grammar and printing over the control API. */
@NullMarked
module jdpvs.command {
    requires static transitive org.jspecify;
    requires transitive jdpvs.control;
    requires info.picocli;

    exports jdpvs.command;
}
