package jdpvs.balancer.service;

/** How packets reach the real server. */
public enum Forwarding {
    FULLNAT("full-NAT (-b)"),
    MASQUERADE("NAT (-m)"),
    ROUTE("direct routing (-g)"),
    TUNNEL("tunnelling (-i)"),
    LOCAL("local delivery"),
    SNAT("SNAT (-J)");

    private final String text;

    Forwarding(String text) {
        this.text = text;
    }

    /** With the flag of {@code ipvsadm}. */
    public String text() {
        return text;
    }
}
