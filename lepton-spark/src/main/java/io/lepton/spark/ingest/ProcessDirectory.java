package io.lepton.spark.ingest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory of one process inside one that processes share. It holds a locked file as long as the
 * process lives and goes with it; what a process that was killed left behind is removed by the next
 * one that comes, because its file is locked no more.
 */
final class ProcessDirectory {
  private static final String PREFIX = "process-";
  private static final String LOCK = "lock";
  private static final Map<Path, ProcessDirectory> OPEN = new ConcurrentHashMap<>();

  private final Path path;
  private final FileChannel lock;

  private ProcessDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * This process's directory inside another.
   *
   * @throws ShardStorageException if there cannot be one
   */
  static Path in(Path shared) {
    return OPEN.compute(
            shared.toAbsolutePath().normalize(),
            (path, open) ->
                open != null && Files.isDirectory(open.path) ? open : ProcessDirectory.open(path))
        .path;
  }

  private static ProcessDirectory open(Path shared) {
    try {
      Files.createDirectories(shared);
      sweep(shared);
      Path path = Files.createDirectory(shared.resolve(PREFIX + UUID.randomUUID()));
      FileChannel lock =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      ProcessDirectory directory = new ProcessDirectory(path, lock);
      Runtime.getRuntime().addShutdownHook(new Thread(directory::remove));
      return directory;
    } catch (IOException e) {
      throw new ShardStorageException(shared, e);
    }
  }

  private static void sweep(Path shared) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(shared, PREFIX + "*")) {
      for (Path directory : directories) {
        if (isAbandoned(directory)) {
          delete(directory);
        }
      }
    }
  }

  private static boolean isAbandoned(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(LOCK))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void remove() {
    try {
      delete(path);
      lock.close();
    } catch (IOException e) {
      // The next process that comes removes it.
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
