package io.lepton.tf;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.PageLock;
import io.lepton.arrow.TensorLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the slots of a session hold: the window that is loaded and the one that is staged to follow
 * it, so at most two are lent. A window has a chunk or null for each slot. One thread at a time.
 */
final class SessionWindows implements AutoCloseable {
  private final TrainingProgram program;
  private final boolean locksPages;
  private final CopyLedger ledger;
  private final PreparedRun stage;
  private final PreparedRun load;
  private List<NumberedChunk> loaded = List.of();
  private Optional<List<NumberedChunk>> staged = Optional.empty();
  private long chunksLent;

  /**
   * Slots that must be unloaded before steps run.
   *
   * @param locksPages whether chunks are locked into RAM before they are lent
   */
  SessionWindows(
      NativeSession session, TrainingProgram program, boolean locksPages, CopyLedger ledger) {
    this.program = program;
    this.locksPages = locksPages;
    this.ledger = ledger;
    List<String> feeds = new ArrayList<>();
    for (TrainingProgram.Slot slot : program.slots()) {
      feeds.addAll(slot.columnFeeds());
      feeds.add(slot.firstExample());
    }
    List<String> stages = program.slots().stream().map(TrainingProgram.Slot::stageOp).toList();
    List<String> loads = program.slots().stream().map(TrainingProgram.Slot::loadOp).toList();
    this.stage = new PreparedRun(session, feeds, List.of(), stages);
    this.load = new PreparedRun(session, List.of(), List.of(), loads);
  }

  /**
   * Lends the chunks of a window, unless it is staged already.
   *
   * @param chunks for the slots from the first
   */
  void stage(List<NumberedChunk> chunks) {
    List<NumberedChunk> window = slots(chunks);
    if (!isStaged(window)) {
      lend(window);
    }
  }

  /** Makes a window the loaded one, unless it is that already. */
  void load(List<NumberedChunk> chunks) {
    List<NumberedChunk> window = slots(chunks);
    if (!window.equals(loaded)) {
      stage(window);
      takeStaged();
    }
  }

  /** Makes a chunk that of a slot, and leaves the others as they are. */
  void load(int slot, NumberedChunk chunk) {
    List<NumberedChunk> window = new ArrayList<>(loaded);
    window.set(slot, chunk);
    load(window);
  }

  boolean isStaged(List<NumberedChunk> chunks) {
    return staged.filter(slots(chunks)::equals).isPresent();
  }

  /** How many of some chunks are loaded or staged. */
  int held(Collection<MappedShard.Chunk> chunks) {
    return (int) chunks().filter(chunks::contains).count();
  }

  /** Chunks that were lent so far. */
  long chunksLent() {
    return chunksLent;
  }

  /** Gives all chunks back. */
  void unload() {
    lend(slots(List.of()));
    takeStaged();
  }

  /** Gives all chunks back if the shard of one is closed. */
  void unloadClosed() {
    if (chunks().anyMatch(MappedShard.Chunk::closed)) {
      unload();
    }
  }

  @Override
  public void close() {
    stage.close();
    load.close();
  }

  private Stream<MappedShard.Chunk> chunks() {
    return Stream.concat(loaded.stream(), staged.stream().flatMap(List::stream))
        .filter(Objects::nonNull)
        .map(NumberedChunk::chunk);
  }

  private List<NumberedChunk> slots(List<NumberedChunk> chunks) {
    int slots = program.slots().size();
    if (chunks.size() > slots) {
      throw new IllegalArgumentException(
          "a window must have at most %d chunks, one for each slot, but had: %d"
              .formatted(slots, chunks.size()));
    }
    List<NumberedChunk> window = new ArrayList<>(chunks);
    while (window.size() < slots) {
      window.add(null);
    }
    return window;
  }

  private void takeStaged() {
    load.run();
    loaded = staged.orElseThrow();
    staged = Optional.empty();
  }

  private void lend(List<NumberedChunk> window) {
    List<Runnable> returns = new ArrayList<>();
    try {
      int position = 0;
      for (NumberedChunk chunk : window) {
        for (int column = 0; column < program.columns().size(); column++) {
          TensorLease lease = lend(chunk, column);
          returns.add(lease::close);
          stage.feed(position++, lease.tensor());
        }
        LongScalar first = new LongScalar(chunk == null ? 0 : chunk.firstExample());
        returns.add(first::close);
        stage.feed(position++, first.tensor());
      }
      stage.run();
    } finally {
      returns.forEach(Runnable::run);
    }
    staged = Optional.of(window);
    chunksLent += window.stream().filter(Objects::nonNull).count();
  }

  private TensorLease lend(NumberedChunk chunk, int column) {
    if (chunk == null) {
      ColumnSpec spec = program.columns().get(column);
      return TensorLease.empty(spec.type(), spec.tensorShape(0));
    }
    if (locksPages) {
      chunk.chunk().lock(PageLock.cuda());
    }
    return chunk.chunk().lend(column, ledger);
  }
}
