package jdpvs.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.linux.NetworkDevice;
import jdpvs.linux.lab.Lab;
import org.junit.jupiter.api.Test;

class InterfaceRemovalTest {
    @Test
    void anInterfaceGoesAndOneThatIsNotThereIsNoError() {
        try (Lab lab = new Lab()) {
            String here = lab.namespace("here");
            Lab.ip(here, "link add one type veth peer name peer1");
            Lab.ip(here, "link add two type veth peer name peer2");
            int index = index(here, "one");
            for (int i = 0; i < 2; i++) {
                remove(here, index);
                assertThat(isThere(here, "one")).isFalse();
            }
            assertThat(isThere(here, "two")).isTrue();
        }
    }

    private static int index(String namespace, String name) {
        return Lab.in(namespace, () -> {
            try (NetworkDevice device = NetworkDevice.find(name).orElseThrow()) {
                return device.index();
            }
        });
    }

    private static void remove(String namespace, int index) {
        boolean ignored = Lab.in(namespace, () -> {
            InterfaceRemoval.remove(index);
            return true;
        });
    }

    private static boolean isThere(String namespace, String name) {
        return Lab.in(namespace, () -> {
            var found = NetworkDevice.find(name);
            found.ifPresent(NetworkDevice::close);
            return found.isPresent();
        });
    }
}
