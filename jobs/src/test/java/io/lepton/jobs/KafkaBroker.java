package io.lepton.jobs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker of Kafka on the loopback, a process of its own that has its data below a directory. */
final class KafkaBroker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> MEMORY = List.of("-Xmx512m");

  private final JavaProcess process;
  private final String servers;

  private KafkaBroker(JavaProcess process, String servers) {
    this.process = process;
    this.servers = servers;
  }

  static KafkaBroker start(Path directory) throws Exception {
    int port = freePort();
    String settings =
        Files.writeString(
                directory.resolve("server.properties"),
                """
                process.roles=broker,controller
                node.id=1
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@127.0.0.1:%2$d
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                auto.create.topics.enable=false
                """
                    .formatted(port, freePort(), directory.resolve("log")))
            .toString();
    List<String> format = List.of("format", "-t", Uuid.randomUuid().toString(), "-c", settings);
    try (JavaProcess storage =
        JavaProcess.start(
            MEMORY, kafka.tools.StorageTool.class, format, directory.resolve("format.txt"))) {
      if (storage.ends(PATIENCE) != 0) {
        throw new AssertionError(storage.err());
      }
    }
    return new KafkaBroker(
        JavaProcess.start(
            MEMORY, kafka.Kafka.class, List.of(settings), directory.resolve("kafka.txt")),
        "127.0.0.1:" + port);
  }

  /** Host and port. */
  String servers() {
    return servers;
  }

  /** Makes a topic, as soon as the broker answers. */
  void create(String topic, int partitions) throws Exception {
    Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    try (Admin admin = Admin.create(settings)) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Sends records, each a key and a value, which may be null; they are there when this returns. */
  void send(String topic, List<Map.Entry<String, String>> records) throws Exception {
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ProducerConfig.ACKS_CONFIG, "all");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Map.Entry<String, String> record : records) {
        sent.add(producer.send(new ProducerRecord<>(topic, record.getKey(), record.getValue())));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  @Override
  public void close() {
    process.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
