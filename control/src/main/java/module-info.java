import org.jspecify.annotations.NullMarked;

/** The control API: records, their JSON form, transactions, client. */
@NullMarked
module jdpvs.control {
    // At run time too: the JSON mapping learns from @Nullable which members may be missing.
    requires transitive org.jspecify;
    requires jdpvs.wire;
    requires com.fasterxml.jackson.databind;

    exports jdpvs.control;

    opens jdpvs.control to
            com.fasterxml.jackson.databind;
}
