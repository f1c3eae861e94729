package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of facts behaviour §6, cell by cell. */
class TcpStateTest {
    private static final Map<String, TcpState> STATES = Map.ofEntries(
            Map.entry("NO", TcpState.NONE),
            Map.entry("ES", TcpState.ESTABLISHED),
            Map.entry("SS", TcpState.SYN_SENT),
            Map.entry("SR", TcpState.SYN_RECEIVED),
            Map.entry("FW", TcpState.FIN_WAIT),
            Map.entry("TW", TcpState.TIME_WAIT),
            Map.entry("CL", TcpState.CLOSE),
            Map.entry("CW", TcpState.CLOSE_WAIT),
            Map.entry("LA", TcpState.LAST_ACK),
            Map.entry("LI", TcpState.LISTEN),
            Map.entry("SA", TcpState.SYNACK));
    private static final String COLUMNS = "NO|ES|SS|SR|FW|TW|CL|CW|LA|LI|SA";

    @ParameterizedTest
    @CsvSource({
        "in SYN, SR | ES | ES | SR | SR | SR | SR | SR | SR | SR | SR",
        "in FIN, CL | CW | SS | TW | TW | TW | CL | CW | LA | LI | TW",
        "in ACK, CL | ES | SS | ES | FW | TW | CL | CW | CL | LI | ES",
        "in RST, CL | CL | CL | SR | CL | CL | CL | CL | LA | LI | SR",
        "out SYN, SS | ES | SS | SR | SS | SS | SS | SS | SS | LI | SR",
        "out FIN, TW | FW | SS | TW | FW | TW | CL | TW | LA | LI | TW",
        "out ACK, ES | ES | SS | ES | FW | TW | CL | CW | LA | ES | ES",
        "out RST, CL | CL | SS | CL | CL | TW | CL | CL | CL | CL | CL",
    })
    void followsTheTable(String packet, String row) {
        boolean outbound = packet.startsWith("out");
        int flag = flag(packet.substring(packet.indexOf(' ') + 1));
        String[] columns = COLUMNS.split("\\|", -1);
        String[] cells = row.split("\\|", -1);
        for (int i = 0; i < columns.length; i++) {
            assertThat(TcpState.of(TcpState.next(state(columns[i]).ordinal(), outbound, flag)))
                    .as("%s in %s", packet, columns[i])
                    .isEqualTo(state(cells[i].strip()));
        }
    }

    @Test
    void theStrongestFlagDecides() {
        int established = TcpState.ESTABLISHED.ordinal();
        assertThat(next(established, Tcp.RST | Tcp.SYN | Tcp.FIN | Tcp.ACK)).isEqualTo(TcpState.CLOSE);
        assertThat(next(established, Tcp.SYN | Tcp.FIN | Tcp.ACK)).isEqualTo(TcpState.ESTABLISHED);
        assertThat(next(established, Tcp.FIN | Tcp.ACK)).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(next(TcpState.NONE.ordinal(), Tcp.PSH | Tcp.URG)).isEqualTo(TcpState.NONE);
    }

    @Test
    void namesAreThoseOfTheListing() {
        assertThat(TcpState.values())
                .extracting(TcpState::listingName)
                .containsExactly(
                        "TCP_NONE",
                        "TCP_EST",
                        "SYN_SENT",
                        "SYN_RECV",
                        "FIN_WAIT",
                        "TIME_WAIT",
                        "TCP_CLOSE",
                        "CLOSE_WAIT",
                        "LAST_ACK",
                        "LISTEN",
                        "SYNACK");
        assertThat(UdpState.values())
                .extracting(UdpState::listingName)
                .containsExactly("UDP_NONE", "UDP_ONEWAY", "UDP_NORM", "UDP_LAST");
    }

    @Test
    void timeoutsAreThoseOfTheFacts() {
        int[] tcp = {2, 90, 3, 30, 7, 7, 3, 7, 7, 120, 30};
        for (TcpState state : TcpState.values()) {
            assertThat(Timeouts.DEFAULT.seconds(false, state.ordinal()))
                    .as(state.toString())
                    .isEqualTo(tcp[state.ordinal()]);
        }
        int[] udp = {3, 300, 300, 2};
        for (UdpState state : UdpState.values()) {
            assertThat(Timeouts.DEFAULT.seconds(true, state.ordinal()))
                    .as(state.toString())
                    .isEqualTo(udp[state.ordinal()]);
        }
    }

    private static TcpState next(int state, int flags) {
        return TcpState.of(TcpState.next(state, false, flags));
    }

    private static TcpState state(String abbreviation) {
        return Objects.requireNonNull(STATES.get(abbreviation), abbreviation);
    }

    private static int flag(String name) {
        return switch (name) {
            case "SYN" -> Tcp.SYN;
            case "FIN" -> Tcp.FIN;
            case "ACK" -> Tcp.ACK;
            default -> Tcp.RST;
        };
    }
}
