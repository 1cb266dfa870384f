package io.lepton.spark;

import io.lepton.arrow.MappedShard;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.TrainingProgram;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Idle sessions of this process, by program: a task borrows one, so that a session is made once for
 * each slot and not once for each task. An idle session keeps the chunks it was lent, for the next
 * task on the same shards, until these are closed. Any thread.
 */
final class SessionPool {
  private static final SessionPool SHARED = new SessionPool();

  private final Map<Key, ArrayDeque<ProgramSession>> idle = new HashMap<>();
  private final AtomicInteger made = new AtomicInteger();

  private record Key(String program, SessionOptions options) {}

  private SessionPool() {}

  /** The pool of this process. */
  static SessionPool shared() {
    return SHARED;
  }

  /** A session lent to one task. Closing gives it back; a task that fails discards it instead. */
  final class Loan implements AutoCloseable {
    private final Key key;
    private final ProgramSession session;
    private boolean done;

    private Loan(Key key, ProgramSession session) {
      this.key = key;
      this.session = session;
    }

    ProgramSession session() {
      return session;
    }

    /** The session's state can be relied on: others may have it. */
    void done() {
      done = true;
    }

    @Override
    public void close() {
      if (done) {
        giveBack(key, session);
      } else {
        session.close();
      }
    }
  }

  /**
   * Borrows the session that holds most of some chunks, or makes one.
   *
   * @param fingerprint of the program
   * @param chunks what the task will load
   */
  Loan borrow(
      TrainingProgram program,
      String fingerprint,
      SessionOptions options,
      Collection<MappedShard.Chunk> chunks) {
    Key key = new Key(fingerprint, options);
    ProgramSession session = take(key, Set.copyOf(chunks));
    return new Loan(key, session == null ? make(program, options) : session);
  }

  /** Sessions it has ever made, each of which loads a program. */
  int made() {
    return made.get();
  }

  /** Closes the idle sessions of a program. */
  void evict(String fingerprint) {
    ArrayDeque<ProgramSession> closing = new ArrayDeque<>();
    synchronized (this) {
      idle.entrySet()
          .removeIf(
              entry ->
                  entry.getKey().program().equals(fingerprint) && closing.addAll(entry.getValue()));
    }
    closing.forEach(ProgramSession::close);
  }

  /** Has idle sessions give the chunks back whose shards are closed. */
  synchronized void unloadClosed() {
    idle.values().forEach(sessions -> sessions.forEach(ProgramSession::unloadClosed));
  }

  private ProgramSession make(TrainingProgram program, SessionOptions options) {
    made.incrementAndGet();
    return new ProgramSession(program, options);
  }

  private synchronized ProgramSession take(Key key, Set<MappedShard.Chunk> chunks) {
    ArrayDeque<ProgramSession> sessions = idle.getOrDefault(key, new ArrayDeque<>());
    Optional<ProgramSession> most =
        sessions.stream().max(Comparator.comparingInt(session -> session.held(chunks)));
    most.ifPresent(sessions::remove);
    return most.orElse(null);
  }

  private synchronized void giveBack(Key key, ProgramSession session) {
    session.unloadClosed();
    idle.computeIfAbsent(key, any -> new ArrayDeque<>()).push(session);
  }
}
