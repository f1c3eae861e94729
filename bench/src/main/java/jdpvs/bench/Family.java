package jdpvs.bench;

import jdpvs.wire.Address;

/** The families of both sides of the network that is measured. */
enum Family {
    FOUR("4", false, false),
    SIX("6", true, true),
    NAT64("64", true, false),
    NAT46("46", false, true);

    private static final long CLIENTS = 0x2408_0000_0000_0000L;
    private static final long WAN = 0x2001_0db8_0096_0000L;
    private static final long LAN = 0x2001_0db8_0229_0000L;

    final String word;
    final boolean ipv6Clients;
    final boolean ipv6Servers;

    Family(String word, boolean ipv6Clients, boolean ipv6Servers) {
        this.word = word;
        this.ipv6Clients = ipv6Clients;
        this.ipv6Servers = ipv6Servers;
    }

    /** @throws IllegalArgumentException with a sentence */
    static Family of(String word) {
        for (Family family : values()) {
            if (family.word.equals(word)) {
                return family;
            }
        }
        throw new IllegalArgumentException("--family " + word + " is none of 4, 6, 64 and 46");
    }

    /** @param number 32 bits that tell clients apart */
    Address client(int number) {
        return ipv6Clients ? new Address(CLIENTS, number) : Address.ofIpv4(number);
    }

    Address vip() {
        return ipv6Clients ? new Address(WAN, 0x204) : Address.ofIpv4(Topology.VIP);
    }

    Address gateway() {
        return ipv6Clients ? new Address(WAN, 0xfe) : Address.ofIpv4(Topology.GATEWAY);
    }

    Address local(int index) {
        return ipv6Servers ? new Address(LAN, 0x1000 + index) : Address.ofIpv4(Topology.FIRST_LOCAL + index);
    }

    Address server(int index) {
        return ipv6Servers ? new Address(LAN, 1 + index) : Address.ofIpv4(Topology.FIRST_SERVER + index);
    }

    /** Whether a frame that left names the virtual or a local address as its source. */
    boolean isOurs(Address source) {
        return source.equals(vip())
                || (ipv6Servers
                        ? source.high() == LAN && source.low() >= 0x1000
                        : (source.ipv4() & 0xffff_ff00) == (Topology.FIRST_LOCAL & 0xffff_ff00));
    }
}
