package jdpvs.wire.vrrp;

/** Why an advertisement does not count (RFC 3768 §7.1, RFC 9568 §7.1); the first reasons are its bytes', the others its receiver's. */
public enum Refusal implements Reading {
    TRUNCATED("it is shorter than a VRRP header"),
    VERSION("its version is neither 2 nor 3"),
    TYPE("its type is not 1, an advertisement"),
    VIRTUAL_ROUTER_ID("its virtual router id is 0"),
    ADDRESS_COUNT("it carries no address"),
    LENGTH("its length does not fit its number of addresses"),
    CHECKSUM("its checksum is wrong"),
    AUTHENTICATION("its authentication type is neither none nor PASS"),
    INTERVAL("its advertisement interval is 0"),

    HOP_LIMIT("its TTL or hop limit is not 255, so that it came from another link"),
    OTHER_VERSION("it is of the other version"),
    OTHER_DESTINATION("it was not sent to where this instance listens (multicast or unicast_peer)"),
    OWN_SOURCE("it comes from this host's own address"),
    STRANGER("its sender is not one of unicast_peer"),
    OTHER_AUTHENTICATION("its authentication is not as configured"),
    OTHER_PASSWORD("its auth_pass is not as configured"),
    OTHER_INTERVAL("its advert_int is not as configured"),
    OTHER_ADDRESSES("its addresses are not those of virtual_ipaddress"),
    OWNER("this host owns the addresses");

    private final String sentence;

    Refusal(String sentence) {
        this.sentence = sentence;
    }

    /** For the place behind a colon. */
    public String sentence() {
        return sentence;
    }
}
