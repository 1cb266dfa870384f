package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;

class NativeLogTest {
  private static final String GET_LEVEL = "_ZN4absl12lts_2023080211MinLogLevelEv";

  @Test
  void aSessionTellsTheNativeLogWhatTheEnvironmentSays() {
    int level = Integer.parseInt(System.getenv("TF_CPP_MIN_LOG_LEVEL"));
    try (ProgramSession session =
        new ProgramSession(LinearModel.SGD, SessionOptions.SINGLE_THREAD)) {
      assertThat(session.program()).isSameAs(LinearModel.SGD);
    }
    int set =
        NativeLibrary.getInstance(NativeLog.LIBRARY)
            .getFunction(GET_LEVEL)
            .invokeInt(new Object[0]);
    assertThat(set).isEqualTo(level);
  }

  @Test
  void whatIsNotSetOrNoLevelMeansErrorsOnly() {
    assertThat(NativeLog.level(null)).isEqualTo(2);
    assertThat(NativeLog.level("verbose")).isEqualTo(2);
    assertThat(NativeLog.level("0")).isZero();
    assertThat(NativeLog.level("3")).isEqualTo(3);
  }
}
