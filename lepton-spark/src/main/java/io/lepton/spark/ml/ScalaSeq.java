package io.lepton.spark.ml;

import java.util.ArrayList;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists as Spark's plans want them. */
final class ScalaSeq {
  private ScalaSeq() {}

  static <T> Seq<T> of(List<? extends T> list) {
    return CollectionConverters.<T>asScala(new ArrayList<T>(list)).toIndexedSeq();
  }

  static <T> List<T> list(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }

  static <T> Seq<T> concat(Seq<T> first, Seq<T> second) {
    List<T> all = new ArrayList<>(list(first));
    all.addAll(list(second));
    return of(all);
  }
}
