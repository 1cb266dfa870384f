package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.ml.LeptonEstimator;
import io.lepton.spark.ml.LeptonModel;
import io.lepton.tf.bundle.Scorer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows a second of {@code LeptonModel.transform} on one core, for a convolutional network of 28×28
 * images and for a table of 28 columns: beside the program on one tensor in memory, and beside a
 * UDF that takes boxed rows one by one.
 */
public final class TransformRate {
  private static final int SIDE = 28;
  private static final int COLUMNS = 28;
  private static final int WARMUPS = 2;
  private static final int ROUNDS = 5;
  private static final int IMAGE_ROWS = 1 << 16;
  private static final int TABLE_ROWS = 1 << 22;
  private static final double SLOW_SHARE = 1 / 128.0;

  private static Scorer scorer;

  private final SparkSession spark;
  private final ResultTable table;

  private TransformRate(SparkSession spark, ResultTable table) {
    this.spark = spark;
    this.table = table;
  }

  /** Prints a table to standard output; arguments choose among {@code images table}. */
  public static void main(String[] arguments) throws IOException {
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    try (SparkSession spark =
        LeptonSpark.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      TransformRate rate = new TransformRate(spark, new ResultTable(System.out));
      List<String> wanted = List.of(arguments);
      if (wanted.isEmpty() || wanted.contains("images")) {
        rate.images();
      }
      if (wanted.isEmpty() || wanted.contains("table")) {
        rate.table();
      }
    }
  }

