package jdpvs.stack;

/** What a route's destination is to us; the order is that of preference between equal prefixes. */
public enum RouteScope {
    /** An address of dpvs's own. */
    HOST,
    /** An address that the kernel has on this device. */
    KNI_HOST,
    /** On the link: the destination is its own next hop. */
    LINK,
    /** Behind a gateway. */
    GLOBAL
}
