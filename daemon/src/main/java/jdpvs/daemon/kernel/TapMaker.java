package jdpvs.daemon.kernel;

import jdpvs.linux.TapException;

/** Makes kernel interfaces, or takes those that are there. */
public interface TapMaker {
    /**
     * @param macAddress 48 bits, first octet most significant
     * @param mtu bytes of the longest IP packet
     * @throws TapException with a sentence that names the interface and the way out
     * @throws jdpvs.linux.SystemCallException when it is there but cannot have that MAC address or MTU
     */
    Tap make(String name, long macAddress, int mtu) throws TapException;
}
