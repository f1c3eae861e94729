package jdpvs.balancer.forward;

import java.lang.foreign.Arena;
import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.wire.Memory;
import jdpvs.wire.proxy.ProxyHeader;
import jdpvs.wire.proxy.ProxyHeaderReader;
import jdpvs.wire.proxy.ProxyVersion;

/** Makes the bytes of the PROXY header of a connection: the client's address and the virtual one, whatever family the server speaks; or what a client's own header says. */
final class ProxySource {
    private final ConnectionAddresses addresses;
    private final ProxyHeader header = new ProxyHeader();
    private final ProxyHeaderReader reader = new ProxyHeaderReader();
    private final long bytes = Arena.global().allocate(ProxyHeader.LONGEST, 8).address();
    private ProxyVersion version = ProxyVersion.V1;
    private int length;

    ProxySource(ConnectionAddresses addresses) {
        this.addresses = addresses;
    }

    /** Makes the header of a connection; returns its length. */
    int own(long record) {
        long out = record + Connection.OUT;
        header.set(
                Connection.isUdp(record),
                addresses.destinationHigh(out),
                addresses.destinationLow(out),
                Connection.clientPort(record),
                addresses.sourceHigh(out),
                addresses.sourceLow(out),
                Connection.virtualPort(record));
        return write(record, header);
    }

    /** Reads the header that a client's payload may begin with; returns its length, or 0. */
    int read(long payload, int available) {
        return reader.read(payload, available);
    }

    /** Whether the header that was read is of the version that the connection's server expects. */
    boolean isAsWanted(long record) {
        return reader.version() == wanted(record);
    }

    /** Makes a header that says what the one says that was read, in the version that the connection's server expects; returns its length. */
    int converted(long record) {
        return write(record, reader.header());
    }

    /** Puts the header that was made last to a place; returns its length. */
    int copy(long to) {
        Memory.copy(bytes, to, length);
        return length;
    }

    /** 1 or 2. */
    int versionWritten() {
        return version.ordinal() + 1;
    }

    /** 1 or 2. */
    int versionRead() {
        return reader.version().ordinal() + 1;
    }

    private int write(long record, ProxyHeader content) {
        version = wanted(record);
        length = content.write(version, bytes);
        return length;
    }

    private static ProxyVersion wanted(long record) {
        return (Connection.flags(record) & Connection.PROXY_V2) != 0 ? ProxyVersion.V2 : ProxyVersion.V1;
    }
}
