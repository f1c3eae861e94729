package jdpvs.toa.program;

import jdpvs.linux.bpf.Btf;

/**
 * The option that carries the client's address, as it stands on the wire and as it is kept with a socket (facts/toa.md §1):
 *
 * <pre>
 * 0 kind (254) | 1 length (8 or 20) | 2 port | 4 address, 4 or 16 bytes; an IPv4 address is followed by zeros in the socket's copy
 * </pre>
 */
final class ClientOption {
    static final int KIND = 254;
    static final int IPV4_LENGTH = 8;
    static final int IPV6_LENGTH = 20;

    static final int LENGTH_AT = 1;
    static final int PORT_AT = 2;
    static final int ADDRESS_AT = 4;
    /** Of the copy that is kept with a socket. */
    static final int BYTES = 20;

    private ClientOption() {}

    /** The types of key and value that socket storage must be described with. */
    record Description(Btf btf, int key, int value) implements AutoCloseable {
        static Description load() {
            var types = new Btf.Builder();
            int descriptor = types.signedInt();
            int octet = types.unsigned("u8", 1);
            int port = types.unsigned("be16", 2);
            int address = types.array(types.unsigned("be32", 4), descriptor, 4);
            int option = types.struct(
                    "client_option",
                    BYTES,
                    new Btf.Member("kind", octet, 0),
                    new Btf.Member("length", octet, LENGTH_AT),
                    new Btf.Member("port", port, PORT_AT),
                    new Btf.Member("address", address, ADDRESS_AT));
            return new Description(types.load(), descriptor, option);
        }

        @Override
        public void close() {
            btf.close();
        }
    }
}
