package io.lepton.tf;

import com.sun.jna.NativeLibrary;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * What TensorFlow's native code writes to standard error: nothing below {@code
 * TF_CPP_MIN_LOG_LEVEL}, 0 for everything, or below errors where that is not set. By itself it
 * reads this variable for a part of its messages only.
 */
final class NativeLog {
  static final String LIBRARY = "libtensorflow_framework.so.2";

  private static final String SET_LEVEL =
      "_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE";
  private static final Logger LOG = LoggerFactory.getLogger(NativeLog.class);
  private static final int ERRORS = 2;

  private NativeLog() {}

  /** Sets the level; a library that has no such function goes on as it likes. */
  static void tame() {
    Loader.load(tensorflow.class);
    int level = level(System.getenv("TF_CPP_MIN_LOG_LEVEL"));
    try {
      NativeLibrary.getInstance(LIBRARY).getFunction(SET_LEVEL).invokeVoid(new Object[] {level});
    } catch (UnsatisfiedLinkError e) {
      LOG.debug("the level of TensorFlow's native log cannot be set", e);
    }
  }

  /** From 0, everything, to 3, what ends the process. */
  static int level(String variable) {
    return variable != null && variable.matches("[0-3]") ? Integer.parseInt(variable) : ERRORS;
  }
}
