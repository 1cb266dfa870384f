package io.lepton.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.Adaptation;
import io.lepton.spark.EpochReport;
import io.lepton.spark.PrecisionReport;
import io.lepton.spark.RoundReport;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.averaging.Spike;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens in a training to {@code rounds.jsonl}, one JSON object a line, each on the
 * disk's way when the listener returns. A line that cannot be written is the last one that was
 * tried; the training goes on.
 */
final class RoundsFile implements TrainingListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoundsFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "rounds.jsonl";

  private final Path path;
  private final Writer out;
  private boolean failed;

  private RoundsFile(Path path, StandardOpenOption how) throws IOException {
    this.path = path;
    this.out = Files.newBufferedWriter(path, StandardOpenOption.CREATE, how);
  }

  /**
   * The file of a run.
   *
   * @param resumed the round that the run goes on from, after what the file already has; a run that
   *     starts at the beginning replaces it
   */
  static RoundsFile in(Path runDirectory, OptionalInt resumed) throws IOException {
    Path path = runDirectory.resolve(NAME);
    if (resumed.isEmpty()) {
      return new RoundsFile(path, StandardOpenOption.TRUNCATE_EXISTING);
    }
    RoundsFile file = new RoundsFile(path, StandardOpenOption.APPEND);
    Map<String, Object> line = event("resumed");
    line.put("round", resumed.getAsInt());
    file.write(line);
    return file;
  }

  @Override
  public void precision(PrecisionReport report) {
    Map<String, Object> line = event("precision");
    line.put("precision", report.precision().word());
    write(line);
  }

  @Override
  public void round(RoundReport report) {
    write(RoundLine.of(report));
    report
        .averages()
        .leftOut()
        .forEach(
            (replica, reason) -> {
              Map<String, Object> line = event("left_out");
              line.put("round", report.round());
              line.put("replica", replica);
              line.put("reason", reason);
              write(line);
            });
  }

  @Override
  public void rolledBack(Spike spike) {
    Map<String, Object> line = event("rollback");
    line.put("round", spike.round());
    line.put("loss", RoundLine.number(spike.loss()));
    line.put("average", RoundLine.number(spike.average()));
    line.put("to_start_of", spike.good());
    line.put("reason", spike.reason());
    write(line);
  }

  @Override
  public void adapted(Adaptation adaptation) {
    Map<String, Object> line = event("adapted");
    line.putAll(RunNotes.fields(adaptation));
    write(line);
  }

  @Override
  public void epoch(EpochReport report) {
    Map<String, Object> line = event("epoch");
    line.put("epoch", report.epoch());
    line.put("training_loss", RoundLine.number(report.trainingLoss()));
    line.put("loss", report.loss());
    line.put("metrics", report.metrics());
    line.put("examples", report.examples());
    line.put("seconds", report.seconds());
    line.put("best", report.best());
    write(line);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      fail(e);
    }
  }

  private static Map<String, Object> event(String name) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", name);
    return line;
  }

  private void write(Map<String, Object> line) {
    if (failed) {
      return;
    }
    try {
      out.write(JSON.writeValueAsString(line) + "\n");
      out.flush();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    if (!failed) {
      LOG.warn("{} ends here, as it could not be written", path, e);
    }
    failed = true;
  }
}
