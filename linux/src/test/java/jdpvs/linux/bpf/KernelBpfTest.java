package jdpvs.linux.bpf;

import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jdpvs.linux.Errno;
import jdpvs.linux.Machine;
import jdpvs.linux.SystemCallException;
import org.junit.jupiter.api.Test;

/** Against the running kernel. */
class KernelBpfTest {
    @Test
    void aMapKeepsWhatItIsGiven() {
        try (var map = BpfMap.create(BpfMap.Type.HASH, "test", Codec.INT_NET, Codec.LONG, 3, BpfMap.NO_PREALLOC)) {
            assertThat(map.get(1)).isEmpty();
            assertThat(map.keys()).isEmpty();
            map.put(0x0a000001, 7L);
            map.put(0x0a000002, -8L);
            map.put(0x0a000001, 9L);
            assertThat(map.get(0x0a000001)).contains(9L);
            assertThat(map.keys()).containsExactlyInAnyOrder(0x0a000001, 0x0a000002);
            map.put(3, 3L);
            assertThatThrownBy(() -> map.put(4, 4L))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG));
            assertThat(map.remove(3)).isTrue();
            assertThat(map.remove(3)).isFalse();
            assertThat(map.keys()).hasSize(2);
        }
    }

    @Test
    void aProgramWithAMapLoads() {
        var miss = new Label("miss");
        try (var map = BpfMap.create(BpfMap.Type.HASH, "a name, long", Codec.INT, Codec.INT, 1, 0);
                var program = Program.load(
                        Program.Type.SOCKET_FILTER,
                        "test",
                        new Assembler()
                                .store(Size.WORD, FP, -4, 1)
                                .map(R1, map)
                                .move(R2, FP)
                                .add(R2, -4)
                                .call(Helper.MAP_LOOKUP)
                                .jumpIf(R0, Condition.EQUAL, 0, miss)
                                .load(Size.WORD, R0, R0, 0)
                                .bind(miss)
                                .exit()
                                .assemble(),
                        null)) {
            assertThat(program.descriptor()).isPositive();
        }
    }

    @Test
    void aRefusedProgramShowsWhereAndWhy() {
        var code = new Assembler()
                .bind(new Label("start"))
                .move(R1, 0)
                .load(Size.WORD, R0, R1, 0)
                .exit()
                .assemble();
        assertThatThrownBy(() -> Program.load(Program.Type.SOCKET_FILTER, "broken", code, null))
                .isInstanceOf(VerifierException.class)
                .hasMessageContaining("program broken at instruction 1 (start+1)")
                .hasMessageContaining("invalid mem access");
    }

    @Test
    void nothingIsAttachedToTheLoopback() {
        assertThat(Link.countAttached(1, AttachType.TCX_INGRESS)).isZero();
    }

    @Test
    void aLongestPrefixMapFindsTheNarrowestAndAnArrayHasAValueForEachCpu() {
        try (var counters = BpfMap.create(BpfMap.Type.PERCPU_ARRAY, "counters", Codec.INT, Codec.LONG, 2, 0)) {
            assertThat(counters.valuesOfCpus(1)).hasSize(Machine.possibleCpus()).containsOnly(0L);
            assertThat(counters.valuesOfCpus(2)).isEmpty();
        }
        // Prefix length in machine order, then four bytes of network order.
        try (var prefixes =
                BpfMap.create(BpfMap.Type.LPM_TRIE, "prefixes", Codec.bytes(8), Codec.INT, 4, BpfMap.NO_PREALLOC)) {
            prefixes.put(prefix(8, 10, 0, 0, 0), 1);
            prefixes.put(prefix(24, 10, 1, 1, 0), 2);
            assertThat(prefixes.get(prefix(32, 10, 1, 1, 7))).contains(2);
            assertThat(prefixes.get(prefix(32, 10, 1, 2, 7))).contains(1);
            assertThat(prefixes.get(prefix(32, 11, 1, 2, 7))).isEmpty();
        }
    }

    private static byte[] prefix(int length, int... address) {
        byte[] key = new byte[8];
        java.nio.ByteBuffer.wrap(key).order(java.nio.ByteOrder.nativeOrder()).putInt(0, length);
        for (int i = 0; i < 4; i++) {
            key[4 + i] = (byte) address[i];
        }
        return key;
    }
}
