package jdpvs.port.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import jdpvs.port.DropReason;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tcpdump does not know, and what is refused; {@link TcpdumpVerdictTest} holds the rest. */
class FilterTest {
    static int verdict(String filter, byte[] frame, Passage passage, DropReason... reason) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(Math.max(1, frame.length)).address();
            Memory.copyIn(frame, 0, address, frame.length);
            return Filter.parse(filter).verdict(address, frame.length, passage, reason.length == 0 ? null : reason[0]);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                   | 2 | 2 | 2
                    in                                   | 2 | 0 | 0
                    inbound or out                       | 2 | 2 | 0
                    dropped                              | 0 | 0 | 2
                    not dropped                          | 2 | 2 | 0
                    reason no-route                      | 0 | 0 | 1
                    reason NO_ROUTE and udp              | 0 | 0 | 0
                    reason no_route or tcp               | 2 | 2 | 2
                    not reason no-route                  | 2 | 2 | 1
                    !(reason no-route or in)             | 0 | 2 | 1
                    """)
    void passages(String filter, int in, int out, int dropped) throws Exception {
        byte[] frame = TcpdumpVerdictTest.frames().get(0);
        assertThat(verdict(filter, frame, Passage.IN)).isEqualTo(in);
        assertThat(verdict(filter, frame, Passage.OUT)).isEqualTo(out);
        assertThat(verdict(filter, frame, Passage.DROPPED)).isEqualTo(dropped);
    }

    @Test
    void theReasonDecidesWhenItIsKnown() throws Exception {
        byte[] frame = TcpdumpVerdictTest.frames().get(0);
        assertThat(verdict("reason no-route", frame, Passage.DROPPED, DropReason.NO_ROUTE))
                .isEqualTo(Filter.YES);
        assertThat(verdict("reason no-route", frame, Passage.DROPPED, DropReason.NOT_SYN))
                .isEqualTo(Filter.NO);
        assertThat(verdict("not reason no-route", frame, Passage.DROPPED, DropReason.NOT_SYN))
                .isEqualTo(Filter.YES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    src host 10.0.0.9 and dst port 443  | 2
                    host 10.0.0.9                       | 2
                    src host 192.168.1.1                | 2
                    port 443                            | 2
                    port 444                            | 0
                    net 10.0.0.0/24                     | 2
                    tcp                                 | 0
                    """)
    void anIcmpErrorIsFoundByThePacketItQuotes(String filter, int verdict) throws Exception {
        assertThat(verdict(filter, TcpdumpVerdictTest.icmpError(), Passage.IN)).isEqualTo(verdict);
    }

    /** Behind extension headers, in fragments, and by what an ICMPv6 error quotes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    host 2001:db8::1                       | 2 | 2 | 0 | 2
                    src host [2001:db8::1]                 | 2 | 2 | 0 | 2
                    dst host 2001:db8::1                   | 0 | 0 | 0 | 0
                    net 2001:db8::/32                      | 2 | 2 | 2 | 2
                    src net fe80::/10                      | 0 | 0 | 0 | 0
                    net 0.0.0.0/0                          | 0 | 0 | 0 | 0
                    net ::/0                               | 2 | 2 | 2 | 2
                    tcp port 80                            | 2 | 0 | 0 | 0
                    port 53                                | 0 | 2 | 0 | 2
                    fragment                               | 0 | 2 | 2 | 0
                    udp                                    | 0 | 2 | 2 | 0
                    icmp6 and dst port 53                  | 0 | 0 | 0 | 2
                    icmp                                   | 0 | 0 | 0 | 0
                    """)
    void ipv6(String filter, int behindOptions, int firstFragment, int laterFragment, int error) throws Exception {
        byte[] tcp = PacketBuilder.tcp("2001:db8::1", 40000, "2001:db8::2", 80)
                .extensions(60, new byte[] {6, 0, 1, 4, 0, 0, 0, 0})
                .toBytes();
        byte[] first = PacketBuilder.udp("2001:db8::1", 40000, "2001:db8::2", 53)
                .extensions(44, new byte[] {17, 0, 0, 1, 0, 0, 0, 7})
                .payload(56)
                .toBytes();
        byte[] later = PacketBuilder.udp("2001:db8::3", 40000, "2001:db8::2", 53)
                .extensions(44, new byte[] {17, 0, 0, 64, 0, 0, 0, 7})
                .toBytes();
        byte[] quoted =
                PacketBuilder.udp("2001:db8::1", 40000, "2001:db8::2", 53).toBytes();
        byte[] unreachable = PacketBuilder.echo("2001:db8::9", "2001:db8::8", 0, 0)
                .icmp(1, 4)
                .payload(java.util.Arrays.copyOfRange(quoted, 14, quoted.length))
                .toBytes();
        assertThat(verdict(filter, tcp, Passage.IN)).isEqualTo(behindOptions);
        assertThat(verdict(filter, first, Passage.IN)).isEqualTo(firstFragment);
        assertThat(verdict(filter, later, Passage.IN)).isEqualTo(laterFragment);
        assertThat(verdict(filter, unreachable, Passage.IN)).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    frob                     | filter: there is no condition 'frob'
                    host                     | filter: an address or a port is missing behind 'host'
                    host 1.2.3               | filter: '1.2.3' is not an IPv4 or IPv6 address
                    host www.example.com     | filter: 'www.example.com' is not an IPv4 or IPv6 address
                    net 10.0.0.1/8           | filter: '10.0.0.1/8' has bits behind its prefix; the net is 10.0.0.0/8
                    net 10.0.0.0/33          | filter: '10.0.0.0/33' is not ADDRESS/LENGTH with a length of 0 to 32
                    net 2001:db8::1/64       | filter: '2001:db8::1/64' has bits behind its prefix; the net is 2001:db8::/64
                    net 2001:db8::/129       | filter: '2001:db8::/129' is not ADDRESS/LENGTH with a length of 0 to 128
                    host 2001:db8:::1        | filter: '2001:db8:::1' is not an IPv4 or IPv6 address
                    port 70000               | filter: '70000' is not a port (0 to 65535)
                    port http                | filter: 'http' is not a port (0 to 65535)
                    portrange 5              | filter: '5' is not PORT-PORT
                    tcp 80                   | filter: '80' behind 'tcp': say 'host', 'net' or 'port' before it
                    tcp udp                  | filter: 'udp' cannot follow 'tcp'; put 'and' or 'or' between them
                    tcp and                  | filter: a condition is missing behind 'and'
                    and tcp                  | filter: there is no condition 'and'
                    (tcp                     | filter: '(' without ')' behind it
                    tcp)                     | filter: ')' without '(' before it
                    not                      | filter: a condition is missing behind 'not'
                    reason frob              | filter: there is no reason 'frob'; 'dpvsctl drops' lists them
                    reason                   | filter: the name of a reason is missing behind 'reason'
                    """)
    void whatIsWrongIsNamed(String filter, String sentence) {
        assertThatThrownBy(() -> Filter.parse(filter))
                .isInstanceOf(FilterException.class)
                .hasMessage(sentence);
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> Filter.parse("not ".repeat(200) + "tcp")).hasMessageContaining("more than 100");
        assertThatThrownBy(() -> Filter.parse("tcp or ".repeat(2000) + "tcp"))
                .hasMessage("the filter has more than 1000 words");
    }
}
