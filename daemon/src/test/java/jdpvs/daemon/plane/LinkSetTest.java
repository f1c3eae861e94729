package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Views;
import org.junit.jupiter.api.Test;

/** {@code dpip link set} of ports as transactions. */
class LinkSetTest extends ControlPlaneFixture {
    LinkSetTest() {
        super(false);
    }

    @Test
    void linksAreSetAndListed() throws ControlException {
        apply(new Change.LinkSet("dpdk2", "promisc", "on"), new Change.LinkSet("dpdk2", "link", "down"));
        assertThat(wan.promiscuous).isTrue();
        assertThat(links.isUp(1)).isFalse();
        Views.Link link = plane.links().get(1);
        assertThat(link.id()).isEqualTo(2);
        assertThat(link.name()).isEqualTo("dpdk2");
        assertThat(link.up()).isFalse();
        assertThat(link.flags()).containsExactly("promisc");
        assertThat(link.macAddress()).isEqualTo("02:00:00:00:02:01");
        assertThat(refusal(new Change.LinkSet("dpdk2", "lldp", "on")).code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(refusal(new Change.LinkSet("dpdk2", "promisc", "maybe")).code())
                .isEqualTo(ErrorCode.INVALID);
        assertThat(refusal(new Change.LinkSet("dpdk9", "promisc", "on")).code()).isEqualTo(ErrorCode.NOT_EXIST);
    }

    @Test
    void aRefusedTransactionSetsNoLink() {
        refusal(new Change.LinkSet("dpdk2", "promisc", "on"), new Change.ServiceDelete(WEB));
        assertThat(wan.promiscuous).isFalse();
    }

    @Test
    void forward2kniNeedsAKernelInterface() {
        assertThat(refusal(new Change.LinkSet("dpdk2", "forward2kni", "on")))
                .hasMessageContainingAll("dpdk2", "kni_name");
    }
}
