package io.lepton.spark.ml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Rows with scores behind their columns; each is valid until the next. */
final class ScoredRows implements Iterator<InternalRow> {
  private final Iterator<InternalRow> source;
  private final UnsafeProjection projection;
  private final BatchScoring scoring;
  private final long mostBytes;
  private final List<InternalRow> waiting = new ArrayList<>();
  private final JoinedRow joined = new JoinedRow();
  private ColumnarBatch scores;
  private int at;

  ScoredRows(Iterator<InternalRow> source, DataType[] types, BatchScoring scoring, long mostBytes) {
    this.source = source;
    this.projection = UnsafeProjection.create(types);
    this.scoring = scoring;
    this.mostBytes = mostBytes;
  }

  @Override
  public boolean hasNext() {
    return at < waiting.size() || source.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (at == waiting.size()) {
      fill();
    }
    InternalRow row = projection.apply(joined.apply(waiting.get(at), scores.getRow(at)));
    at++;
    return row;
  }

  private void fill() {
    waiting.clear();
    at = 0;
    long bytes = 0;
    scoring.begin();
    while (source.hasNext() && scoring.hasRoom() && bytes < mostBytes) {
      InternalRow row = source.next();
      scoring.add(row);
      InternalRow copy = row.copy();
      bytes += copy instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
      waiting.add(copy);
    }
    scoring.scoreAdded();
    scores = new ColumnarBatch(scoring.vectors(), waiting.size());
  }
}