  private void images() throws IOException {
    StructType schema =
        new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.IntegerType);
    Dataset<Row> data =
        rows(
            IMAGE_ROWS,
            schema,
            random -> {
              byte[] image = new byte[SIDE * SIDE];
              random.nextBytes(image);
              return RowFactory.create(image, random.nextInt(10));
            });
    LeptonModel model =
        fit(
            """
            data.inputs.image { column = image, type = image, shape = [28, 28, 1] }
            data.label.classes = 10
            model.layers = [
              { rescaling { scale = 0.00392156862745098 } }
              { conv2d { filters = 32, kernel-size = 3, activation = relu } }
              { max-pooling2d { pool-size = 2 } }
              { conv2d { filters = 64, kernel-size = 3, activation = relu } }
              { max-pooling2d { pool-size = 2 } }
              { flatten {} }
              { dropout { rate = 0.25 } }
              { dense { units = 10 } }
            ]
            """,
            data);
    UDF1<byte[], Double> udf =
        image -> (double) scorer.score(Map.of("image", new byte[][] {image})).classes()[0];
    measure(
        "fashion-mnist network",
        model,
        data,
        IMAGE_ROWS,
        functions.udf(udf, DataTypes.DoubleType).apply(functions.col("image")));
  }

  private void table() throws IOException {
    StructType schema = new StructType();
    for (int i = 0; i < COLUMNS; i++) {
      schema = schema.add("f" + i, DataTypes.FloatType);
    }
    schema = schema.add("label", DataTypes.IntegerType);
    String path = Files.createTempDirectory("lepton-benchmarks") + "/table";
    Column[] columns =
        IntStream.range(0, COLUMNS)
            .mapToObj(i -> functions.randn(i).cast("float").as("f" + i))
            .toArray(Column[]::new);
    spark
        .range(0, TABLE_ROWS, 1, 1)
        .select(columns)
        .withColumn("label", functions.expr("if(f0 + f1 > 0, 1, 0)"))
        .write()
        .parquet(path);
    Dataset<Row> data = spark.read().schema(schema).parquet(path);
    UDF1<Row, Double> udf =
        row -> {
          float[] numbers = new float[COLUMNS];
          for (int i = 0; i < COLUMNS; i++) {
            numbers[i] = row.<Float>getAs(i);
          }
          return (double) scorer.score(new float[][] {numbers}).classes()[0];
        };
    UserDefinedFunction boxing = functions.udf(udf, DataTypes.DoubleType);
    Column all =
        functions.struct(
            IntStream.range(0, COLUMNS)
                .mapToObj(i -> functions.col("f" + i))
                .toArray(Column[]::new));
    for (List<Integer> units : List.of(List.of(300, 300, 300, 300), List.of(64, 32))) {
      String layers =
          units.stream()
              .map("{ dense { units = %d, activation = relu } }"::formatted)
              .collect(Collectors.joining(", "));
      LeptonModel model =
          fit(
              """
              data.inputs.x { columns = "f*" }
              data.label.classes = 2
              model.layers = [ %s, { dense { units = 1 } } ]
              """
                  .formatted(layers),
              data);
      int rows = units.size() > 2 ? TABLE_ROWS / 4 : TABLE_ROWS;
      measure("28 columns, layers " + units, model, data.limit(rows), rows, boxing.apply(all));
    }
  }

  private void measure(String what, LeptonModel model, Dataset<Row> data, int rows, Column boxing)
      throws IOException {
    Dataset<Row> cached = data.coalesce(1).cache();
    cached.count();
    Dataset<Row> few = cached.limit((int) (rows * SLOW_SHARE)).cache();
    long slow = few.count();
    scorer = Scorer.open(Path.of(model.bundle().directory().toString()));
    LeptonModel exact = model.copy(new ParamMap());
    exact.set(exact.deterministicScoring(), true);
    String program = what + ": program on a tensor";
    String transform = what + ": transform";
    String deterministic = what + ": transform, deterministic";
    String written = what + ": transform, all columns to nothing";
    String udf = what + ": UDF of boxed rows";
    try (BufferAllocator memory = AlignedMemory.root(Long.MAX_VALUE)) {
      List<ArrowBuf> tensor = tensor(rows, memory);
      Map<String, List<Double>> samples =
          new Alternation<Double>()
              .side(program, () -> rows / Stopwatch.seconds(() -> onTensor(tensor, rows)))
              .side(transform, () -> rate(model.transform(cached), rows))
              .side(deterministic, () -> rate(exact.transform(cached), rows))
              .side(udf, () -> rate(few.withColumn("prediction", boxing), slow))
              .side(written, () -> writing(model.transform(cached), rows))
              .measure(WARMUPS, ROUNDS);
      table.rows(samples, "rows/s");
      ratios(samples, transform, program);
      ratios(samples, deterministic, program);
      ratios(samples, transform, udf);
      tensor.forEach(ArrowBuf::close);
    } finally {
      scorer.close();
      few.unpersist(true);
      cached.unpersist(true);
    }
  }

  private void ratios(Map<String, List<Double>> samples, String side, String base) {
    table.row(
        "  " + side + " / " + base.replaceFirst(".*: ", ""),
        Samples.ratios(samples.get(side), samples.get(base)),
        "ratio");
  }

  private static double rate(Dataset<Row> scored, long rows) {
    return rows / Stopwatch.seconds(() -> scored.agg(functions.sum("prediction")).first());
  }

  private static double writing(Dataset<Row> scored, long rows) {
    return rows / Stopwatch.seconds(() -> scored.write().format("noop").mode("overwrite").save());
  }

  private static void onTensor(List<ArrowBuf> tensor, int rows) {
    scorer.score(tensor, rows, (first, count, outputs) -> {});
  }

  private static List<ArrowBuf> tensor(int rows, BufferAllocator memory) {
    Random random = new Random(7);
    List<ArrowBuf> columns = new ArrayList<>();
    for (ColumnSpec column : scorer.bundle().inputs()) {
      long bytes = (long) rows * column.bytesPerExample();
      ArrowBuf buffer = memory.buffer(AlignedMemory.roundUp(bytes));
      for (long at = 0; at + 4 <= bytes; at += 4) {
        buffer.setFloat(at, random.nextFloat());
      }
      columns.add(buffer);
    }
    return columns;
  }

  private LeptonModel fit(String settings, Dataset<Row> data) {
    return new LeptonEstimator()
        .setSettings(settings)
        .setEpochs(1)
        .setReplicas(1)
        .fit(data.limit(4096).coalesce(1));
  }

  private interface RowMaker {
    Row make(Random random);
  }

  private Dataset<Row> rows(int count, StructType schema, RowMaker maker) {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(maker.make(random));
    }
    return spark.createDataFrame(rows, schema).coalesce(1);
  }
}
