package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveTest {
  @TempDir Path directory;

  @Test
  void everyValueIsFollowedByItsOrigin() {
    JobFile job = JobFile.minimalAnd(directory, "training.optimizer.sgd.momentum = 0.5");

    assertThat(job.relative(job.load("training.epochs=3").effective()))
        .isEqualTo(
            """
            name = "demo"  # job.conf: 1
            seed = 7  # default
            data {
              label {
                column = "y"  # job.conf: 5
                loss-weight = 1.0  # default
              }
              train = "train.parquet"  # job.conf: 2
              validation = "test.parquet"  # job.conf: 3
              inputs {
                x {
                  columns = ["a","b"]  # job.conf: 4
                  type = "numbers"  # default
                  missing = "fail"  # default
                  fill = 0.0  # default
                  log = false  # default
                  normalize = "none"  # default
                }
              }
            }
            model {
              layers = [
                {
                  dense {
                    units = 1  # job.conf: 6
                    activation = "linear"  # default
                    use-bias = true  # default
                  }
                }
              ]
            }
            training {
              loss = "auto"  # default
              epochs = 3  # --set
              batch-size = 64  # default
              precision = "auto"  # default
              optimizer {
                sgd {
                  learning-rate = 0.01  # default
                  momentum = 0.5  # job.conf: 9
                }
              }
            }
            averaging {
              replicas = "auto"  # default
              local-steps = 50  # default
              optimizer-state = "averaged"  # default
              codec = "float32"  # default
              error-feedback = true  # default
              down-codec = "float32"  # default
              fold-width = 16  # default
              fold-threads = "auto"  # default
              learning-rate-scale = "none"  # default
            }
            session {
              deterministic = false  # default
              xla = false  # default
              gpu-memory-growth = true  # default
              gpu-memory-fraction = 0.0  # default
              page-locked = "auto"  # default
            }
            cluster {
              executor-wait = "300000ms"  # default
              task-timeout = "7200000ms"  # default
            }
            shards {
              max-size = 21474836480  # default
            }
            output {
              model = "out"  # job.conf: 7
              overwrite = true  # default
              frozen = false  # default
            }
            """);
  }

  @Test
  void theEffectiveConfigurationReadsBackToTheSameSettings() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "data.inputs { x = null, \"a b\" { columns = [\"c \\\"1\\\"\", d] } }",
                "data.label.classes = 2",
                "training.early-stopping {}",
                "shards.directory = \"/a b\"")
            .load("training.optimizer.adam.epsilon=1e-9");

    JobConfiguration again = JobFile.of(directory, job.effective()).load();

    assertThat(again).usingRecursiveComparison().ignoringFields("effective").isEqualTo(job);
  }

  @Test
  void aSecretIsMasked() {
    Settings settings =
        Settings.root(
            ConfigFactory.parseString("access-key = AKIA, user = me, db-password = hunter2").root(),
            new Problems());
    settings.optional("access-key", Rule.text());
    settings.optional("user", Rule.text());
    settings.orDefault("db-password", "none", Rule.text());
    settings.orDefault("token", "default-token", Rule.text());

    assertThat(settings.effective())
        .isEqualTo(
            """
            access-key = "******"  # String: 1
            user = "me"  # String: 1
            db-password = "******"  # String: 1
            token = "******"  # default
            """);
  }
}
