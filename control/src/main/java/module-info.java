import org.jspecify.annotations.NullMarked;

/** The control API: records, their JSON form, transactions, client. */
@NullMarked
module jdpvs.control {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;

    exports jdpvs.control;
}
