package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(4);

    @Test
    void exampleOfRfc1071() {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
            long at = arena.allocate(8).address();
            Memory.copyIn(bytes, 0, at, 8);
            assertThat(Checksum.sum(at, 8)).isEqualTo(0xddf2);
        }
    }

    @Test
    void sumsAnyLengthAndAlignmentLikeTheReference() {
        try (Arena arena = Arena.ofConfined()) {
            long base = arena.allocate(70_000, 8).address();
            for (int i = 0; i < 3_000; i++) {
                byte[] bytes = new byte[i < 100 ? 65_535 - i : random.nextInt(200)];
                random.nextBytes(bytes);
                if (i % 5 == 0) {
                    Arrays.fill(bytes, (byte) 0xff);
                }
                long at = base + random.nextInt(16);
                Memory.copyIn(bytes, 0, at, bytes.length);
                assertThat(Checksum.complement(Checksum.sum(at, bytes.length)))
                        .isEqualTo(ReferenceClassifier.checksum(bytes, 0, bytes.length));
            }
        }
    }

    @Test
    void incrementalUpdateEqualsComputingAnew() {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 20_000; i++) {
                boolean udp = random.nextBoolean();
                int source = random.nextInt();
                int destination = random.nextInt();
                int port = random.nextInt(0x10000);
                int newSource = random.nextInt(4) == 0 ? 0 : random.nextInt();
                int newPort = random.nextInt(4) == 0 ? 0xffff : random.nextInt(0x10000);
                PacketBuilder builder = udp
                        ? PacketBuilder.udp(source, port, destination, 80)
                        : PacketBuilder.tcp(source, port, destination, 80);
                builder.payload(random.nextInt(20));
                long frame = builder.allocate(arena);
                long ip = frame + 14;
                long transport = ip + 20;
                int length = Ipv4.totalLength(ip) - 20;
                int protocol = Ipv4.protocol(ip);
                int addresses = Checksum.delta32(source, newSource);
                int all = Checksum.add(addresses, Checksum.delta16(port, newPort));
                Ipv4.setSource(ip, newSource);
                Tcp.setSourcePort(transport, newPort);
                Checksum.apply(ip + 10, addresses);
                if (udp) {
                    Checksum.applyUdp(transport + Udp.CHECKSUM_OFFSET, all);
                    assertThat(Udp.checksum(transport)).isNotZero();
                } else {
                    Checksum.apply(transport + Tcp.CHECKSUM_OFFSET, all);
                }
                assertThat(Checksum.isIpv4HeaderValid(ip)).isTrue();
                assertThat(Checksum.isTransportValid(newSource, destination, protocol, transport, length))
                        .isTrue();
            }
        }
    }

    @Test
    void udpWithoutChecksumStaysSoAndComputedZeroIsAllOnes() {
        assertThat(Checksum.updateUdp(0, 0x1234)).isZero();
        assertThat(Checksum.updateUdp(0xfffe, 1)).isEqualTo(0xfffd);
        // ~0x0001 + 0x0001 = 0xffff, whose complement is 0.
        assertThat(Checksum.update(1, 1)).isZero();
        assertThat(Checksum.updateUdp(1, 1)).isEqualTo(0xffff);
    }

    @Test
    void partialChecksumHoldsThePseudoHeaderOfTheNewAddresses() {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 5_000; i++) {
                int oldSource = random.nextInt();
                int oldDestination = random.nextInt();
                int newSource = random.nextInt();
                int newDestination = random.nextInt();
                long frame = PacketBuilder.tcp(oldSource, 1, oldDestination, 2)
                        .payload(4000)
                        .segmentSize(1448)
                        .allocate(arena);
                long field = frame + VirtioNetHeader.checksumStart(frame) + VirtioNetHeader.checksumOffset(frame);
                int delta = Checksum.add(
                        Checksum.delta32(oldSource, newSource), Checksum.delta32(oldDestination, newDestination));
                Checksum.applyPartial(field, delta);
                int expected = Checksum.pseudoHeader(newSource, newDestination, Ipv4.TCP, 4020);
                // 0 and 0xffff are the same number in ones' complement.
                assertThat(Memory.getShortNet(field) % 0xffff).isEqualTo(expected % 0xffff);
            }
        }
    }
}
