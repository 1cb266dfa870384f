package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.Fitter;
import io.lepton.spark.ingest.Ingest;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.WeightValue;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Takes steps with one replica at rates that rise from one to another, each by the same factor
 * (arXiv 1506.01186). The ramp ends early where the loss runs away.
 *
 * @param from first rate
 * @param to last rate, larger
 * @param steps at least 2
 */
public record RateFinder(double from, double to, int steps) {
  private static final String SOURCE = "the training set";
  private static final double RUNAWAY = 4;

  public RateFinder {
    if (!(from > 0 && to > from) || Double.isInfinite(to)) {
      throw new IllegalArgumentException(
          "rates must rise from a positive one, but were: %s to %s".formatted(from, to));
    }
    if (steps < 2) {
      throw new IllegalArgumentException("steps must be at least 2, but were: " + steps);
    }
  }

  /**
   * Ingests the data and tries the rates. The session must have {@link LeptonSpark#SETTINGS}.
   *
   * @throws DataException if rows break rules or there are none
   * @throws DivergenceException if the loss is no finite number in the first step
   */
  public RateCurve find(TrainingJob job, Dataset<Row> training) {
    DataBinding unfitted = DataBinding.bind(job.data(), training.schema());
    DataBinding binding = unfitted.fitted(Fitter.whole(SOURCE, training, unfitted));
    ModelSpec model = Trainer.model(job, binding);
    ModelCompiler.check(model);
    Map<String, WeightValue> values = job.start().values(model);
    TrainingOptions options = ramp(job.options());
    try (Ingest ingest =
        Ingest.whole(SOURCE, training, binding, options.seed(), 1, options.shards())) {
      if (ingest.training().rows() == 0) {
        throw new DataException(SOURCE + " must have rows, but has none");
      }
      CompiledModel compiled =
          ModelCompiler.compile(model, options.seed(), Trainer.slots(ingest.training()), values);
      FlatVector initial = compiled.initialParameters();
      initial.hold();
      try (RoundLoop loop =
          new RoundLoop(
              JavaSparkContext.fromSparkContext(training.sparkSession().sparkContext()),
              options,
              compiled.program(),
              initial,
              from,
              ingest.training(),
              new PhaseClock(),
              TrainingListener.NONE)) {
        return climb(loop);
      }
    }
  }

  private RateCurve climb(RoundLoop loop) {
    List<RateCurve.Point> points = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step < steps; step++) {
      double loss;
      try {
        loss = loop.step().loss();
      } catch (DivergenceException e) {
        if (points.isEmpty()) {
          throw e;
        }
        break;
      }
      points.add(new RateCurve.Point(from * Math.pow(factor(), step), loss));
      least = Math.min(least, loss);
      if (loss > RUNAWAY * least && step > steps / 2) {
        break;
      }
    }
    return new RateCurve(points);
  }

  private double factor() {
    return Math.pow(to / from, 1.0 / (steps - 1));
  }

  /** One step a round; as many epochs as would be enough if an epoch were a step. */
  private TrainingOptions ramp(TrainingOptions options) {
    return new TrainingOptions(
        options.seed(),
        steps,
        options.batchSize(),
        Averaging.plain(1, 1),
        null,
        options.shards(),
        new Schedule.Exponential(factor(), new Span(1, Span.Unit.STEPS)),
        Optional.empty(),
        options.precision(),
        options.float32Layers(),
        options.compute());
  }
}
