package jdpvs.linux.bpf;

import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.GREATER;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AssemblerTest {
    /** Words as the kernel's instruction set standard has them: immediate, offset, registers, opcode. */
    static Stream<Arguments> encodings() {
        return Stream.of(
                Arguments.of(new Assembler().move(R6, R1), 0x0000_0000_0000_16bfL),
                Arguments.of(new Assembler().move(R0, -1), 0xffff_ffff_0000_00b7L),
                Arguments.of(new Assembler().add(R2, FP), 0x0000_0000_0000_a20fL),
                Arguments.of(new Assembler().add(R2, -4), 0xffff_fffc_0000_0207L),
                Arguments.of(new Assembler().compute32(R2, Operation.XOR, R1), 0x0000_0000_0000_12acL),
                Arguments.of(new Assembler().compute(R2, Operation.SHIFT_RIGHT, 32), 0x0000_0020_0000_0277L),
                Arguments.of(new Assembler().negate(R2), 0x0000_0000_0000_0287L),
                Arguments.of(new Assembler().swapNetworkOrder(R2, 16), 0x0000_0010_0000_02dcL),
                Arguments.of(new Assembler().load(Size.WORD, R2, R1, 16), 0x0000_0000_0010_1261L),
                Arguments.of(new Assembler().load(Size.HALF, R2, FP, -2), 0x0000_0000_fffe_a269L),
                Arguments.of(new Assembler().load(Size.BYTE, R2, R1, 0), 0x0000_0000_0000_1271L),
                Arguments.of(new Assembler().store(Size.LONG, FP, -8, R1), 0x0000_0000_fff8_1a7bL),
                Arguments.of(new Assembler().store(Size.WORD, FP, -4, 7), 0x0000_0007_fffc_0a62L),
                Arguments.of(new Assembler().atomicAdd(Size.LONG, R1, 8, R2), 0x0000_0000_0008_21dbL),
                Arguments.of(new Assembler().call(Helper.MAP_LOOKUP), 0x0000_0001_0000_0085L),
                Arguments.of(new Assembler().exit(), 0x0000_0000_0000_0095L));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void instructionsAreEncoded(Assembler assembler, long word) {
        Code code = assembler.assemble();
        assertThat(code.size()).isEqualTo(1);
        assertThat(code.instruction(0)).isEqualTo(word);
    }

    @Test
    void jumpsCountFromTheNextInstruction() {
        var forward = new Label("forward");
        var back = new Label("back");
        Code code = new Assembler()
                .bind(back)
                .jumpIf(R1, EQUAL, 5, forward)
                .jumpIf(R1, GREATER, R2, back)
                .jump(forward)
                .constant(R1, 0x1122_3344_5566_7788L)
                .bind(forward)
                .exit(0)
                .assemble();
        assertThat(code.instruction(0)).isEqualTo(0x0000_0005_0004_0115L);
        assertThat(code.instruction(1)).isEqualTo(0x0000_0000_fffe_212dL);
        assertThat(code.instruction(2)).isEqualTo(0x0000_0000_0002_0005L);
        assertThat(code.instruction(3)).isEqualTo(0x5566_7788_0000_0118L);
        assertThat(code.instruction(4)).isEqualTo(0x1122_3344_0000_0000L);
        assertThat(code.place(4)).isEqualTo("instruction 4 (back+4)");
        assertThat(code.place(6)).isEqualTo("instruction 6 (forward+1)");
    }

    @Test
    void mistakesAreRefused() {
        var label = new Label("nowhere");
        assertThatThrownBy(() -> new Assembler().jump(label).assemble()).hasMessageContaining("nowhere");
        assertThatThrownBy(() -> new Assembler().bind(label).bind(label)).hasMessageContaining("bound twice");
        assertThatThrownBy(() -> new Assembler().load(Size.WORD, R1, R2, 40_000))
                .hasMessageContaining("40000");
    }
}
