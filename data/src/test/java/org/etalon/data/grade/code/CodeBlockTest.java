package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CodeBlockTest {
  @Test
  void theLastBlockIsTheProgram() {
    assertEquals(Optional.of("b"), CodeBlock.last("```python\na\n```\ntext\n```py\nb\n```\nend"));
    assertEquals(Optional.of("a\n\nb"), CodeBlock.last("<think>x</think>\n```\na\n\nb\n```"));
    assertEquals(Optional.of(""), CodeBlock.last("```\n```"));
    assertEquals(Optional.of("a"), CodeBlock.last("  ```Python\na\n  ```"));
    assertEquals(Optional.of("a"), CodeBlock.last("The program: ```python\na\n```"));
  }

  @Test
  void aResponseWithoutFencesHasNone() {
    assertEquals(Optional.empty(), CodeBlock.last(""));
    assertEquals(Optional.empty(), CodeBlock.last("print(1)"));
    assertEquals(Optional.empty(), CodeBlock.last("Use ```print(1)``` here"));
    assertEquals(Optional.empty(), CodeBlock.last("``\nprint(1)\n``"));
  }

  @Test
  void aBlockThatIsNotClosedGoesOnToTheEnd() {
    assertEquals(Optional.of("b\nc"), CodeBlock.last("```\na\n```\ntext\n```python\nb\nc"));
    assertEquals(Optional.of(""), CodeBlock.last("text\n```"));
  }

  @Test
  void tildesFenceAndDoNotCloseBackticks() {
    assertEquals(Optional.of("a"), CodeBlock.last("~~~python\na\n~~~"));
    assertEquals(Optional.of("~~~\na"), CodeBlock.last("```\n~~~\na\n```"));
    assertEquals(Optional.of("x = '```'"), CodeBlock.last("~~~\nx = '```'\n~~~"));
    assertEquals(Optional.of("a ~~~"), CodeBlock.last("```\na ~~~\n```"));
  }

  @Test
  void aLineThatOpensAndClosesIsNoFence() {
    assertEquals(Optional.of("a"), CodeBlock.last("```\na\n```\nand ```b``` is other"));
  }

  @Property(seed = "1")
  void everyBlockWithoutFencesComesBack(@ForAll String before, @ForAll String code) {
    String text = before.replace("`", "").replace("~", "");
    String program = code.replace("`", "").replace("~", "");
    assertEquals(
        Optional.of(program), CodeBlock.last(text + "\n```python\n" + program + "\n```\n" + text));
  }

  @Test
  void aMegabyteOfFencesIsRead() {
    assertEquals(Optional.of("a\n"), CodeBlock.last("```\na\n".repeat(200_001)));
    CodeBlock.last("`".repeat(1 << 20));
  }
}
