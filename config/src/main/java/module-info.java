import org.jspecify.annotations.NullMarked;

/** Configuration files: what all dialects have in common, and dpvs.conf. */
@NullMarked
module jdpvs.config {
    requires static transitive org.jspecify;

    exports jdpvs.config;
    exports jdpvs.config.dpvs;
}
