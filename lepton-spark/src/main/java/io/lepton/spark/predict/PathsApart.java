package io.lepton.spark.predict;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** That what is read and what is written are not one inside the other. */
final class PathsApart {
  private PathsApart() {}

  /** A problem for each two of data, output and quarantine that do not lie apart. */
  static List<String> problems(List<String> paths, Configuration hadoop) throws IOException {
    List<String> problems = new ArrayList<>();
    for (int i = 1; i < paths.size(); i++) {
      for (int other = 0; other < i; other++) {
        if (overlap(paths.get(i), paths.get(other), hadoop)) {
          problems.add(
              "data, output and quarantine must lie apart, but %s and %s do not; choose another path"
                  .formatted(paths.get(other), paths.get(i)));
        }
      }
    }
    return problems;
  }

  private static boolean overlap(String one, String other, Configuration hadoop)
      throws IOException {
    String first = whole(one, hadoop);
    String second = whole(other, hadoop);
    return first.startsWith(second) || second.startsWith(first);
  }

  private static String whole(String path, Configuration hadoop) throws IOException {
    Path it = new Path(path);
    return it.getFileSystem(hadoop).makeQualified(it) + "/";
  }
}
