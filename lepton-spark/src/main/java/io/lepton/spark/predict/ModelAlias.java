package io.lepton.spark.predict;

import io.lepton.spark.PlainFiles;
import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * A name for whichever model is in use: a small file that holds the path of a bundle, absolute or
 * from the file's directory, or a link to the bundle, or the bundle itself. Bundles that an alias
 * has named must stay in their places as they are.
 *
 * @param path of any Hadoop file system
 */
public record ModelAlias(String path) {
  private static final int MOST_BYTES = 4096;

  /**
   * The bundle that it names now.
   *
   * @throws SchemaException if there is no such alias, or it names nothing
   */
  public String bundle(Configuration hadoop) throws IOException {
    Path alias = new Path(path);
    FileSystem files = PlainFiles.of(alias, hadoop);
    if (!files.exists(alias)) {
      throw refusal("there is nothing at " + files.makeQualified(alias));
    }
    FileStatus status = files.getFileStatus(alias);
    if (status.isDirectory()) {
      return resolved(files, alias);
    }
    if (status.getLen() > MOST_BYTES) {
      throw refusal("%s has %d bytes".formatted(alias, status.getLen()));
    }
    String target;
    try (InputStream in = files.open(alias)) {
      target = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
    }
    if (target.isEmpty() || target.contains("\n")) {
      throw refusal("%s holds '%s'".formatted(alias, target.lines().findFirst().orElse("")));
    }
    Path bundle = new Path(files.makeQualified(alias).getParent(), new Path(target));
    if (!bundle.getFileSystem(hadoop).exists(bundle)) {
      throw refusal("%s names %s, where nothing is".formatted(alias, bundle));
    }
    return bundle.toString();
  }

  /** Has it name another bundle from now on; whoever reads it sees the one or the other. */
  public void move(String bundle, Configuration hadoop) throws IOException {
    Path alias = new Path(path);
    FileSystem files = PlainFiles.of(alias, hadoop);
    Path whole = files.makeQualified(alias);
    Path fresh = new Path(whole.getParent(), "." + whole.getName() + "." + UUID.randomUUID());
    try (OutputStream out = files.create(fresh)) {
      out.write((bundle + "\n").getBytes(StandardCharsets.UTF_8));
    }
    FileContext.getFileContext(whole.toUri(), hadoop).rename(fresh, whole, Rename.OVERWRITE);
  }

  private static String resolved(FileSystem files, Path directory) throws IOException {
    return files.getUri().getScheme().equals("file")
        ? java.nio.file.Path.of(files.makeQualified(directory).toUri().getPath())
            .toRealPath()
            .toString()
        : files.makeQualified(directory).toString();
  }

  private static SchemaException refusal(String found) {
    return new SchemaException(
        List.of(
            "the model must be a bundle that exists, or a file with the path of one, but %s; train it, or correct the path"
                .formatted(found)));
  }
}
