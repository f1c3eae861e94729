package jdpvs.toa.program;

/** What the programs count; the ordinal is the index into the map of counters, so new ones go to the end. */
public enum Counter {
    WITH_TOA("with-toa", "connections whose client is known"),
    WITHOUT_TOA("without-toa", "connections that carried no option"),
    UNTRUSTED("untrusted", "connections with an option from a peer that is not trusted; not believed"),
    MALFORMED("malformed", "connections whose list of options is broken"),
    MPTCP("mptcp", "of those with an option, MPTCP connections"),
    PEERNAME("peername", "answers to getpeername and accept with the client's address"),
    SOCKOPT("sockopt", "answers to getsockopt with an IPv6 client's address");

    private final String label;
    private final String meaning;

    Counter(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** As it is printed. */
    public String label() {
        return label;
    }

    public String meaning() {
        return meaning;
    }
}
