package jdpvs.port.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdpvs.port.pcap.PcapReader;
import jdpvs.wire.Arp;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the language is tcpdump's, the verdicts are: both judge the same frames. */
class TcpdumpVerdictTest {
    private static final long MAC = 0x0200_0000_0001L;

    @TempDir
    private Path directory = Path.of("");

    static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        frames.add(PacketBuilder.tcp("192.168.1.1", 40000, "10.0.0.2", 80)
                .flags(Tcp.SYN)
                .toBytes());
        frames.add(PacketBuilder.tcp("10.0.0.2", 80, "192.168.1.1", 40000)
                .flags(Tcp.SYN | Tcp.ACK)
                .toBytes());
        frames.add(
                PacketBuilder.tcp("10.0.0.2", 443, "10.0.0.2", 443).payload(9).toBytes());
        frames.add(PacketBuilder.udp("192.168.1.1", 53, "10.0.0.3", 5353)
                .payload("x")
                .toBytes());
        frames.add(PacketBuilder.udp("172.16.5.6", 80, "192.168.1.1", 443)
                .ipOptions(new byte[] {1, 1, 1, 0})
                .toBytes());
        frames.add(PacketBuilder.udp("10.1.0.1", 53, "10.0.0.3", 80)
                .fragment(Ipv4.MORE_FRAGMENTS)
                .payload(64)
                .toBytes());
        frames.add(PacketBuilder.ipv4(Ipv4.UDP, 0x0a01_0001, 0x0a00_0003)
                .fragment(8)
                .payload(64)
                .toBytes());
        frames.add(
                PacketBuilder.echo("10.0.0.2", "192.168.1.1", 7, 1).payload(56).toBytes());
        frames.add(PacketBuilder.ipv4(89, 0x0a00_0001, 0x0a00_0002).payload(20).toBytes());
        frames.add(PacketBuilder.ipv4(132, 0x0a00_0001, 0x0a00_0002)
                .payload(new byte[] {0, 80, 1, 2, 3, 4, 5, 6})
                .toBytes());
        frames.add(PacketBuilder.arp(Arp.REQUEST, MAC, 0x0a00_0001, 0, 0x0a00_0002));
        frames.add(PacketBuilder.arp(Arp.REPLY, MAC, 0xc0a8_0101, MAC, 0x0a00_0002));
        frames.add(ipv6(6, 80, 4000));
        frames.add(ipv6(17, 53, 443));
        frames.add(ipv6(58, 80, 80));
        frames.add(PacketBuilder.tcp("2001:db8::1", 40000, "2001:db8::2", 80).toBytes());
        frames.add(PacketBuilder.udp("2001:db8:0:1::1", 53, "2001:db8::1", 443).toBytes());
        return frames;
    }

    /** From 10.0.0.9 to 192.168.1.2, about a TCP packet from 192.168.1.1 port 40000 to 10.0.0.9 port 443. */
    static byte[] icmpError() {
        byte[] quoted = PacketBuilder.tcp("192.168.1.1", 40000, "10.0.0.9", 443).toBytes();
        ByteBuffer payload = ByteBuffer.allocate(28);
        payload.put(quoted, 14, 28);
        return PacketBuilder.echo(0x0a00_0009, 0xc0a8_0102, 0, 0)
                .icmp(Icmp.TIME_EXCEEDED, 0)
                .payload(payload.array())
                .toBytes();
    }

    private static byte[] ipv6(int next, int sourcePort, int destinationPort) {
        ByteBuffer frame = ByteBuffer.allocate(14 + 40 + 20);
        frame.putShort(12, (short) 0x86dd)
                .put(14, (byte) 0x60)
                .putShort(18, (short) 20)
                .put(20, (byte) next);
        frame.putShort(54, (short) sourcePort).putShort(56, (short) destinationPort);
        return frame.array();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp",
                "udp",
                "icmp",
                "arp",
                "ip",
                "ip6",
                "host 10.0.0.2",
                "src host 10.0.0.2",
                "dst host 192.168.1.1",
                "src 10.0.0.2",
                "src or dst host 192.168.1.1",
                "src and dst host 10.0.0.2",
                "arp host 10.0.0.2",
                "ip host 10.0.0.2",
                "arp src host 192.168.1.1",
                "net 10.0.0.0/8",
                "net 10.0.0.0/16",
                "src net 10.0.0.0/16",
                "dst net 0.0.0.0/0",
                "net 10.0.0.2/31",
                "port 80",
                "src port 80",
                "dst port 443",
                "src or dst port 53",
                "src and dst port 443",
                "tcp port 80",
                "udp port 80",
                "tcp src port 80",
                "udp dst port 443",
                "portrange 50-100",
                "tcp dst portrange 400-500",
                "port 80 or 443",
                "port 53 or port 443 and tcp",
                "tcp or udp and port 53",
                "tcp and port 80 or udp",
                "udp or (tcp and port 443)",
                "not tcp",
                "not tcp and not udp",
                "! host 10.0.0.2 && ip",
                "not (port 80 or port 53)",
                "host 10.0.0.2 and 192.168.1.1",
                "src host 10.0.0.2 and dst host 192.168.1.1 and tcp",
                "tcp or icmp or arp",
                "arp || icmp",
                "icmp6",
                "host 2001:db8::1",
                "dst host 2001:db8::2 and tcp",
                "net 2001:db8::/64",
                "src net 2001:db8:0:1::/64 or host 10.0.0.2"
            })
    void sameAsTcpdump(String filter) throws Exception {
        List<byte[]> frames = frames();
        List<Integer> ours = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            if (FilterTest.verdict(filter, frames.get(i), Passage.IN) == Filter.YES) {
                ours.add(i);
            }
        }
        assertThat(ours).as(filter).isEqualTo(tcpdump(frames, filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fragment"})
    void fragments(String filter) throws Exception {
        List<byte[]> frames = frames();
        List<Integer> theirs = tcpdump(frames, "ip[6:2] & 0x3fff != 0");
        assertThat(theirs).hasSize(2);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(FilterTest.verdict(filter, frames.get(i), Passage.IN) == Filter.YES)
                    .isEqualTo(theirs.contains(i));
        }
    }

    /** Which frames pass: each carries its place in the list as its time. */
    private List<Integer> tcpdump(List<byte[]> frames, String filter) throws Exception {
        ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xa1b2c3d4).putInt(0x0004_0002).putLong(0).putInt(65_535).putInt(1);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            file.putInt(1000 + i)
                    .putInt(0)
                    .putInt(frame.length)
                    .putInt(frame.length)
                    .put(frame);
        }
        Path in = directory.resolve("in.pcap");
        Path errors = directory.resolve("errors");
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        Files.write(in, bytes);
        Process process = new ProcessBuilder("tcpdump", "-n", "-r", in.toString(), "-w", "-", filter)
                .redirectError(errors.toFile())
                .start();
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("tcpdump %s: %s", filter, Files.readString(errors))
                .isZero();
        List<Integer> passed = new ArrayList<>();
        try (PcapReader reader = new PcapReader("tcpdump's", new ByteArrayInputStream(out))) {
            while (reader.next() >= 0) {
                passed.add((int) (reader.timeNanos() / 1_000_000_000L) - 1000);
            }
        }
        return passed;
    }
}
