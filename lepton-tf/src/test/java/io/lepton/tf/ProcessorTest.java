package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void aProcessorComputesInBfloat16IfItHasAnInstructionForIt() {
    assertThat(bfloat16("flags\t\t: fpu avx512f avx512_bf16 sse")).isTrue();
    assertThat(bfloat16("flags\t\t: fpu amx_bf16")).isTrue();
    assertThat(bfloat16("Features\t: fp asimd bf16 i8mm")).isTrue();
  }

  @Test
  void widerRegistersAloneAreNotEnough() {
    assertThat(bfloat16("flags\t\t: fpu avx2 avx512f avx512_bf16x fpu")).isFalse();
    assertThat(bfloat16("model name\t: the avx512_bf16 one")).isFalse();
    assertThat(Processor.supports(Precision.MIXED_BFLOAT16, List.of())).isFalse();
  }

  @Test
  void everyProcessorComputesInFloat32() {
    assertThat(Processor.supports(Precision.FLOAT32, List.of())).isTrue();
    assertThat(Processor.supports(Precision.FLOAT32)).isTrue();
  }

  private static boolean bfloat16(String line) {
    return Processor.supports(Precision.MIXED_BFLOAT16, List.of("processor\t: 0", line));
  }
}
