package io.lepton.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a name node and three data nodes, two copies of each block of a mebibyte. */
@Tag("chaos")
class HdfsTest {
  private static final String DIRECTORY = "/jobs/small";

  @TempDir private Path directory;

  private MiniDFSCluster cluster;

  @BeforeEach
  void start() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setInt("dfs.replication", 2);
    hadoop.setLong("dfs.blocksize", 1 << 20);
    cluster = new MiniDFSCluster.Builder(hadoop, directory.toFile()).numDataNodes(3).build();
    cluster.waitActive();
  }

  @AfterEach
  void stop() {
    cluster.shutdown();
  }

  @Test
  void checkpointsAreWrittenKeptAndReadByTheirUri() throws IOException {
    String uri = cluster.getURI() + DIRECTORY;
    CheckpointStore store =
        CheckpointStore.open(Samples.options(uri, 1, 0), cluster.getConfiguration(0));

    store.write(Samples.checkpoint(1, 0));
    store.write(Samples.checkpoint(2, 0));

    assertIs(store.newest(), Samples.checkpoint(2, 0));
    assertThat(cluster.getFileSystem().listStatus(new org.apache.hadoop.fs.Path(DIRECTORY)))
        .hasSize(1);
  }

  @Test
  void aDataNodeThatIsLostWithinAFileCostsNothing() throws IOException {
    LosingADataNode files = new LosingADataNode(cluster);
    CheckpointStore store = new CheckpointStore(files, Samples.options(DIRECTORY, 2, 0));
    store.write(Samples.checkpoint(1, 0));
    files.armed = true;

    store.write(Samples.checkpoint(2, 0));

    assertThat(files.lost).hasSize(1);
    assertThat(cluster.getDataNodes()).hasSize(2);
    assertIs(store.newest(), Samples.checkpoint(2, 0));
  }

  private static void assertIs(CheckpointStore.Newest newest, Checkpoint expected) {
    assertThat(newest.damaged()).isEmpty();
    Checkpoint read = newest.checkpoint().orElseThrow();
    assertThat(read.round()).isEqualTo(expected.round());
    assertThat(read.documents()).isEqualTo(expected.documents());
    assertThat(read.vector("parameters", Samples.SIZE).bytes())
        .isEqualTo(expected.vector("parameters", Samples.SIZE).bytes());
  }

  /** Once armed, stops a data node that holds the block which is being written. */
  private static final class LosingADataNode extends FilterFileSystem {
    private final MiniDFSCluster cluster;
    private final List<String> lost = new ArrayList<>();
    private boolean armed;

    LosingADataNode(MiniDFSCluster cluster) throws IOException {
      super(cluster.getFileSystem());
      this.cluster = cluster;
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      return new FSDataOutputStream(
          new Watched(
              super.create(path, permission, overwrite, buffer, replication, block, progress),
              path),
          null);
    }

    private void loseOne(FSDataOutputStream out, org.apache.hadoop.fs.Path path)
        throws IOException {
      if (armed && path.getName().equals("parameters.bin") && lost.isEmpty()) {
        out.hflush();
        String node = fs.getFileBlockLocations(path, 0, 1)[0].getNames()[0];
        assertThat(cluster.stopDataNode(node)).isNotNull();
        lost.add(node);
      }
    }

    private final class Watched extends OutputStream implements Syncable, StreamCapabilities {
      private final FSDataOutputStream out;
      private final org.apache.hadoop.fs.Path path;

      Watched(FSDataOutputStream out, org.apache.hadoop.fs.Path path) {
        this.out = out;
        this.path = path;
      }

      @Override
      public void write(int value) throws IOException {
        out.write(value);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length / 2);
        loseOne(out, path);
        out.write(bytes, from + length / 2, length - length / 2);
      }

      @Override
      public void hflush() throws IOException {
        out.hflush();
      }

      @Override
      public void hsync() throws IOException {
        out.hsync();
      }

      @Override
      public boolean hasCapability(String capability) {
        return out.hasCapability(capability);
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    }
  }
}
