package org.etalon.training.mgpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Completion.Finish;
import org.etalon.graph.rollout.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenGroupTest {
  private static final int[] PROMPT = {50, 51};

  private static OpenGroup begun() {
    return OpenGroup.begin(Groups.problem("p"), PROMPT, 3, 7, 3);
  }

  private static Completion drawn(Finish finish, int... ids) {
    float[] logps = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      logps[i] = -0.1f * ids[i];
    }
    return new Completion(ids, logps, finish);
  }

  /** One response stops, one reaches a step's tokens, one the longest length. */
  private static OpenGroup afterOneStep() {
    return begun()
        .plus(
            List.of(
                drawn(Finish.STOP, 1, 2),
                drawn(Finish.LENGTH, 3, 4, 5),
                drawn(Finish.LENGTH, 1, 2, 3, 4, 5, 6, 7)));
  }

  @Test
  void responsesThatBeginShareThePromptArray() {
    Request request = begun().request(1, 12, 5);
    assertSame(PROMPT, request.prompt());
    assertEquals(12, request.sequence());
    assertEquals(0, request.drawn());
    assertEquals(5, request.maxNewTokens());
    assertEquals(7, begun().request(1, 12, 40).maxNewTokens(), "the longest response");
  }

  @Test
  void aResponseGoesOnWhereItStoppedAndKeepsItsLogProbabilities() {
    OpenGroup group = afterOneStep();
    assertEquals(1, group.openDrafts());
    Request request = group.request(1, 4, 3);
    assertArrayEquals(new int[] {50, 51, 3, 4, 5}, request.prompt());
    assertEquals(3, request.drawn());
    assertEquals(3, request.maxNewTokens());
    assertEquals(4, group.request(1, 4, 9).maxNewTokens(), "7 less the 3 that it has");
    OpenGroup ended = group.plus(List.of(drawn(Finish.STOP, 6, 9)));
    assertFalse(ended.open());
    Completion completion = ended.drafts().get(1).completion();
    assertArrayEquals(new int[] {3, 4, 5, 6, 9}, completion.ids());
    assertArrayEquals(
        new float[] {-0.1f * 3, -0.1f * 4, -0.1f * 5, -0.1f * 6, -0.1f * 9}, completion.logps());
    assertEquals(Finish.STOP, completion.finish());
    assertEquals(Finish.LENGTH, ended.drafts().get(2).completion().finish());
  }

  @Test
  void aGroupThatIsClosedCutsWhatIsOpen() {
    OpenGroup group = afterOneStep();
    assertTrue(group.open());
    OpenGroup closed = group.closed();
    assertFalse(closed.open());
    assertEquals(Draft.End.STOPPED, closed.drafts().get(0).end());
    assertEquals(Finish.LENGTH, closed.drafts().get(1).completion().finish());
  }

  @Test
  void carriedGroupsAreReadAsTheyWereWritten(@TempDir Path folder) {
    Path file = folder.resolve(CarriedGroups.FILE);
    float odd = Math.nextUp(-0.1f);
    OpenGroup group =
        begun()
            .plus(
                List.of(
                    new Completion(new int[] {8}, new float[] {odd}, Finish.LENGTH),
                    new Completion(new int[] {9}, new float[] {-1e-30f}, Finish.STOP),
                    new Completion(new int[] {7}, new float[] {-87.33654f}, Finish.LENGTH)));
    CarriedGroups.write(file, List.of(group, begun()));
    List<OpenGroup> read =
        CarriedGroups.read(
            file,
            line ->
                new OpenGroup(
                    Groups.problem(line.id()), PROMPT, line.since(), line.limit(), line.drafts()));
    assertEquals(2, read.size());
    assertEquals(group.problem(), read.get(0).problem());
    assertEquals(3, read.get(0).since());
    assertEquals(7, read.get(0).limit());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(group.drafts().get(i).ids(), read.get(0).drafts().get(i).ids());
      assertArrayEquals(group.drafts().get(i).logps(), read.get(0).drafts().get(i).logps());
      assertEquals(group.drafts().get(i).end(), read.get(0).drafts().get(i).end());
    }
    assertEquals(3, read.get(1).openDrafts());
  }
}
