import org.jspecify.annotations.NullMarked;

/** What every long-running program of the project has in common: its log, its pid file, its signals, work that outlives a defect. */
@NullMarked
module jdpvs.process {
    requires static org.jspecify;
    requires transitive org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires jdk.unsupported;

    exports jdpvs.process;
    exports jdpvs.process.log;

    provides ch.qos.logback.classic.spi.Configurator with
            jdpvs.process.log.LogbackStart;
}
