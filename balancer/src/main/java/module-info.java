import org.jspecify.annotations.NullMarked;

/** Services, real servers, schedulers, connections and forwarding. */
@NullMarked
module jdpvs.balancer {
    requires static transitive org.jspecify;
    requires transitive jdpvs.stack;

    exports jdpvs.balancer.connection;
    exports jdpvs.balancer.forward;
    exports jdpvs.balancer.service;
    exports jdpvs.balancer.session;
}
