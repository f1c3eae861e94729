import org.jspecify.annotations.NullMarked;

/** dpvs: puts the rooms together. */
@NullMarked
module jdpvs.daemon {
    requires static org.jspecify;
    requires jdpvs.linux;
    requires jdpvs.balancer;
    requires jdpvs.config;
    requires jdpvs.command;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.unixdomain.server;
    requires org.slf4j;
    requires jdpvs.process;
}
