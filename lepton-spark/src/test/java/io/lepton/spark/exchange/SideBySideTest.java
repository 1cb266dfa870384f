package io.lepton.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private static final String NAME = "parts-of-a-test";
  private static final int PARTS = 3;

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("lepton-" + NAME);
  }

  @Test
  void partsRunAtTheSameTimeOnThreadsOfTheirOwn() {
    CyclicBarrier all = new CyclicBarrier(PARTS);
    Set<Integer> parts = ConcurrentHashMap.newKeySet();

    SideBySide.run(
        NAME,
        PARTS,
        part -> {
          await(all);
          assertThat(Thread.currentThread().getName()).isEqualTo("lepton-" + NAME);
          parts.add(part);
        });

    assertThat(parts).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void onePartIsDoneHere() {
    Thread[] thread = new Thread[1];

    SideBySide.run(NAME, 1, part -> thread[part] = Thread.currentThread());

    assertThat(thread[0]).isSameAs(Thread.currentThread());
  }

  @Test
  void theFirstFailureEndsAllAndIsThrownWhenTheyHaveEnded() {
    CyclicBarrier all = new CyclicBarrier(PARTS);
    AtomicInteger interrupted = new AtomicInteger();

    assertThatThrownBy(
            () ->
                SideBySide.run(
                    NAME,
                    PARTS,
                    part -> {
                      await(all);
                      if (part == 1) {
                        throw new IllegalArgumentException("one is broken");
                      }
                      waitForAnInterrupt();
                      interrupted.incrementAndGet();
                      throw new IllegalStateException("interrupted");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("one is broken");
    assertThat(interrupted).hasValue(PARTS - 1);
  }

  @Test
  void anErrorIsThrownAsItIs() {
    assertThatThrownBy(
            () ->
                SideBySide.run(
                    NAME,
                    PARTS,
                    part -> {
                      throw new OutOfMemoryError("of part");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anInterruptIsPassedOnAndKept() {
    AtomicInteger interrupted = new AtomicInteger();
    Thread.currentThread().interrupt();

    SideBySide.run(
        NAME,
        PARTS,
        part -> {
          waitForAnInterrupt();
          interrupted.incrementAndGet();
        });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).hasValue(PARTS);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void waitForAnInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
