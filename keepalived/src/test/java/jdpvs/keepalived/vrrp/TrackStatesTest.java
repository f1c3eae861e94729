package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.SyncGroup;
import jdpvs.keepalived.configuration.TrackScript;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import jdpvs.keepalived.configuration.VrrpInstance.Track.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackStatesTest {
    private final TrackStates states = new TrackStates();
    private final InstanceBuilder builder = new InstanceBuilder();

    @ParameterizedTest
    @CsvSource({
        // kind, weight, reverse, value, priority of 100, fault
        "SCRIPT, 20, false, 1, 120, false",
        "SCRIPT, 20, false, 0, 100, false",
        "SCRIPT, -20, false, 1, 100, false",
        "SCRIPT, -20, false, 0, 80, false",
        "SCRIPT, -20, true, 1, 80, false",
        "SCRIPT, 0, false, 1, 100, false",
        "SCRIPT, 0, false, 0, 100, true",
        "SCRIPT, 0, true, 1, 100, true",
        "INTERFACE, 0, false, 0, 100, true",
        "PROCESS, 0, false, 0, 100, true",
        "SCRIPT, 253, false, 1, 254, false",
        "SCRIPT, -253, false, 0, 1, false",
        "FILE, 2, false, 5, 110, false",
        "FILE, 2, true, 5, 90, false",
        "FILE, 2, false, -60, 1, false",
        "FILE, 0, false, 0, 100, false",
        "FILE, 0, false, 3, 100, true",
    })
    void whatATrackDoes(Kind kind, int weight, boolean reverse, int value, int priority, boolean fault) {
        builder.track.add(new Track(kind, "t", weight, reverse));
        assertThat(states.effect(builder.build(), null).fault())
                .as("not known yet")
                .isNull();
        assertThat(states.set(kind, "t", value)).isTrue();
        assertThat(states.set(kind, "t", value)).isFalse();
        TrackStates.Effect effect = states.effect(builder.build(), null);
        assertThat(effect.priority()).isEqualTo(priority);
        assertThat(effect.fault() != null).isEqualTo(fault);
    }

    @Test
    void theOwnersPriorityStays() {
        builder.track.add(new Track(Kind.SCRIPT, "t", -20, false));
        builder.priority = 255;
        assertThat(states.set(Kind.SCRIPT, "t", 0)).isTrue();
        assertThat(states.effect(builder.build(), null).priority()).isEqualTo(255);
    }

    @Test
    void aGroupsTracksCountForItsMembersWhoseOwnWeightsDoNot() {
        builder.track.add(new Track(Kind.SCRIPT, "own", -20, false));
        builder.track.add(new Track(Kind.SCRIPT, "fatal", 0, false));
        List<Track> groups = List.of(new Track(Kind.SCRIPT, "groups", -7, false));
        SyncGroup group = new SyncGroup("G", List.of("VI_1"), groups, false, InstanceBuilder.NOBODY);
        SyncGroup counting = new SyncGroup("G", List.of("VI_1"), groups, true, InstanceBuilder.NOBODY);
        for (String script : List.of("own", "groups", "fatal")) {
            assertThat(states.set(Kind.SCRIPT, script, 0)).isTrue();
        }
        assertThat(states.effect(builder.build(), group).priority()).isEqualTo(93);
        assertThat(states.effect(builder.build(), counting).priority()).isEqualTo(73);
        assertThat(states.effect(builder.build(), group).fault()).contains("fatal");
    }

    @Test
    void riseAndFallAreInARow() {
        TrackScript script = new TrackScript(
                "s",
                new Script(List.of("true"), null, null),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                0,
                false,
                2,
                3,
                true);
        ScriptVerdict verdict = new ScriptVerdict(script);
        assertThat(verdict.isWell()).isFalse();
        assertThat(verdict.ended(true)).isFalse();
        assertThat(verdict.ended(false)).isFalse();
        assertThat(verdict.ended(true)).isFalse();
        assertThat(verdict.ended(true)).isTrue();
        assertThat(verdict.isWell()).isTrue();
        assertThat(verdict.ended(false)).isFalse();
        assertThat(verdict.ended(false)).isFalse();
        assertThat(verdict.ended(false)).isTrue();
        assertThat(verdict.isWell()).isFalse();
    }
}
