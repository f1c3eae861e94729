package jdpvs.toa;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.Sockets;

/** Hand-made TCP clients on a {@link RealServer}'s wire: what a balancer would send, and what none would. Used on the server's thread. */
final class Wire implements AutoCloseable {
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private static final int SO_RCVBUFFORCE = 33;
    private static final int ETHERNET = 14;
    private static final int TCP = 6;
    private static final int FIRST_SEQUENCE = 1000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(2048, 8);
    private final int socket;

    Wire() {
        socket = Sockets.open(Sockets.AF_PACKET, Sockets.SOCK_RAW, 0);
        Sockets.setOption(socket, Sockets.SOL_SOCKET, SO_RCVBUFFORCE, "SO_RCVBUFFORCE", 16 << 20);
        try (NetworkDevice device = NetworkDevice.find("wire").orElseThrow()) {
            Sockets.bindPacket(socket, device.index(), 3);
        }
    }

    /** An end of a connection in the making: the sequence number that the server's next ACK is to have is known once it has answered. */
    static final class Client {
        final InetAddress address;
        final InetAddress server;
        final int port;
        final int serverPort;
        private int serverSequence;
        private boolean answered;
        private int sent;

        Client(String address, int port, int serverPort) {
            this.address = address(address);
            this.server = address(this.address.getAddress().length == 4 ? RealServer.IPV4 : RealServer.IPV6);
            this.port = port;
            this.serverPort = serverPort;
        }
    }

    void syn(Client client) {
        send(client, SYN, FIRST_SEQUENCE, 0, new byte[] {2, 4, 5, (byte) 0xb4}, new byte[0]);
    }

    /** The handshake's ACK, with options that are a multiple of four bytes long. */
    void acknowledge(Client client, byte[] options) {
        send(client, ACK, FIRST_SEQUENCE + 1, client.serverSequence + 1, options, new byte[0]);
    }

    /** A data segment. */
    void say(Client client, byte[] options, String text) {
        byte[] payload = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        send(client, ACK, FIRST_SEQUENCE + 1 + client.sent, client.serverSequence + 1, options, payload);
        client.sent += payload.length;
    }

    /** A whole handshake. */
    Client connect(String address, int port, int serverPort, byte[] options) {
        var client = new Client(address, port, serverPort);
        syn(client);
        awaitAnswers(Map.of(port, client));
        acknowledge(client, options);
        return client;
    }

    /** Takes SYN-ACKs, by the clients' ports, until all have come. */
    void awaitAnswers(Map<Integer, Client> clients) {
        var open = new HashMap<>(clients);
        open.values().removeIf(client -> client.answered);
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        CallState state = CallState.current();
        while (!open.isEmpty()) {
            long length = Sockets.receive(state, socket, buffer.address(), buffer.byteSize(), Sockets.MSG_DONTWAIT);
            if (length < 0) {
                assertThat(System.nanoTime())
                        .as("answers to all SYNs; %d are missing", open.size())
                        .isLessThan(deadline);
                Thread.onSpinWait();
                continue;
            }
            ByteBuffer frame = buffer.asSlice(0, length).asByteBuffer();
            int tcp = frame.getShort(12) == 0x0800 ? ETHERNET + 20 : ETHERNET + 40;
            if (length >= tcp + 20 && (frame.get(tcp + 13) & (SYN | ACK)) == (SYN | ACK)) {
                Client client = open.remove(frame.getShort(tcp + 2) & 0xffff);
                if (client != null) {
                    client.serverSequence = frame.getInt(tcp + 4);
                    client.answered = true;
                }
            }
        }
    }

    /** Option 254 as a balancer writes it. */
    static byte[] option(String address, int port) {
        byte[] bytes = address(address).getAddress();
        ByteBuffer option = ByteBuffer.allocate(4 + bytes.length);
        option.put((byte) 254)
                .put((byte) option.capacity())
                .putShort((short) port)
                .put(bytes);
        return option.array();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private void send(Client client, int flags, int sequence, int acknowledgement, byte[] options, byte[] payload) {
        byte[] from = client.address.getAddress();
        byte[] to = client.server.getAddress();
        boolean ipv4 = from.length == 4;
        int length = 20 + options.length + payload.length;
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + (ipv4 ? 20 : 40) + length);
        frame.put(mac(RealServer.SERVER_MAC)).put(mac(RealServer.WIRE_MAC));
        if (ipv4) {
            frame.putShort((short) 0x0800);
            frame.putInt(0x45000000 | (20 + length))
                    .putInt(0x4000)
                    .putShort((short) 0x4006)
                    .putShort((short) 0);
            frame.put(from).put(to);
            frame.putShort(ETHERNET + 10, (short) ~sum(frame.array(), ETHERNET, 20, 0));
        } else {
            frame.putShort((short) 0x86dd);
            frame.putInt(0x60000000)
                    .putShort((short) length)
                    .put((byte) TCP)
                    .put((byte) 64)
                    .put(from)
                    .put(to);
        }
        int tcp = frame.position();
        frame.putShort((short) client.port)
                .putShort((short) client.serverPort)
                .putInt(sequence)
                .putInt(acknowledgement);
        frame.put((byte) (((20 + options.length) / 4) << 4))
                .put((byte) flags)
                .putShort((short) 65535)
                .putInt(0);
        frame.put(options).put(payload);
        int pseudo = sum(from, 0, from.length, sum(to, 0, to.length, TCP + length));
        frame.putShort(tcp + 16, (short) ~sum(frame.array(), tcp, length, pseudo));
        MemorySegment bytes = MemorySegment.ofArray(frame.array());
        buffer.copyFrom(bytes);
        CallState state = CallState.current();
        state.check("send", Sockets.send(state, socket, buffer.address(), frame.capacity(), 0));
    }

    private static int sum(byte[] bytes, int at, int length, int before) {
        int sum = before;
        for (int i = 0; i < length; i++) {
            sum += (bytes[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private static byte[] mac(String text) {
        return java.util.HexFormat.ofDelimiter(":").parseHex(text);
    }

    @Override
    public void close() {
        Descriptors.close(socket);
        arena.close();
    }
}
