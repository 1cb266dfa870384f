package io.lepton.jobs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every piece of Java in the documentation compiles, among the variables that its page speaks of.
 */
class DocumentedJavaTest {
  private static final Path HOME = Path.of("..");
  private static final Pattern FENCED =
      Pattern.compile("^```java\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final List<String> IMPORTED =
      List.of(
          "io.lepton.spark.ml.*",
          "java.nio.file.Path",
          "java.util.*",
          "org.apache.spark.ml.*",
          "org.apache.spark.ml.evaluation.*",
          "org.apache.spark.ml.param.*",
          "org.apache.spark.ml.tuning.*",
          "org.apache.spark.sql.*");
  private static final Map<String, List<String>> IMPORTED_BY_PAGE =
      Map.of(
          "pipelines.md", List.of("io.lepton.tf.bundle.*"),
          "evaluation.md", List.of("io.lepton.spark.evaluation.*"),
          "jobs.md",
              List.of(
                  "io.lepton.tf.model.*",
                  "io.lepton.tf.zoo.Architecture",
                  "io.lepton.tf.zoo.Feature"));
  private static final String VARIABLES =
      """
      static SparkSession spark;
      static Dataset<Row> training, data, scored;
      static LeptonClassifier classifier;
      static Pipeline pipeline;
      """;

  @TempDir private Path directory;

  /** A piece of Java, and where it stands. */
  record Snippet(String page, int number, String code) {
    boolean isClass() {
      return Pattern.compile("^public .*class ", Pattern.MULTILINE).matcher(code).find();
    }

    String source() {
      String imports =
          Stream.concat(IMPORTED.stream(), IMPORTED_BY_PAGE.getOrDefault(page, List.of()).stream())
              .map("import %s;\n"::formatted)
              .collect(joining());
      return isClass()
          ? imports + code.replaceFirst("(?m)^public ", "")
          : "%sclass Snippet {%n%svoid run() throws Exception {%n%s}}"
              .formatted(imports, VARIABLES, code);
    }

    @Override
    public String toString() {
      return page + ", " + number;
    }
  }

  static List<Snippet> snippets() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    try (Stream<Path> docs = Files.list(HOME.resolve("docs"))) {
      for (Path page :
          Stream.concat(Stream.of(HOME.resolve("README.md")), docs).sorted().toList()) {
        Matcher fenced = FENCED.matcher(Files.readString(page));
        for (int number = 1; fenced.find(); number++) {
          snippets.add(new Snippet(page.getFileName().toString(), number, fenced.group(1)));
        }
      }
    }
    return snippets;
  }

  @Test
  void thePagesForProgramsHaveSome() throws IOException {
    assertThat(snippets())
        .extracting(Snippet::page)
        .contains("pipelines.md", "evaluation.md", "jobs.md");
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void itCompiles(Snippet snippet) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return snippet.source();
          }
        };
    List<String> options =
        List.of(
            "-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));

    boolean compiles = compiler.getTask(said, null, null, options, null, List.of(source)).call();

    assertThat(compiles).as("%s%n%s", said, snippet.source()).isTrue();
  }
}
