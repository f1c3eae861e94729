package jdpvs.daemon.explain;

import jdpvs.wire.Arp;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/** A frame in a few words, as a packet sniffer would put it. */
final class Summary {
    private static final String[] FLAGS = {"F", "S", "R", "P", ".", "U"};

    private Summary() {}

    static String of(long frame, int length) {
        int classification = Classifier.classify(frame, length);
        long ip = frame + Ethernet.LENGTH;
        int offset = FrameKind.transportOffset(classification);
        return switch (FrameKind.kind(classification)) {
            case FrameKind.TCP4 -> tcp(ip, frame + offset, offset);
            case FrameKind.UDP4 ->
                ports(ip, frame + offset) + " UDP " + (Memory.getShortNet(frame + offset + 4) - 8) + " bytes";
            case FrameKind.ICMP4 ->
                addresses(ip) + " ICMP " + icmp(Icmp.type(frame + offset), Icmp.code(frame + offset));
            case FrameKind.FRAGMENT4 ->
                addresses(ip) + " fragment " + Memory.getShortNet(ip + 4) + "@"
                        + (Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) * 8 + " protocol " + Ipv4.protocol(ip);
            case FrameKind.OTHER4 -> addresses(ip) + " protocol " + Ipv4.protocol(ip);
            case FrameKind.ARP -> arp(ip);
            case FrameKind.TCP6, FrameKind.UDP6, FrameKind.ICMP6, FrameKind.FRAGMENT6, FrameKind.OTHER6 ->
                "IPv6, " + length + " bytes";
            case FrameKind.BAD_TRUNCATED -> "truncated, " + length + " bytes";
            default -> "type 0x" + Integer.toHexString(Memory.getShortNet(frame + 12)) + ", " + length + " bytes";
        };
    }

    private static String tcp(long ip, long tcp, int offset) {
        StringBuilder flags = new StringBuilder(8);
        for (int bit = 0; bit < FLAGS.length; bit++) {
            flags.append((Tcp.flags(tcp) & 1 << bit) != 0 ? FLAGS[bit] : "");
        }
        int payload = Ethernet.LENGTH + Ipv4.totalLength(ip) - offset - Tcp.headerLength(tcp);
        return ports(ip, tcp) + " TCP [" + (flags.isEmpty() ? "none" : flags) + "] " + payload + " bytes";
    }

    private static String ports(long ip, long transport) {
        return Ipv4Address.format(Ipv4.source(ip)) + ":" + Memory.getShortNet(transport) + " > "
                + Ipv4Address.format(Ipv4.destination(ip)) + ":" + Memory.getShortNet(transport + 2);
    }

    private static String addresses(long ip) {
        return Ipv4Address.format(Ipv4.source(ip)) + " > " + Ipv4Address.format(Ipv4.destination(ip));
    }

    private static String icmp(int type, int code) {
        return switch (type) {
            case Icmp.ECHO_REQUEST -> "echo request";
            case Icmp.ECHO_REPLY -> "echo reply";
            case Icmp.UNREACHABLE -> "unreachable, code " + code;
            case Icmp.TIME_EXCEEDED -> "time exceeded";
            default -> "type " + type + " code " + code;
        };
    }

    private static String arp(long arp) {
        String target = Ipv4Address.format(Arp.targetAddress(arp));
        String sender = Ipv4Address.format(Arp.senderAddress(arp));
        return switch (Arp.operation(arp)) {
            case Arp.REQUEST -> "ARP who has " + target + ", tell " + sender;
            case Arp.REPLY -> "ARP " + sender + " answers " + target;
            default -> "ARP operation " + Arp.operation(arp);
        };
    }
}
