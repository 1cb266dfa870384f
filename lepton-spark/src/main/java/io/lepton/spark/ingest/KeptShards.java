package io.lepton.spark.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shards of one set that outlive the run that made them: {@code sets/KEY/} of a directory on
 * each machine, with a file {@code bucket-N.json} for each bucket that is there whole.
 *
 * <p>Files are links to those that a process made, so nothing is copied and nothing half-written is
 * ever seen. Any number of processes may use them at once; one that still maps what another evicts
 * keeps its bytes.
 *
 * @param directory shared by the processes of a machine
 * @param key of the set: equal keys mean equal shards
 * @param maxBytes of all sets on a machine, beyond which the ones used longest ago go
 */
record KeptShards(String directory, String key, long maxBytes) implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What lies in a bucket's file: its shards in order, and what the scan of the set saw. */
  record Bucket(List<String> files, long rows, long columnar, Map<String, MissingCount> missing) {}

  /** Whether a bucket is there, without looking at its shards. */
  boolean has(int bucket) {
    return Files.exists(manifest(bucket));
  }

  /**
   * Opens the shards of a bucket and compares all their bytes with their checksums.
   *
   * @return empty if they are not there
   * @throws IOException if they are damaged; they are removed then
   */
  Optional<List<Shard>> open(int bucket, ShardDirectory shards) throws IOException {
    if (!has(bucket)) {
      return Optional.empty();
    }
    List<Shard> opened = new ArrayList<>();
    try {
      Bucket manifest = JSON.readValue(manifest(bucket).toFile(), Bucket.class);
      for (String file : manifest.files()) {
        Shard shard = Shard.openKept(set().resolve(file), shards);
        opened.add(shard);
        shard.verify();
      }
      Files.setLastModifiedTime(set(), FileTime.from(Instant.now()));
      return Optional.of(opened);
    } catch (IOException e) {
      opened.forEach(Shard::close);
      Files.deleteIfExists(manifest(bucket));
      throw e;
    }
  }

  /** What the scan of the set saw, as a bucket that is there tells. */
  ScanReport report(int bucket) throws IOException {
    Bucket manifest = JSON.readValue(manifest(bucket).toFile(), Bucket.class);
    return new ScanReport(
        manifest.rows(), manifest.columnar(), 0, manifest.missing(), new Defects());
  }

  /** Keeps the shards of a bucket from now on, if the file system has links. */
  void keep(int bucket, List<Shard> shards, ScanReport report) throws IOException {
    Files.createDirectories(set());
    List<String> files = new ArrayList<>();
    for (Shard shard : shards) {
      String name = "bucket-%d-%d.arrow".formatted(bucket, files.size());
      link(shard.path(), set().resolve(name));
      files.add(name);
    }
    Path draft = Files.createTempFile(set(), "bucket", ".draft");
    JSON.writeValue(
        draft.toFile(), new Bucket(files, report.rows(), report.columnar(), report.missing()));
    Files.move(draft, manifest(bucket), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the sets used longest ago until the others, this one included, fit. */
  void evict() throws IOException {
    Path sets = set().getParent();
    if (!Files.isDirectory(sets)) {
      return;
    }
    List<Path> oldestFirst;
    try (Stream<Path> all = Files.list(sets)) {
      oldestFirst = all.sorted(Comparator.comparing(KeptShards::lastUsed)).toList();
    }
    long bytes = 0;
    for (int i = oldestFirst.size() - 1; i >= 0; i--) {
      bytes += size(oldestFirst.get(i));
      if (bytes > maxBytes && !oldestFirst.get(i).equals(set())) {
        remove(oldestFirst.get(i));
      }
    }
  }

  private Path set() {
    return Path.of(directory).resolve("sets").resolve(key);
  }

  private Path manifest(int bucket) {
    return set().resolve("bucket-%d.json".formatted(bucket));
  }

  private static void link(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (FileAlreadyExistsException e) {
      Path fresh = link.resolveSibling(file.getFileName());
      Files.createLink(fresh, file);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Instant lastUsed(Path set) {
    try {
      return Files.getLastModifiedTime(set).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  private static long size(Path set) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(set)) {
      for (Path file : files) {
        bytes += file.toFile().length();
      }
    }
    return bytes;
  }

  private static void remove(Path set) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(set)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(set);
  }
}
