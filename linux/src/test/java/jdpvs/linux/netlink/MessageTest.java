package jdpvs.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final int[] IPV6 = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static List<Message> split(Messages messages) {
        return Message.split(ByteBuffer.wrap(messages.toBytes()));
    }

    @Test
    void addressesOfBothFamilies() {
        List<Message> messages = split(new Messages()
                .address(2, 24, 5)
                .peer(10, 0, 0, 1)
                .local(10, 0, 0, 1)
                .label("eth0")
                .address(10, 64, 6)
                .peer(IPV6)
                .done(0));
        assertThat(messages).hasSize(3);
        assertThat(InterfaceAddress.of(messages.get(0))).isEqualTo(new InterfaceAddress(5, 0, 0xffff_0a00_0001L, 24));
        assertThat(InterfaceAddress.of(messages.get(1)))
                .isEqualTo(new InterfaceAddress(6, 0xfe80_0000_0000_0000L, 1, 64));
        assertThat(messages.get(2).type()).isEqualTo(Message.DONE);
        assertThat(messages.get(2).errno()).isZero();
        assertThat(messages.get(2).sequence()).isEqualTo(7);
    }

    @Test
    void ofAPointToPointLinkOurEndCounts() {
        Message ours = split(new Messages().address(2, 32, 5).peer(10, 0, 0, 2).local(10, 0, 0, 1))
                .getFirst();
        assertThat(InterfaceAddress.of(ours)).isEqualTo(new InterfaceAddress(5, 0, 0xffff_0a00_0001L, 32));
    }

    @Test
    void otherFamiliesAreNoAddresses() {
        assertThat(InterfaceAddress.of(split(new Messages().address(12, 0, 5)).getFirst()))
                .isNull();
    }

    @Test
    void namesAndErrors() {
        assertThat(InterfaceName.of(
                        split(new Messages().link(5).name("dpdk0.kni")).getFirst()))
                .isEqualTo(new InterfaceName(5, "dpdk0.kni"));
        assertThat(split(new Messages().done(-105)).getFirst().errno()).isEqualTo(105);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        refused("an address of family 2", new Messages().address(2, 24, 5));
        refused("4 bytes", new Messages().address(10, 24, 5).local(1, 2, 3, 4));
        refused("prefix length 33", new Messages().address(2, 33, 5).local(1, 2, 3, 4));
        byte[] good = new Messages().address(2, 24, 5).local(1, 2, 3, 4).toBytes();
        assertThatThrownBy(() -> Message.split(ByteBuffer.wrap(Arrays.copyOf(good, good.length - 1))))
                .hasMessageContaining("a message of 32 bytes where 31 are left");
        assertThatThrownBy(() -> Message.split(ByteBuffer.allocate(15))).hasMessageContaining("where 15 are left");
        // Without end, if it were not seen.
        ByteBuffer.wrap(good).order(ByteOrder.nativeOrder()).putShort(24, (short) 0);
        assertThatThrownBy(() ->
                        InterfaceAddress.of(Message.split(ByteBuffer.wrap(good)).getFirst()))
                .hasMessageContaining("an attribute of 0 bytes where 8 are left");
        assertThatThrownBy(() -> InterfaceName.of(split(new Messages().done(0)).getFirst()))
                .hasMessageContaining("less than its 16");
    }

    private static void refused(String why, Messages messages) {
        assertThatThrownBy(() -> InterfaceAddress.of(split(messages).getFirst()))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining(why);
    }
}
