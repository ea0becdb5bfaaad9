package org.etalon.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetchTest {
  private static List<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .toList();
  }

  @Test
  void itemsComeOnceInOrderFromAnotherThread() {
    List<Integer> got = new ArrayList<>();
    AtomicReference<Thread> maker = new AtomicReference<>();
    Iterator<Integer> source =
        IntStream.range(0, 100).peek(i -> maker.set(Thread.currentThread())).iterator();
    try (var items = new Prefetch<>("in-order", source)) {
      while (items.hasNext()) {
        got.add(items.next());
      }
      assertThrows(NoSuchElementException.class, items::next);
    }
    assertEquals(IntStream.range(0, 100).boxed().toList(), got);
    assertNotEquals(Thread.currentThread(), maker.get());
  }

  @Test
  void oneItemIsPreparedWhileTheCallerWorksAndNoMore() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    Semaphore given = new Semaphore(0);
    Iterator<Integer> source =
        IntStream.iterate(
                0,
                i -> {
                  made.incrementAndGet();
                  given.release();
                  return i + 1;
                })
            .skip(1)
            .iterator();
    try (var items = new Prefetch<>("one-ahead", source)) {
      for (int i = 1; i <= 3; i++) {
        assertEquals(i, items.next());
      }
      // The fourth is made without being asked for; a fifth would need a place to wait in.
      assertTrue(given.tryAcquire(4, 30, TimeUnit.SECONDS));
      assertFalse(given.tryAcquire(200, TimeUnit.MILLISECONDS));
      assertEquals(4, made.get());
    }
  }

  @Test
  void anErrorOfTheSourceIsThrownInItsPlaceAsItIs() {
    DataException wrong = new DataException("bad example; repair it");
    Iterator<Integer> source =
        IntStream.range(0, 3)
            .peek(
                i -> {
                  if (i == 1) {
                    throw wrong;
                  }
                })
            .iterator();
    try (var items = new Prefetch<>("failing", source)) {
      assertEquals(0, items.next());
      assertTrue(items.hasNext());
      assertSame(wrong, assertThrows(DataException.class, items::next));
    }
    assertEquals(List.of(), threads("failing"));
  }

  @Test
  void closingLeavesNoThreadThoughItemsAreLeft() {
    try (var items = new Prefetch<>("left-early", IntStream.iterate(0, i -> i + 1).iterator())) {
      assertEquals(0, items.next());
      assertEquals(1, threads("left-early").size());
    }
    assertEquals(List.of(), threads("left-early"));
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Iterator<Integer> slow =
        IntStream.generate(
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return 0;
                })
            .iterator();
    AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> set = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try (var items = new Prefetch<>("interrupted", slow)) {
                thrown.set(assertThrows(IllegalStateException.class, items::next));
                set.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    caller.interrupt();
    caller.join(TimeUnit.SECONDS.toMillis(30));
    assertFalse(caller.isAlive());
    assertTrue(thrown.get().getMessage().contains("interrupted"));
    assertEquals(true, set.get());
    assertEquals(List.of(), threads("interrupted"));
  }

  @Test
  void waitingIsCountedUntilAskedFor() throws InterruptedException {
    CountDownLatch made = new CountDownLatch(1);
    Iterator<Integer> source =
        IntStream.range(0, 2)
            .peek(
                i -> {
                  if (i == 1) {
                    made.countDown();
                  } else {
                    pause(50);
                  }
                })
            .iterator();
    try (var items = new Prefetch<>("counted", source)) {
      items.next();
      assertTrue(items.takeWaitedSeconds() > 0);
      assertEquals(0, items.takeWaitedSeconds());
      assertTrue(made.await(30, TimeUnit.SECONDS));
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
