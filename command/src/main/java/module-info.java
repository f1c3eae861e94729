import org.jspecify.annotations.NullMarked;

/** dpip, ipvsadm and dpvsctl: grammar and printing over the control API. */
@NullMarked
module jdpvs.command {
    requires static transitive org.jspecify;
    requires transitive jdpvs.control;
    requires info.picocli;

    exports jdpvs.command;

    // picocli fills the fields of its command classes.
    opens jdpvs.command.dpvsctl to
            info.picocli;

    provides java.util.spi.ToolProvider with
            jdpvs.command.OfflineTool.Dpip,
            jdpvs.command.OfflineTool.Ipvsadm,
            jdpvs.command.OfflineTool.IpvsadmSave,
            jdpvs.command.OfflineTool.IpvsadmRestore,
            jdpvs.command.OfflineTool.Dpvsctl;
}
