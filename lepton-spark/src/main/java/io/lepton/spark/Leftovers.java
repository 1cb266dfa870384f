package io.lepton.spark;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of {@linkplain WholeDirectory whole directories} whose writers were killed: the new
 * one, not all there, and the old one that was to be replaced.
 */
public final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final String INCOMING = "incoming";
  private static final String OUTGOING = "outgoing";
  private static final Pattern NAME =
      Pattern.compile("(.+)\\.(%s|%s)-(.+)-([0-9a-f-]{36})".formatted(INCOMING, OUTGOING));

  private final FileSystem files;
  private final Path home;
  private final Path place;
  private final Predicate<String> targets;

  private Leftovers(FileSystem files, Path home, Path place, Predicate<String> targets) {
    this.files = files;
    this.home = home;
    this.place = place;
    this.targets = targets;
  }

  /** Those of one directory that is written beside its place. */
  static Leftovers of(FileSystem files, Path target, Path place) {
    return new Leftovers(files, target.getParent(), place, target.getName()::equals);
  }

  /**
   * Those of all directories of a table.
   *
   * @param home the table
   * @param place directory of its file system where they are written
   */
  public static Leftovers of(Path home, Path place, Configuration hadoop) throws IOException {
    return new Leftovers(home.getFileSystem(hadoop), home, place, any -> true);
  }

  static String incoming(String target, UUID id) {
    return name(target, INCOMING, id);
  }

  static String outgoing(String target, UUID id) {
    return name(target, OUTGOING, id);
  }

  /**
   * Deletes new ones of processes that certainly have ended, and puts their old ones back if
   * nothing is in their place. The log names what was done, and others, for somebody to delete.
   */
  public void sweep() throws IOException {
    if (!files.exists(place)) {
      return;
    }
    for (FileStatus found : files.listStatus(place)) {
      Matcher name = NAME.matcher(found.getPath().getName());
      if (name.matches() && targets.test(name.group(1))) {
        Optional<ProcessMark> writer = ProcessMark.parse(name.group(3));
        if (writer.isPresent() && writer.get().hasEnded()) {
          end(found.getPath(), name.group(2), new Path(home, name.group(1)));
        } else {
          LOG.warn(
              "{} is of a process that may still run; delete it if none does", found.getPath());
        }
      }
    }
  }

  private void end(Path left, String kind, Path target) throws IOException {
    if (kind.equals(OUTGOING) && !files.exists(target)) {
      if (!files.rename(left, target)) {
        throw new IOException("could not move %s back to %s".formatted(left, target));
      }
      LOG.warn("{} is back in its place: the process that replaced it was killed", target);
    } else {
      files.delete(left, true);
      LOG.warn("{} was left by a process that was killed, and is deleted", left);
    }
  }

  private static String name(String target, String kind, UUID id) {
    return "%s.%s-%s-%s".formatted(target, kind, ProcessMark.own(), id);
  }
}
