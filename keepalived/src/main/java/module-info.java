import org.jspecify.annotations.NullMarked;

/** keepalived: keepalived.conf, VRRP, health checks. */
@NullMarked
module jdpvs.keepalived {
    requires static org.jspecify;
    requires jdpvs.wire;
    requires jdpvs.linux;
    requires jdpvs.control;
    requires jdpvs.config;
    requires jdpvs.process;
    requires org.slf4j;
    requires info.picocli;
    requires jakarta.mail;
    requires java.management;

    opens jdpvs.keepalived.start to
            info.picocli;
}
