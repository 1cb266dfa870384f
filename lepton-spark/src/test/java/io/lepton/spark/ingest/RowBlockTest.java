package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.LeptonSpark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.unsafe.Platform;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;

class RowBlockTest {
  private static final BlockLayout LAYOUT =
      new BlockLayout(
          List.of(
              new ColumnSpec("x", ElementType.UINT8, List.of(3)),
              new ColumnSpec("y", ElementType.FLOAT32, List.of())));

  private final SerializerInstance kryo = kryo();

  @Test
  void aFullBlockArrivesAsItIs() {
    RowBlock block = sent(block(4, 4));

    assertThat(block.rows()).isEqualTo(4);
    assertThat(block.report()).isNull();
    assertThat(block.bytes()).isEqualTo(expected(4));
  }

  @Test
  void aBlockWithRoomLeftIsSentWithoutIt() {
    RowBlock block = sent(block(100, 5));

    assertThat(block.rows()).isEqualTo(5);
    assertThat(block.bytes()).isEqualTo(expected(5));
  }

  @Test
  void aReportArrivesWithItsDefects() {
    Defects defects = new Defects();
    defects.add(new Defect("x", "values must not be null", 2, 3, 4, "null"));
    ScanReport report = new ScanReport(10, 7, 140, defects);

    ScanReport arrived = sent(RowBlock.of(report)).report();

    assertThat(arrived.rows()).isEqualTo(10);
    assertThat(arrived.columnar()).isEqualTo(7);
    assertThat(arrived.bytes()).isEqualTo(140);
    assertThat(arrived.defects().all())
        .containsExactly(new Defect("x", "values must not be null", 2, 3, 4, "null"));
  }

  @Test
  void keysSortByBucketThenPartitionThenSequence() {
    BlockKey key = new BlockKey(1, 2, 3);

    assertThat(key).isEqualByComparingTo(sent(key));
    assertThat(key).isLessThan(new BlockKey(2, 0, 0));
    assertThat(key).isLessThan(new BlockKey(1, 3, 0));
    assertThat(key).isLessThan(new BlockKey(1, 2, 4));
  }

  private static RowBlock block(int capacity, int rows) {
    BlockBuilder builder = new BlockBuilder(LAYOUT, capacity);
    for (int row = 0; row < rows; row++) {
      int position = builder.take();
      for (int i = 0; i < 3; i++) {
        Platform.putByte(builder.bytes(), builder.offset(0, position) + i, (byte) (10 * row + i));
      }
      Platform.putFloat(builder.bytes(), builder.offset(1, position), row / 2f);
    }
    return new RowBlock(builder);
  }

  private static byte[] expected(int rows) {
    ByteBuffer bytes = ByteBuffer.allocate(7 * rows).order(ByteOrder.nativeOrder());
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < 3; i++) {
        bytes.put((byte) (10 * row + i));
      }
    }
    for (int row = 0; row < rows; row++) {
      bytes.putFloat(row / 2f);
    }
    return bytes.array();
  }

  private <T> T sent(T value) {
    ClassTag<T> type = ClassTag.apply(value.getClass());
    return kryo.deserialize(kryo.serialize(value, type), type);
  }

  private static SerializerInstance kryo() {
    SparkConf conf = new SparkConf(false);
    LeptonSpark.SETTINGS.forEach(conf::set);
    return new KryoSerializer(conf).newInstance();
  }
}
