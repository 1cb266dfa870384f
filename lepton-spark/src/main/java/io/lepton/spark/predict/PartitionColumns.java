package io.lepton.spark.predict;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.jdk.javaapi.CollectionConverters;

/** How files are laid out in directories. */
final class PartitionColumns {
  private PartitionColumns() {}

  /** The columns that directories are named by, the outermost first. */
  static List<String> of(Dataset<Row> files) {
    return CollectionConverters.asJava(
            ((org.apache.spark.sql.classic.Dataset<Row>) files)
                .queryExecution()
                .analyzed()
                .collectLeaves())
        .stream()
        .filter(LogicalRelation.class::isInstance)
        .map(leaf -> ((LogicalRelation) leaf).relation())
        .filter(HadoopFsRelation.class::isInstance)
        .flatMap(it -> Stream.of(((HadoopFsRelation) it).partitionSchema().fieldNames()))
        .toList();
  }
}
