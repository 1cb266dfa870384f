package io.lepton.spark.config;

import static java.util.stream.Collectors.groupingBy;

import io.lepton.spark.BatchGrowth;
import io.lepton.spark.Recovery;
import io.lepton.spark.StopRequest;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.CheckpointException;
import io.lepton.spark.checkpoint.CheckpointStore;
import io.lepton.spark.checkpoint.SettingChange;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the checkpoint that a training goes on from.
 *
 * @param acceptChanges whether it may go on although settings changed that may change
 * @param accepting how whoever trains says so, in a word
 * @param told gets what was found, line by line
 */
public record Resume(boolean acceptChanges, String accepting, Consumer<String> told) {
  private static final String CONFIGURATION = "configuration.conf";

  /** What becomes of a setting that changed. */
  private enum Change {
    /** Of no consequence for what is trained. */
    FREE,
    /** What follows is trained in another way, from where the training stands. */
    ACCEPTABLE,
    /** What was trained so far would not fit. */
    REFUSED
  }

  private static final Pattern FREE =
      Pattern.compile(
          "name|data\\.test|(output|checkpoints|cluster|shards|evaluation)\\..*"
              + "|averaging\\.fold-threads"
              + "|session\\.(page-locked|gpu-memory-growth|gpu-memory-fraction)");
  private static final String SCHEDULE = "training.learning-rate-schedule";
  private static final Pattern ACCEPTABLE =
      Pattern.compile(
          "data\\.(train|validation|format)"
              + "|training\\.(epochs|early-stopping\\.patience|learning-rate-schedule.*"
              + "|learning-rates.*|optimizer\\.[a-z]+\\.learning-rate)"
              + "|averaging\\.local-steps|session\\.(deterministic|xla)");

  /**
   * How a training of this configuration is to survive.
   *
   * @param documents that each checkpoint holds beside the configuration, by name
   * @throws CheckpointException if the newest checkpoint is of another configuration
   */
  public Recovery recovery(
      JobConfiguration job, StopRequest stop, Map<String, String> documents, Configuration hadoop)
      throws IOException {
    if (job.checkpoints().isEmpty()) {
      return Recovery.none(stop);
    }
    CheckpointStore store = CheckpointStore.open(job.checkpoints().get(), hadoop);
    CheckpointStore.Newest newest = store.newest();
    newest.damaged().forEach(told);
    newest.checkpoint().ifPresent(it -> check(it, job));
    told.accept(
        newest
            .checkpoint()
            .map(it -> "going on from %s in %s".formatted(it.name(), store.options().directory()))
            .orElse("no checkpoint in %s yet".formatted(store.options().directory())));
    Map<String, String> all = new HashMap<>(documents);
    all.put(CONFIGURATION, job.effective());
    return new Recovery(Optional.of(store), all, newest.checkpoint(), stop);
  }

  private void check(Checkpoint checkpoint, JobConfiguration job) {
    Map<String, String> before = SettingValues.of(checkpoint.document(CONFIGURATION));
    Map<Change, List<SettingChange>> changes =
        SettingChange.between(before, SettingValues.of(job.effective())).stream()
            .collect(groupingBy(change -> kind(change, job)));
    List<SettingChange> refused = changes.getOrDefault(Change.REFUSED, List.of());
    List<SettingChange> acceptable = changes.getOrDefault(Change.ACCEPTABLE, List.of());
    if (!refused.isEmpty() || (!acceptable.isEmpty() && !acceptChanges)) {
      throw new CheckpointException(refusal(checkpoint, refused, acceptable));
    }
    acceptable.forEach(change -> told.accept("changed since the checkpoint: " + change));
  }

  private String refusal(
      Checkpoint checkpoint, List<SettingChange> refused, List<SettingChange> acceptable) {
    StringBuilder text =
        new StringBuilder("%s is of another configuration:".formatted(checkpoint.name()));
    refused.forEach(change -> text.append("\n  ").append(change));
    acceptable.forEach(
        change -> text.append("\n  %s (%s goes on with it)".formatted(change, accepting)));
    return text.append(
            "\nset back what changed, or set another checkpoints.directory to start anew")
        .toString();
  }

  private static Change kind(SettingChange change, JobConfiguration job) {
    boolean sizesFollow =
        job.trainingOptions().growth().filter(BatchGrowth::followsPlateau).isPresent();
    if (sizesFollow && change.path().startsWith(SCHEDULE)) {
      return Change.REFUSED;
    }
    if (FREE.matcher(change.path()).matches()) {
      return Change.FREE;
    }
    return ACCEPTABLE.matcher(change.path()).matches() ? Change.ACCEPTABLE : Change.REFUSED;
  }
}
