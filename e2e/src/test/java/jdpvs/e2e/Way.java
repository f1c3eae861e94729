package jdpvs.e2e;

/** The client's family and the servers'. */
enum Way {
    SIX("2001::201", "2407::201", "[2407::1]"),
    NAT64("2001::201", "192.168.229.204", "192.168.229.1"),
    NAT46("10.0.96.204", "2407::201", "[2407::1]");

    final String vip;
    final String lip;
    final String server;

    Way(String vip, String lip, String server) {
        this.vip = vip;
        this.lip = lip;
        this.server = server;
    }

    boolean ipv6Clients() {
        return vip.contains(":");
    }

    boolean ipv6Servers() {
        return lip.contains(":");
    }

    /** The VIP as it stands before a port. */
    String url() {
        return ipv6Clients() ? "[" + vip + "]" : vip;
    }

    /**
     * Types the VIP and the routes.
     *
     * @param wan the device towards the clients
     * @param lan towards the servers
     */
    void network(Dpvs dpvs, String wan, String lan) {
        if (ipv6Clients()) {
            dpvs.type(
                    "dpip addr add " + vip + "/128 dev " + wan,
                    "dpip route -6 add 2001::/64 dev " + wan,
                    "dpip route -6 add default via 2001::1 dev " + wan);
        } else {
            dpvs.type(
                    "dpip addr add " + vip + "/32 dev " + wan,
                    "dpip route add 10.0.96.0/24 dev " + wan,
                    "dpip route add default via 10.0.96.254 dev " + wan);
        }
        dpvs.type(
                ipv6Servers()
                        ? "dpip route -6 add 2407::/64 dev " + lan
                        : "dpip route add 192.168.229.0/24 dev " + lan);
    }

    /**
     * Types a service of the first servers.
     *
     * @param kind {@code -t} or {@code -u}
     */
    void service(Dpvs dpvs, String kind, int port, int servers, String lan) {
        String service = kind + " " + url() + ":" + port;
        dpvs.type("ipvsadm -A " + service + " -s rr");
        for (int i = 1; i <= servers; i++) {
            String each = server.replace("1]", i + "]").replaceAll("1$", Integer.toString(i));
            dpvs.type("ipvsadm -a " + service + " -r " + each + ":" + port + " -b");
        }
        dpvs.type("ipvsadm --add-laddr -z " + lip + " " + service + " -F " + lan);
    }
}
