package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.CopyLedger;
import io.lepton.spark.exchange.Address;
import io.lepton.tf.Metric;
import io.lepton.tf.MetricSums;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;

class KryoTest {
  private final SerializerInstance kryo = kryo();

  @Test
  void whatAReplicaSendsArrives() {
    MetricSums sums = new MetricSums(Metric.means(List.of("mae", "mse")));
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
    copied.put(CopyLedger.Reason.MOVE, 12L);
    ReplicaUpdate.Outcome outcome =
        new ReplicaUpdate.Outcome(sums, true, 4, true, copied, 2, "3", 4, 0.5, 1, 1.5);

    Address delta = new Address("host", 7, "3", 5, "delta", List.of(4, 2));
    Address kept = new Address("host", 7, "3", 6, "kept", List.of(8));

    ReplicaUpdate moved = sent(new ReplicaUpdate(outcome, delta, 42, kept));
    ReplicaUpdate unmoved = sent(new ReplicaUpdate(outcome, null, 0, null));

    assertThat(moved.delta()).isEqualTo(delta);
    assertThat(moved.kept()).isEqualTo(kept);
    assertThat(moved.checksum()).isEqualTo(42);
    assertThat(moved.outcome().finite()).isTrue();
    assertThat(moved.outcome().copied()).isEqualTo(copied);
    assertThat(moved.outcome().executor()).isEqualTo("3");
    assertThat(moved.outcome().fetchSeconds()).isEqualTo(0.5);
    assertThat(moved.outcome().computeSeconds()).isEqualTo(1.5);
    assertThat(moved.outcome().sums().metrics()).containsExactly("mae", "mse");
    assertThat(unmoved.delta()).isNull();
  }

  @Test
  void aClassThatIsNotRegisteredIsRefused() {
    assertThatThrownBy(() -> sent(new PhaseClock()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Class is not registered: io.lepton.spark.PhaseClock");
  }

  private <T> T sent(T value) {
    ClassTag<T> type = ClassTag.apply(value.getClass());
    return kryo.deserialize(kryo.serialize(value, type), type);
  }

  private static SerializerInstance kryo() {
    SparkConf conf = new SparkConf(false);
    LeptonSpark.SETTINGS.forEach(conf::set);
    conf.set("spark.kryo.registrationRequired", "true");
    return new KryoSerializer(conf).newInstance();
  }
}
