package io.lepton.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A disk in memory, which a test must be allowed to mount; it is skipped if not. */
record SmallDisk(Path path) implements AutoCloseable {
  static SmallDisk mount(Path path, String size) throws IOException {
    Files.createDirectory(path);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()),
        "a test of a full disk must be allowed to mount a small one");
    return new SmallDisk(path);
  }

  void resize(String size) throws IOException {
    run("mount", "-o", "remount,size=" + size, path.toString());
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", path.toString());
  }

  private static boolean run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
