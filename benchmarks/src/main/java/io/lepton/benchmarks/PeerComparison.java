package io.lepton.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lepton and what could be picked instead, in turns on the same files, each a process anew. */
@Command(name = "peers", mixinStandardHelpOptions = true)
public final class PeerComparison implements Callable<Integer> {
  private static final Path RESULTS = Peer.TARGET.resolve("results");

  @Parameters(description = "Works: ${COMPLETION-CANDIDATES}; all if none is named.")
  private Set<Work> works = new LinkedHashSet<>();

  @Option(names = "--peers", split = ",", description = "By name; all that are installed.")
  private List<String> names = Arrays.stream(Peer.values()).map(Peer::title).toList();

  @Option(names = "--rounds", description = "Of each side; ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--epochs", description = "Of each training; ${DEFAULT-VALUE}.")
  private int epochs = 3;

  @Option(names = "--cores", description = "That each side has; ${DEFAULT-VALUE}.")
  private int cores = 2;

  @Option(names = "--rows", description = "Of each training set, to try it; all by default.")
  private int rows;

  private PeerComparison() {}

  /**
   * Prints tables to standard output and writes them to {@code benchmarks/target/peers/results}.
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new PeerComparison())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Peer> peers = peers();
    Set<Work> chosen = works.isEmpty() ? EnumSet.allOf(Work.class) : works;
    Map<Work, Work.Data> data = data(chosen);
    Files.createDirectories(RESULTS);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("epochs", epochs);
    fields.put("cores", cores);
    StringBuilder markdown = new StringBuilder();
    for (Work work : data.keySet()) {
      Contest contest = new Contest(work, measure(work, data.get(work), peers));
      System.out.println(contest.markdown());
      markdown.append(contest.markdown()).append('\n');
      fields.put(work.name(), contest.fields());
      Files.writeString(RESULTS.resolve("peers.md"), markdown);
      Files.writeString(
          RESULTS.resolve("peers.json"),
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(fields));
      ContestPicture.write(contest, RESULTS);
    }
    System.out.println("written to " + RESULTS);
    return 0;
  }

  private List<Peer> peers() {
    List<String> known = Arrays.stream(Peer.values()).map(Peer::title).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "peers must be of %s, but there was: %s".formatted(known, name));
      }
    }
    for (Peer peer : Peer.values()) {
      System.err.printf(
          "%-20s %s%n", peer.title(), peer.installed() ? "is installed" : peer.installation());
    }
    return Arrays.stream(Peer.values())
        .filter(peer -> names.contains(peer.title()) && peer.installed())
        .toList();
  }

  private Map<Work, Work.Data> data(Set<Work> chosen) throws IOException {
    Map<Work, Work.Data> data = new LinkedHashMap<>();
    try (SparkSession spark =
        LeptonSpark.builder()
            .master("local[%d]".formatted(cores))
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()) {
      for (Work work : chosen) {
        data.put(work, work.data(rows, Peer.TARGET.resolve("data"), spark));
      }
    }
    return data;
  }

  /** All that could be measured in every round, sides of Lepton first. */
  private Map<String, List<Map<String, Double>>> measure(
      Work work, Work.Data data, List<Peer> peers) throws IOException {
    Files.createDirectories(Peer.LOGS);
    Alternation<Optional<Map<String, Double>>> alternation = new Alternation<>();
    for (Map.Entry<String, List<String>> side : work.sides(cores).entrySet()) {
      Path run = Peer.TARGET.resolve("runs").resolve(work + "-" + side.getKey());
      alternation.side(
          side.getKey(),
          each(
              work,
              side.getKey(),
              seed ->
                  process(
                      work,
                      side.getKey(),
                      work.command(data, seed, epochs, cores, side.getValue(), run),
                      Map.of())));
    }
    for (Peer peer : peers) {
      if (peer.trains(work)) {
        List<String> command = peer.command(work, data, epochs, cores);
        alternation.side(
            peer.title(),
            each(
                work,
                peer.title(),
                seed -> process(work, peer.title(), command, peer.variables(seed))));
      }
    }
    Map<String, List<Map<String, Double>>> samples = new LinkedHashMap<>();
    alternation
        .measure(0, rounds)
        .forEach(
            (side, measured) -> {
              if (measured.stream().allMatch(Optional::isPresent)) {
                samples.put(side, measured.stream().map(Optional::get).toList());
              }
            });
    return samples;
  }

  private TrainingProcess process(
      Work work, String side, List<String> command, Map<String, String> variables) {
    return new TrainingProcess(
        command, cores, variables, Peer.LOGS.resolve(work + "-" + side + ".log"));
  }

  /** Measures a process with the seeds 1, 2 and so on. */
  private static Supplier<Optional<Map<String, Double>>> each(
      Work work, String side, IntFunction<TrainingProcess> ofSeed) {
    AtomicInteger seeds = new AtomicInteger();
    AtomicBoolean out = new AtomicBoolean();
    return () -> {
      if (out.get()) {
        return Optional.empty();
      }
      int seed = seeds.incrementAndGet();
      try {
        Map<String, Double> numbers = ofSeed.apply(seed).measure();
        System.err.printf("%s %-20s seed %d %s%n", work, side, seed, numbers);
        return Optional.of(numbers);
      } catch (IllegalStateException e) {
        out.set(true);
        System.err.printf("%s %-20s is left out: %s%n", work, side, e.getMessage());
        return Optional.empty();
      }
    };
  }
}
