package io.lepton.spark.ml;

import java.util.Iterator;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Batches with scores behind their columns; each is valid until the next. */
final class ScoredBatches implements Iterator<ColumnarBatch> {
  private final Iterator<ColumnarBatch> source;
  private final BatchScoring scoring;

  ScoredBatches(Iterator<ColumnarBatch> source, BatchScoring scoring) {
    this.source = source;
    this.scoring = scoring;
  }

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public ColumnarBatch next() {
    ColumnarBatch batch = source.next();
    scoring.score(batch);
    ColumnVector[] scores = scoring.vectors();
    ColumnVector[] all = new ColumnVector[batch.numCols() + scores.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < batch.numCols() ? batch.column(i) : scores[i - batch.numCols()];
    }
    return new ColumnarBatch(all, batch.numRows());
  }
}
