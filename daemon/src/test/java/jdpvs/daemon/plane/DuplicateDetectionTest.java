package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import jdpvs.daemon.worker.Duplicate;
import jdpvs.stack.AddressState;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;

class DuplicateDetectionTest {
    private static final Address FREE = Address.parse("2001:db8::1");
    private static final Address TAKEN = Address.parse("2001:db8::2");

    private final Device device = new Device(0, "dpdk0", 0x0200_0000_0001L, 1500, false);
    private final DuplicateDetection detection = new DuplicateDetection();

    private NetworkConfiguration network() throws NetworkException {
        return NetworkConfiguration.of(List.of(device))
                .withAddress(InterfaceAddress.of(FREE, 64, device, false).tentative())
                .withAddress(InterfaceAddress.of(TAKEN, 64, device, false).tentative());
    }

    private static AddressState state(NetworkConfiguration network, Address address) {
        return Objects.requireNonNull(network.address(address)).state();
    }

    @Test
    void silenceForASecondMakesAnAddressOurs() throws NetworkException {
        NetworkConfiguration network = network();
        detection.follow(network, 5000);
        assertThat(detection.conclude(network, List.of(), 5999)).isSameAs(network);
        NetworkConfiguration after = detection.conclude(network, List.of(), 6000);
        assertThat(state(after, FREE)).isEqualTo(AddressState.ASSIGNED);
        assertThat(after.isLocal(FREE)).isTrue();
        assertThat(network.isLocal(FREE)).isFalse();
        detection.follow(after, 6000);
        assertThat(detection.conclude(after, List.of(), 9000)).isSameAs(after);
    }

    @Test
    void whoeverHasItKeepsIt() throws NetworkException {
        NetworkConfiguration network = network();
        detection.follow(network, 5000);
        Duplicate taken = new Duplicate(0, TAKEN, 0x0200_0000_0009L);
        NetworkConfiguration after = detection.conclude(network, List.of(taken, taken), 5500);
        assertThat(state(after, TAKEN)).isEqualTo(AddressState.DUPLICATE);
        assertThat(state(after, FREE)).isEqualTo(AddressState.TENTATIVE);
        detection.follow(after, 5500);
        NetworkConfiguration last = detection.conclude(after, List.of(taken), 6000);
        assertThat(state(last, TAKEN)).isEqualTo(AddressState.DUPLICATE);
        assertThat(last.isLocal(TAKEN)).isFalse();
        assertThat(last.isLocal(FREE)).isTrue();
    }

    @Test
    void anAddressThatCameBackIsAskedForAgain() throws NetworkException {
        NetworkConfiguration network = network();
        detection.follow(network, 5000);
        NetworkConfiguration without = network.withoutAddress(FREE, 0, device);
        detection.follow(without, 5500);
        NetworkConfiguration again =
                without.withAddress(InterfaceAddress.of(FREE, 64, device, false).tentative());
        detection.follow(again, 5600);
        assertThat(state(detection.conclude(again, List.of(), 6500), FREE)).isEqualTo(AddressState.TENTATIVE);
        assertThat(state(detection.conclude(again, List.of(), 6600), FREE)).isEqualTo(AddressState.ASSIGNED);
    }
}
