import org.jspecify.annotations.NullMarked;

/** dpvs.conf: grammar, keys, defaults, messages. */
@NullMarked
module jdpvs.config {
    requires static transitive org.jspecify;

    exports jdpvs.config;
}
