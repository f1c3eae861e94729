package jdpvs.wire;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Builds whole frames with right lengths and checksums, for tests, the benchmark and what dpvs says seldom. Reusable: every setter stays in
 * force, and {@link #write} may be called again. Not for the packet path.
 *
 * <pre>{@code
 * byte[] syn = PacketBuilder.tcp("10.0.0.1", 1234, "10.0.0.2", 80).flags(Tcp.SYN).option(2, 5, 0xb4).toBytes();
 * }</pre>
 */
public final class PacketBuilder {
    /** What {@link #allocate} leaves before the Ethernet header, the virtio-net header included. */
    public static final int HEADROOM = 72;

    private final int protocol;
    private long destinationMac = 0x0200_0000_0002L;
    private long sourceMac = 0x0200_0000_0001L;
    private Address source;
    private Address destination;
    private int sourcePort;
    private int destinationPort;
    private int sequence = 1000;
    private int acknowledgement;
    private int flags = Tcp.ACK;
    private int window = 65535;
    private byte[] tcpOptions = {};
    private byte[] ipOptions = {};
    private byte[] extensions = {};
    private int firstHeader;
    private int flowLabel;
    private byte[] payload = {};
    private int tos;
    private int identification = 1;
    private int flagsAndOffset = Ipv4.DONT_FRAGMENT;
    private int ttl = 64;
    private int icmpType = Icmp.ECHO_REQUEST;
    private int icmpCode;
    private boolean raw;
    private boolean withoutChecksum;
    private boolean partialChecksum;
    private int segmentSize;

    private PacketBuilder(int protocol, Address source, Address destination) {
        this.protocol = protocol;
        this.firstHeader = protocol;
        this.source = source;
        this.destination = destination;
    }

    /** A TCP segment, flags ACK unless {@link #flags} says otherwise. */
    public static PacketBuilder tcp(int source, int sourcePort, int destination, int destinationPort) {
        return tcp(ofIpv4(source), sourcePort, ofIpv4(destination), destinationPort);
    }

    /** Over IPv4 or IPv6, as both addresses are. */
    public static PacketBuilder tcp(Address source, int sourcePort, Address destination, int destinationPort) {
        return new PacketBuilder(Ipv4.TCP, source, destination).ports(sourcePort, destinationPort);
    }

    public static PacketBuilder tcp(String source, int sourcePort, String destination, int destinationPort) {
        return tcp(Address.parse(source), sourcePort, Address.parse(destination), destinationPort);
    }

    public static PacketBuilder udp(int source, int sourcePort, int destination, int destinationPort) {
        return udp(ofIpv4(source), sourcePort, ofIpv4(destination), destinationPort);
    }

    public static PacketBuilder udp(Address source, int sourcePort, Address destination, int destinationPort) {
        return new PacketBuilder(Ipv4.UDP, source, destination).ports(sourcePort, destinationPort);
    }

    public static PacketBuilder udp(String source, int sourcePort, String destination, int destinationPort) {
        return udp(Address.parse(source), sourcePort, Address.parse(destination), destinationPort);
    }

    /** An echo request; {@link #icmp} makes it another message. */
    public static PacketBuilder echo(int source, int destination, int identifier, int sequence) {
        return echo(ofIpv4(source), ofIpv4(destination), identifier, sequence);
    }

    /** An ICMP or ICMPv6 echo request. */
    public static PacketBuilder echo(Address source, Address destination, int identifier, int sequence) {
        boolean ipv4 = source.isIpv4();
        return new PacketBuilder(ipv4 ? Ipv4.ICMP : Ipv6.ICMP, source, destination)
                .icmp(ipv4 ? Icmp.ECHO_REQUEST : Icmp6.ECHO_REQUEST, 0)
                .ports(identifier, sequence);
    }

    public static PacketBuilder echo(String source, String destination, int identifier, int sequence) {
        return echo(Address.parse(source), Address.parse(destination), identifier, sequence);
    }

    /** An IPv4 packet of any protocol: the payload follows the IP header. */
    public static PacketBuilder ipv4(int protocol, int source, int destination) {
        return ip(protocol, ofIpv4(source), ofIpv4(destination));
    }

    /** An IPv4 or IPv6 packet of any protocol: the payload follows the IP header and its extension headers. */
    public static PacketBuilder ip(int protocol, Address source, Address destination) {
        PacketBuilder builder = new PacketBuilder(protocol, source, destination);
        builder.raw = true;
        return builder;
    }

    /** 0.0.0.0 is an address here, not none. */
    private static Address ofIpv4(int address) {
        return new Address(0, Address.mapped(address));
    }

    /** An ARP frame; replies go to the target, everything else to everybody. */
    public static byte[] arp(int operation, long senderMac, int senderAddress, long targetMac, int targetAddress) {
        try (Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(Ethernet.LENGTH + Arp.LENGTH).address();
            long to = operation == Arp.REPLY ? targetMac : Ethernet.BROADCAST;
            Ethernet.set(frame, to, senderMac, Ethernet.TYPE_ARP);
            Arp.set(frame + Ethernet.LENGTH, operation, senderMac, senderAddress, targetMac, targetAddress);
            byte[] bytes = new byte[Ethernet.LENGTH + Arp.LENGTH];
            Memory.copyOut(frame, bytes, 0, bytes.length);
            return bytes;
        }
    }

    /** Ports; for ICMP the identifier and the sequence number (or any 32 bits of the rest of the header). */
    public PacketBuilder ports(int sourcePort, int destinationPort) {
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
        return this;
    }

    public PacketBuilder addresses(int source, int destination) {
        return addresses(ofIpv4(source), ofIpv4(destination));
    }

    public PacketBuilder addresses(Address source, Address destination) {
        this.source = source;
        this.destination = destination;
        return this;
    }

    public PacketBuilder macs(long destination, long source) {
        this.destinationMac = destination;
        this.sourceMac = source;
        return this;
    }

    /** TCP flags, for example {@code Tcp.SYN | Tcp.ACK}. */
    public PacketBuilder flags(int flags) {
        this.flags = flags;
        return this;
    }

    public PacketBuilder sequence(int sequence) {
        this.sequence = sequence;
        return this;
    }

    public PacketBuilder acknowledgement(int acknowledgement) {
        this.acknowledgement = acknowledgement;
        return this;
    }

    public PacketBuilder window(int window) {
        this.window = window;
        return this;
    }

    /** Adds one TCP option; no-operations pad the header's end to 4 bytes. */
    public PacketBuilder option(int kind, int... data) {
        byte[] option = new byte[data.length + 2];
        option[0] = (byte) kind;
        option[1] = (byte) option.length;
        for (int i = 0; i < data.length; i++) {
            option[i + 2] = (byte) data[i];
        }
        byte[] all = Arrays.copyOf(tcpOptions, tcpOptions.length + option.length);
        System.arraycopy(option, 0, all, tcpOptions.length, option.length);
        return options(all);
    }

    /** Replaces the TCP options, at most 40 bytes, as they are; no-operations pad the header's end to 4 bytes. */
    public PacketBuilder options(byte[] options) {
        if (options.length > 40) {
            throw new IllegalArgumentException("TCP options take at most 40 bytes, not " + options.length);
        }
        this.tcpOptions = options.clone();
        return this;
    }

    /** IPv4 options, at most 40 bytes in whole words. */
    public PacketBuilder ipOptions(byte[] options) {
        if (options.length > 40 || options.length % 4 != 0) {
            throw new IllegalArgumentException("IPv4 options take at most 10 words, not " + options.length + " bytes");
        }
        this.ipOptions = options.clone();
        return this;
    }

    /**
     * IPv6 extension headers, as they are; the last one names the protocol.
     *
     * @param first which header the first one is
     */
    public PacketBuilder extensions(int first, byte[] headers) {
        this.firstHeader = first;
        this.extensions = headers.clone();
        return this;
    }

    public PacketBuilder flowLabel(int flowLabel) {
        this.flowLabel = flowLabel;
        return this;
    }

    public PacketBuilder payload(byte[] payload) {
        this.payload = payload.clone();
        return this;
    }

    public PacketBuilder payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A payload of {@code bytes} bytes counting up from 0. */
    public PacketBuilder payload(int bytes) {
        payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) i;
        }
        return this;
    }

    /** Time to live, or hop limit. */
    public PacketBuilder ttl(int ttl) {
        this.ttl = ttl;
        return this;
    }

    /** Type of service, or traffic class. */
    public PacketBuilder tos(int tos) {
        this.tos = tos;
        return this;
    }

    public PacketBuilder identification(int identification) {
        this.identification = identification;
        return this;
    }

    /** Don't-fragment and more-fragments flags with the offset in units of 8 bytes. */
    public PacketBuilder fragment(int flagsAndOffset) {
        this.flagsAndOffset = flagsAndOffset;
        return this;
    }

    /** Another ICMP message; {@link #ports} are the rest of its header. */
    public PacketBuilder icmp(int type, int code) {
        this.icmpType = type;
        this.icmpCode = code;
        return this;
    }

    /** UDP without a checksum. */
    public PacketBuilder withoutChecksum() {
        this.withoutChecksum = true;
        return this;
    }

    /** Leaves the TCP or UDP checksum partial, as a local stack does: {@link VirtioNetHeader#NEEDS_CHECKSUM}. */
    public PacketBuilder partialChecksum() {
        this.partialChecksum = true;
        return this;
    }

    /** A segmented TCP packet with so many payload bytes per segment; its checksum is partial. */
    public PacketBuilder segmentSize(int bytes) {
        this.segmentSize = bytes;
        this.partialChecksum = true;
        return this;
    }

    /** Bytes of the frame, without padding. */
    public int length() {
        return Ethernet.LENGTH + ipHeaders() + transportHeader() + payload.length;
    }

    private boolean isIpv6() {
        return !source.isIpv4();
    }

    private int ipHeaders() {
        return isIpv6() ? Ipv6.LENGTH + extensions.length : Ipv4.MINIMUM_LENGTH + ipOptions.length;
    }

    /** Writes the frame without its virtio-net header and returns its length. */
    public int write(long frame) {
        int headerLength = ipHeaders();
        int totalLength = length() - Ethernet.LENGTH;
        // IPv6 does not count its own header.
        if (totalLength - (isIpv6() ? Ipv6.LENGTH : 0) > 0xffff) {
            throw new IllegalArgumentException(
                    "an IP header names at most 65535 bytes, not a packet of " + totalLength);
        }
        long ip = frame + Ethernet.LENGTH;
        if (isIpv6()) {
            writeIpv6(frame, ip, totalLength);
        } else {
            writeIpv4(frame, ip, headerLength, totalLength);
        }
        long transport = ip + headerLength;
        Memory.copyIn(payload, 0, transport + transportHeader(), payload.length);
        writeTransport(transport, totalLength - headerLength);
        return length();
    }

    private void writeIpv4(long frame, long ip, int headerLength, int totalLength) {
        Ethernet.set(frame, destinationMac, sourceMac, Ethernet.TYPE_IPV4);
        Memory.putByte(ip, 0x40 | headerLength >>> 2);
        Memory.putByte(ip + 1, tos);
        Ipv4.setTotalLength(ip, totalLength);
        Memory.putShortNet(ip + 4, identification);
        Memory.putShortNet(ip + 6, flagsAndOffset);
        Ipv4.setTtl(ip, ttl);
        Memory.putByte(ip + 9, protocol);
        Ipv4.setSource(ip, source.ipv4());
        Ipv4.setDestination(ip, destination.ipv4());
        Memory.copyIn(ipOptions, 0, ip + Ipv4.MINIMUM_LENGTH, ipOptions.length);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
    }

    private void writeIpv6(long frame, long ip, int totalLength) {
        Ethernet.set(frame, destinationMac, sourceMac, Ethernet.TYPE_IPV6);
        Ipv6.write(ip, tos, totalLength - Ipv6.LENGTH, firstHeader, ttl, source, destination);
        Ipv6.setFirstWord(ip, tos, flowLabel);
        Memory.copyIn(extensions, 0, ip + Ipv6.LENGTH, extensions.length);
    }

    /** Writes the frame with its virtio-net header before it and returns its length. */
    public int writeWithHeader(long frame) {
        int length = write(frame);
        VirtioNetHeader.clear(frame);
        if (partialChecksum) {
            int start = Ethernet.LENGTH + ipHeaders();
            VirtioNetHeader.set(
                    frame,
                    VirtioNetHeader.NEEDS_CHECKSUM,
                    segmentSize == 0 ? VirtioNetHeader.GSO_NONE : gsoType(),
                    segmentSize == 0 ? 0 : start + transportHeader(),
                    segmentSize,
                    start,
                    protocol == Ipv4.TCP ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET);
        }
        return length;
    }

    private int gsoType() {
        if (protocol == Ipv4.UDP) {
            return VirtioNetHeader.GSO_UDP_L4;
        }
        return isIpv6() ? VirtioNetHeader.GSO_TCP6 : VirtioNetHeader.GSO_TCP4;
    }

    /** A frame in new native memory with {@link #HEADROOM} and its virtio-net header before it; {@link #length} bytes long. */
    public long allocate(Arena arena) {
        long frame = arena.allocate(HEADROOM + length(), 64).address() + HEADROOM;
        writeWithHeader(frame);
        return frame;
    }

    public byte[] toBytes() {
        try (Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(length()).address();
            byte[] bytes = new byte[write(frame)];
            Memory.copyOut(frame, bytes, 0, bytes.length);
            return bytes;
        }
    }

    private int transportHeader() {
        if (raw) {
            return 0;
        }
        return switch (protocol) {
            case Ipv4.TCP -> Tcp.MINIMUM_LENGTH + ((tcpOptions.length + 3) & ~3);
            case Ipv4.UDP -> Udp.LENGTH;
            case Ipv4.ICMP, Ipv6.ICMP -> Icmp.LENGTH;
            default -> 0;
        };
    }

    private void writeTransport(long transport, int length) {
        if (raw) {
            return;
        }
        switch (protocol) {
            case Ipv4.TCP -> {
                writeTcp(transport);
                Tcp.setChecksum(transport, transportChecksum(transport, length));
            }
            case Ipv4.UDP -> {
                Memory.putShortNet(transport, sourcePort);
                Memory.putShortNet(transport + 2, destinationPort);
                Memory.putShortNet(transport + 4, length);
                Udp.setChecksum(transport, 0);
                Udp.setChecksum(transport, withoutChecksum ? 0 : transportChecksum(transport, length));
            }
            case Ipv4.ICMP, Ipv6.ICMP -> {
                Icmp.setType(transport, icmpType);
                Memory.putByte(transport + 1, icmpCode);
                Icmp.setChecksum(transport, 0);
                Memory.putShortNet(transport + 4, sourcePort);
                Memory.putShortNet(transport + 6, destinationPort);
                int pseudoHeader = isIpv6() ? pseudoHeader(length) : 0;
                Icmp.setChecksum(
                        transport, Checksum.complement(Checksum.add(pseudoHeader, Checksum.sum(transport, length))));
            }
            default -> {}
        }
    }

    private int transportChecksum(long transport, int length) {
        int pseudoHeader = pseudoHeader(length);
        if (partialChecksum) {
            return pseudoHeader;
        }
        int checksum = Checksum.complement(Checksum.add(pseudoHeader, Checksum.sum(transport, length)));
        return protocol == Ipv4.UDP && checksum == 0 ? 0xffff : checksum;
    }

    /** RFC 9293 §3.1, RFC 8200 §8.1: both are addresses, length and protocol. */
    private int pseudoHeader(int length) {
        int sum = Checksum.add(length, protocol);
        for (Address address : List.of(source, destination)) {
            sum = Checksum.add(sum, address.isIpv4() ? Checksum.fold(address.ipv4() & 0xffff_ffffL) : sum(address));
        }
        return sum;
    }

    private static int sum(Address address) {
        return Checksum.add(halves(address.high()), halves(address.low()));
    }

    private static int halves(long value) {
        return Checksum.fold((value >>> 32) + (value & 0xffff_ffffL));
    }

    private void writeTcp(long tcp) {
        int headerLength = transportHeader();
        Tcp.setSourcePort(tcp, sourcePort);
        Tcp.setDestinationPort(tcp, destinationPort);
        Tcp.setSequence(tcp, sequence);
        Tcp.setAcknowledgement(tcp, acknowledgement);
        Memory.putByte(tcp + 12, headerLength << 2);
        Memory.putByte(tcp + 13, flags);
        Memory.putShortNet(tcp + 14, window);
        Tcp.setChecksum(tcp, 0);
        Memory.putShortNet(tcp + 18, 0);
        for (int i = Tcp.MINIMUM_LENGTH + tcpOptions.length; i < headerLength; i++) {
            Memory.putByte(tcp + i, TcpOptions.NO_OPERATION);
        }
        Memory.copyIn(tcpOptions, 0, tcp + Tcp.MINIMUM_LENGTH, tcpOptions.length);
    }
}
