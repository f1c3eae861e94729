package jdpvs.keepalived.program;

import static jdpvs.keepalived.program.Things.address;
import static jdpvs.keepalived.program.Things.key;
import static jdpvs.keepalived.program.Things.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WishesTest {
    private final Wishes wishes = new Wishes(() -> {});

    @Test
    void aBundleIsNotSeenBeforeItIsComplete() {
        wishes.together(() -> {
            wishes.services(Map.of(key(1), service("rr")));
            assertThat(wishes.now()).isEqualTo(Wanted.NOTHING);
            assertThat(wishes.isServicesTold()).isFalse();
            wishes.addresses(Set.of(address("10.1.0.1", "dpdk1")));
        });
        assertThat(wishes.takeBundled()).isTrue();
        assertThat(wishes.now().services()).hasSize(1);
        assertThat(wishes.now().addresses()).hasSize(1);
    }

    /** Whoever has heard that services were told must not be told that none are wanted: it would take them away. */
    @Test
    void whatWasToldIsThereAlsoWhenAnotherBundleHasBegun() {
        wishes.services(Map.of(key(1), service("rr")));
        wishes.addresses(Set.of(address("10.1.0.1", "dpdk1")));
        assertThat(wishes.isServicesTold()).isTrue();
        assertThat(wishes.isAddressesTold()).isTrue();
        wishes.together(() -> {
            assertThat(wishes.now().services()).hasSize(1);
            assertThat(wishes.now().addresses()).hasSize(1);
        });
    }
}
