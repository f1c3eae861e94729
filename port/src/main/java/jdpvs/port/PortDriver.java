package jdpvs.port;

/** Opens ports of one kind. */
public interface PortDriver {
    /**
     * @param name the dpvs device
     * @param specification as the operator wrote it
     * @param arguments what follows the kind and its colon
     */
    Port open(String name, String specification, String arguments, PortOptions options) throws PortException;

    /** Memory that such a port takes from the machine, in bytes. */
    long memoryBytes(PortOptions options);
}
