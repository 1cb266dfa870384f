package io.lepton.spark.checkpoint;

import io.lepton.arrow.FlatVector;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one job, each a directory. Only one driver may write at a time.
 *
 * <pre>
 * checkpoint-00000012/
 *   parameters.bin …   vectors: float32, little-endian, as they lie in memory
 *   state.json …       documents
 *   MANIFEST.json      size and SHA-256 of each other file; written last, deleted first
 * </pre>
 */
public final class CheckpointStore {
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{8,9})");
  private static final String VECTOR = ".bin";
  private static final int PIECE = 1 << 20;

  private final FileSystem files;
  private final Path directory;
  private final CheckpointOptions options;

  CheckpointStore(FileSystem files, CheckpointOptions options) {
    this.files = files;
    this.directory = new Path(options.directory());
    this.options = options;
  }

  /** The checkpoints in a directory, which need not exist yet. */
  public static CheckpointStore open(CheckpointOptions options, Configuration hadoop)
      throws IOException {
    FileSystem files = new Path(options.directory()).getFileSystem(hadoop);
    // The checked one does not pass hsync on, and its sums would double those of the manifest.
    return new CheckpointStore(
        files instanceof LocalFileSystem local ? local.getRawFileSystem() : files, options);
  }

  public CheckpointOptions options() {
    return options;
  }

  /**
   * The newest whole checkpoint.
   *
   * @param checkpoint empty if there is none
   * @param damaged what is wrong with each newer one
   */
  public record Newest(Optional<Checkpoint> checkpoint, List<String> damaged) {
    public Newest {
      damaged = List.copyOf(damaged);
    }
  }

  /**
   * Reads the newest whole checkpoint; those without a manifest count as not written.
   *
   * @throws CheckpointException if a newer one has a newer format
   * @throws IOException if the directory cannot be read, or no checkpoint of those that are there
   */
  public Newest newest() throws IOException {
    List<String> damaged = new ArrayList<>();
    IOException unreadable = null;
    for (int round : rounds().descendingSet()) {
      try {
        Optional<Checkpoint> checkpoint = read(round);
        if (checkpoint.isPresent()) {
          return new Newest(checkpoint, damaged);
        }
      } catch (DamagedException e) {
        damaged.add(at(round) + " is damaged: " + e.getMessage());
      } catch (IOException e) {
        damaged.add(at(round) + " cannot be read: " + e.getMessage());
        unreadable = e;
      }
    }
    if (unreadable != null) {
      throw unreadable;
    }
    return new Newest(Optional.empty(), damaged);
  }

  /**
   * Writes a checkpoint, then deletes those that need not stay, later rounds of an abandoned
   * training and torn ones among them.
   *
   * @return bytes written
   * @throws IOException if it could not be written; the ones before it are still there then
   */
  long write(Checkpoint checkpoint) throws IOException {
    delete(checkpoint.round());
    Path target = at(checkpoint.round());
    files.mkdirs(target);
    PartFiles parts = new PartFiles(files, PIECE);
    Map<String, Manifest.Part> written = new TreeMap<>();
    IdentityHashMap<FlatVector, String> names = new IdentityHashMap<>();
    Map<String, String> vectors = new TreeMap<>();
    for (Map.Entry<String, FlatVector> vector : checkpoint.vectors().entrySet()) {
      String name = names.putIfAbsent(vector.getValue(), vector.getKey() + VECTOR);
      if (name == null) {
        name = vector.getKey() + VECTOR;
        written.put(name, parts.write(new Path(target, name), vector.getValue()));
      }
      vectors.put(vector.getKey(), name);
    }
    for (var distant : checkpoint.distant().sources().entrySet()) {
      Optional<FlatVector> vector = distant.getValue().fetch();
      if (vector.isPresent()) {
        String name = distant.getKey() + VECTOR;
        written.put(name, parts.write(new Path(target, name), vector.get()));
        vectors.put(distant.getKey(), name);
      }
    }
    for (Map.Entry<String, String> document : checkpoint.documents().entrySet()) {
      Path path = new Path(target, document.getKey());
      written.put(document.getKey(), parts.write(path, bytes(document.getValue())));
    }
    Manifest manifest =
        new Manifest(Manifest.FORMAT, checkpoint.round(), checkpoint.score(), written, vectors);
    Manifest.Part last = parts.write(new Path(target, Manifest.FILE), bytes(manifest.toJson()));
    retain(checkpoint.round());
    return last.bytes() + written.values().stream().mapToLong(Manifest.Part::bytes).sum();
  }

  private Optional<Checkpoint> read(int round) throws IOException {
    Path source = at(round);
    Optional<Manifest> found = manifest(round);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest = found.get();
    PartFiles parts = new PartFiles(files, PIECE);
    for (Map.Entry<String, Manifest.Part> part : manifest.parts().entrySet()) {
      parts.checkSize(new Path(source, part.getKey()), part.getValue());
    }
    Map<String, FlatVector> byFile = new TreeMap<>();
    Map<String, String> documents = new LinkedHashMap<>();
    for (Map.Entry<String, Manifest.Part> part : manifest.parts().entrySet()) {
      Path path = new Path(source, part.getKey());
      if (part.getKey().startsWith(DistantVectors.PREFIX)) {
        parts.check(path, part.getValue());
      } else if (manifest.vectors().containsValue(part.getKey())) {
        byFile.put(part.getKey(), vector(path, part.getValue()));
      } else {
        ByteBuffer text = ByteBuffer.allocate(Math.toIntExact(part.getValue().bytes()));
        parts.read(path, part.getValue(), text);
        documents.put(part.getKey(), new String(text.array(), StandardCharsets.UTF_8));
      }
    }
    Map<String, FlatVector> vectors = new LinkedHashMap<>();
    Map<String, DistantVectors.Source> distant = new LinkedHashMap<>();
    manifest
        .vectors()
        .forEach(
            (name, file) -> {
              if (byFile.containsKey(file)) {
                vectors.put(name, byFile.get(file));
              } else {
                Path path = new Path(source, file);
                distant.put(name, () -> Optional.of(vector(path, manifest.parts().get(file))));
              }
            });
    return Optional.of(
        new Checkpoint(
            round,
            manifest.score(),
            documents,
            vectors,
            new DistantVectors(distant, DistantVectors.NONE.done())));
  }

  private FlatVector vector(Path path, Manifest.Part part) throws IOException {
    FlatVector vector = FlatVector.allocate(part.bytes() / Float.BYTES);
    new PartFiles(files, PIECE).read(path, part, vector);
    return vector;
  }

  /** Empty if there is none, or none yet. */
  private Optional<Manifest> manifest(int round) throws IOException {
    try (InputStream in = files.open(new Path(at(round), Manifest.FILE))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(Manifest.read(text, at(round).toString()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private void retain(int written) throws IOException {
    List<Manifest> whole = new ArrayList<>();
    Set<Integer> old = new HashSet<>();
    for (int round : rounds()) {
      try {
        Optional<Manifest> manifest = manifest(round).filter(it -> round <= written);
        manifest.ifPresentOrElse(whole::add, () -> old.add(round));
      } catch (DamagedException e) {
        old.add(round);
      }
    }
    old.addAll(Retention.surplus(whole, options));
    for (int round : old) {
      delete(round);
    }
  }

  private void delete(int round) throws IOException {
    files.delete(new Path(at(round), Manifest.FILE), false);
    files.delete(at(round), true);
  }

  private NavigableSet<Integer> rounds() throws IOException {
    NavigableSet<Integer> rounds = new TreeSet<>();
    FileStatus[] found;
    try {
      found = files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return rounds;
    }
    for (FileStatus status : found) {
      Matcher name = NAME.matcher(status.getPath().getName());
      if (name.matches()) {
        rounds.add(Integer.parseInt(name.group(1)));
      }
    }
    return rounds;
  }

  private Path at(int round) {
    return new Path(directory, Checkpoint.name(round));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
