import org.jspecify.annotations.NullMarked;

/** The thin client behind bin/dpip, bin/ipvsadm and bin/dpvsctl. */
@NullMarked
module jdpvs.launcher {
    requires static org.jspecify;
}
