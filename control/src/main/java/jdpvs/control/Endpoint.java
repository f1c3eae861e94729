package jdpvs.control;

/** An address and a port. */
public record Endpoint(IpAddress address, int port) {
    /** {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return (address.ipv6() ? "[" + address + "]:" : address + ":") + port;
    }
}
