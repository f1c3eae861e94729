package jdpvs.port.filter;

import jdpvs.port.DropReason;
import jdpvs.wire.Address;

/** A part of a filter. */
sealed interface Node {
    /** @return one of the verdicts of {@link Filter} */
    int verdict(PacketView packet);

    private static int verdict(boolean matches) {
        return matches ? Filter.YES : Filter.NO;
    }

    record And(Node left, Node right) implements Node {
        @Override
        public int verdict(PacketView packet) {
            int verdict = left.verdict(packet);
            return verdict == Filter.NO ? Filter.NO : Math.min(verdict, right.verdict(packet));
        }
    }

    record Or(Node left, Node right) implements Node {
        @Override
        public int verdict(PacketView packet) {
            int verdict = left.verdict(packet);
            return verdict == Filter.YES ? Filter.YES : Math.max(verdict, right.verdict(packet));
        }
    }

    record Not(Node node) implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Filter.YES - node.verdict(packet);
        }
    }

    record Speaks(ProtocolWord protocol) implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Node.verdict(packet.speaks(protocol));
        }
    }

    /** A network of one family, {@code network} has no bits but those of its mask. */
    record Net(Side side, Address network, long maskHigh, long maskLow) implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Node.verdict(matches(packet.outer) || matches(packet.inner));
        }

        private boolean matches(PacketView.Header header) {
            if (!header.hasAddresses || header.ipv6 == network.isIpv4()) {
                return false;
            }
            return side.of(
                    contains(header.sourceHigh, header.sourceLow),
                    contains(header.destinationHigh, header.destinationLow));
        }

        private boolean contains(long high, long low) {
            return (high & maskHigh) == network.high() && (low & maskLow) == network.low();
        }
    }

    record Ports(Side side, int first, int last) implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Node.verdict(matches(packet.outer) || matches(packet.inner));
        }

        private boolean matches(PacketView.Header header) {
            if (!header.hasPorts) {
                return false;
            }
            boolean source = header.sourcePort >= first && header.sourcePort <= last;
            boolean destination = header.destinationPort >= first && header.destinationPort <= last;
            return side.of(source, destination);
        }
    }

    record IsFragment() implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Node.verdict(packet.fragment);
        }
    }

    record Passes(Passage passage) implements Node {
        @Override
        public int verdict(PacketView packet) {
            return Node.verdict(packet.passage == passage);
        }
    }

    record For(DropReason reason) implements Node {
        @Override
        public int verdict(PacketView packet) {
            if (packet.passage != Passage.DROPPED) {
                return Filter.NO;
            }
            return packet.reason == null ? Filter.OPEN : Node.verdict(packet.reason == reason);
        }
    }
}
