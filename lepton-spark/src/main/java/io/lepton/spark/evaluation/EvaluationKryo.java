package io.lepton.spark.evaluation;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;

/** What evaluations send between processes. */
public final class EvaluationKryo {
  private EvaluationKryo() {}

  /** Registers it. */
  public static void register(Kryo kryo) {
    kryo.register(CurveSums.State.class, new JavaSerializer());
    kryo.register(CurvePart.class, new JavaSerializer());
    kryo.register(Curves.Known.class, new JavaSerializer());
  }
}
