package jdpvs.control;

/** What names a service. */
public record ServiceKey(Protocol protocol, IpAddress address, int port) {
    /** {@code TCP 10.0.0.1:80}. */
    @Override
    public String toString() {
        return protocol.listed() + " " + new Endpoint(address, port);
    }
}
