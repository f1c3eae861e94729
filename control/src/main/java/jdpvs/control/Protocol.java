package jdpvs.control;

/** Protocols of services as the tools name them. */
public enum Protocol {
    TCP("TCP"),
    UDP("UDP"),
    SCTP("SCTP"),
    ICMP("ICMP"),
    ICMPV6("ICMPv6");

    private final String listed;

    Protocol(String listed) {
        this.listed = listed;
    }

    /** As {@code ipvsadm -l} prints it. */
    public String listed() {
        return listed;
    }
}
