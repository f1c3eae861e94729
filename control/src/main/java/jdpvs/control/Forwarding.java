package jdpvs.control;

/** Forwarding methods as {@code ipvsadm -l} prints them and as its flags name them. */
public enum Forwarding {
    MASQUERADE("Masq", "-m"),
    LOCAL("Local", ""),
    TUNNEL("Tunnel", "-i"),
    ROUTE("Route", "-g"),
    FULLNAT("FullNat", "-b"),
    SNAT("SNAT", "-J");

    private final String listed;
    private final String flag;

    Forwarding(String listed, String flag) {
        this.listed = listed;
        this.flag = flag;
    }

    public String listed() {
        return listed;
    }

    public String flag() {
        return flag;
    }
}
