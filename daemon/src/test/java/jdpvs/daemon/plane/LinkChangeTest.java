package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Views;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.port.Port;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.bond.BondMode;
import jdpvs.port.bond.BondOptions;
import jdpvs.port.bond.BondPort;
import jdpvs.port.bond.TransmitPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dpip link set} against two slaves and their bond. */
class LinkChangeTest {
    private final Port first = memory("dpdk0");
    private final Port second = memory("dpdk1");
    private final BondPort bond =
            new BondPort("bond0", BondOptions.of(BondMode.ACTIVE_BACKUP, 0), List.of(first, second));
    private final DeviceTable devices = new DeviceTable(
            List.of(entry(0, first, "bond0"), entry(1, second, "bond0"), entry(2, bond, null)), new LinkFlags(3));

    private static Port memory(String name) {
        try {
            return Ports.open(name, "memory", PortOptions.queues(1));
        } catch (PortException e) {
            throw new AssertionError(e);
        }
    }

    private static DeviceEntry entry(int id, Port port, @Nullable String bond) {
        return new DeviceEntry(id, port, 1500, List.of(), 15, 16, bond, 0);
    }

    @AfterEach
    void close() {
        bond.close();
        first.close();
        second.close();
    }

    private void set(String device, String item, String value) throws ControlException {
        LinkChange.of(devices, new Change.LinkSet(device, item, value)).work().run();
    }

    @Test
    void everyItemOfABond() throws ControlException {
        set("bond0", "bond-mode", "2");
        set("bond0", "bond-primary", "dpdk1");
        set("bond0", "bond-xmit-policy", "layer23");
        set("bond0", "bond-monitor-interval", "70");
        set("bond0", "bond-link-down-prop", "80");
        set("bond0", "bond-link-up-prop", "90");
        assertThat(bond.options())
                .isEqualTo(new BondOptions(BondMode.BALANCE_XOR, 1, TransmitPolicy.LAYER23, 70, 80, 90));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dpdk0 bond-mode 1 | NOT_SUPPORTED | link set bond-mode: device dpdk0 is no bond",
                "bond0 bond-mode 3 | NOT_SUPPORTED | bond-mode 3; possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "bond0 bond-mode 4 | NOT_SUPPORTED | bond-mode 4: the slaves of bond0 were opened without a queue for LACP; write 'mode 4' into dpvs.conf and start dpvs again",
                "bond0 bond-mode x | NOT_SUPPORTED | bond-mode x; possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "bond0 bond-primary dpdk2 | INVALID | bond-primary dpdk2 is no slave of bond0; its slaves are dpdk0, dpdk1",
                "bond0 bond-xmit-policy L3 | INVALID | bond-xmit-policy takes LAYER2, LAYER23 or LAYER34, not 'L3'",
                "bond0 bond-monitor-interval 0 | INVALID | bond-monitor-interval takes milliseconds from 1, not '0'",
                "bond0 bond-link-up-prop -1 | INVALID | bond-link-up-prop takes milliseconds from 0, not '-1'",
                "bond0 bond-link-down-prop soon | INVALID | bond-link-down-prop takes milliseconds from 0, not 'soon'",
                "bond0 bond-colour red | NOT_SUPPORTED | link set bond-colour on bond0",
                "bond0 allmulticast maybe | INVALID | link set allmulticast takes on or off, not 'maybe'",
                "dpdk1 link down | NOT_SUPPORTED | device dpdk1 is a slave of bond0, which may be set up or down",
                "dpdk7 promisc on | NOT_EXIST | device dpdk7; the devices are dpdk0, dpdk1, bond0",
            })
    void refusals(String words, ErrorCode code, String sentence) {
        BondOptions before = bond.options();
        String[] word = words.split(" ", -1);
        assertThatThrownBy(() -> set(word[0], word[1], word[2]))
                .isInstanceOfSatisfying(
                        ControlException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(sentence);
        assertThat(bond.options()).isEqualTo(before);
    }

    @Test
    void switchesAreListedAndBondsHaveTheirStatus() throws ControlException {
        bond.tick(1000);
        set("bond0", "allmulticast", "on");
        set("dpdk0", "promisc", "on");
        List<Views.Link> links = devices.views();
        assertThat(links.get(0).flags()).containsExactly("promisc");
        assertThat(links.get(2).flags()).containsExactly("allmulticast");
        assertThat(links.get(2).receiveQueues()).isEqualTo(15);
        assertThat(links.get(2).transmitQueues()).isEqualTo(16);
        assertThat(links.get(0).bond()).isNull();
        assertThat(links.get(2).bond())
                .isEqualTo(new Views.Bond(
                        1,
                        "LAYER34",
                        50,
                        0,
                        0,
                        0,
                        List.of(
                                slave("dpdk0", links.get(0).macAddress(), true),
                                slave("dpdk1", links.get(1).macAddress(), false))));
        set("bond0", "allmulticast", "off");
        assertThat(devices.views().get(2).flags()).isEmpty();
        assertThat(devices.ports()).containsExactly(bond);
    }

    private static Views.Slave slave(String name, String mac, boolean first) {
        return new Views.Slave(name, mac, true, first, first, first, 0, "");
    }
}
