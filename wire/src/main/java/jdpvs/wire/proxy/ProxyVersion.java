package jdpvs.wire.proxy;

/** The two forms of a PROXY header. */
public enum ProxyVersion {
    /** A line of text; of TCP only. */
    V1,
    /** Binary; of TCP and UDP. */
    V2
}
