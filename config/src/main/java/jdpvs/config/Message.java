package jdpvs.config;

/**
 * One sentence about the configuration.
 *
 * @param module as DPVS prefixes its log lines: CFG_FILE, NETIF, IPVS … (facts: behaviour §13)
 */
public record Message(Severity severity, String module, Location at, String text) {
    /** As the log has it: {@code NETIF: dpdk0:mtu = 1500}. */
    public String logText() {
        return module + ": " + (severity.compareTo(Severity.WARNING) >= 0 ? at + ": " : "") + text;
    }

    /** {@code /etc/dpvs.conf:12: invalid mtu x, using default 1500}. */
    @Override
    public String toString() {
        return at + ": " + text;
    }
}
