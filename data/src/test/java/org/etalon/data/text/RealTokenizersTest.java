package org.etalon.data.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Real tokenizers against transformers; compare_chat_templates.py fetches them and runs this. */
@Tag("slow")
class RealTokenizersTest {
  @TestFactory
  Stream<DynamicTest> idsAreThoseOfTransformers() throws IOException {
    String place = System.getProperty("etalon.tokenizers", "");
    assumeTrue(!place.isEmpty(), "run compare_chat_templates.py");
    List<Path> folders;
    try (Stream<Path> all = Files.list(Path.of(place))) {
      folders = all.filter(f -> Files.exists(f.resolve("expected.json"))).sorted().toList();
    }
    assertEquals(8, folders.size());
    return folders.stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> compare(f)));
  }

  private static void compare(Path folder) throws IOException {
    JsonNode expected =
        JsonMapper.builder().build().readTree(folder.resolve("expected.json").toFile());
    try (TokenizerFile tokenizer = TokenizerFile.load(folder)) {
      ChatTemplate template = ChatTemplate.of(tokenizer);
      for (JsonNode prompt : expected.get("prompts")) {
        List<ChatTemplate.Message> messages = new ArrayList<>();
        for (JsonNode message : prompt.get("messages")) {
          messages.add(
              new ChatTemplate.Message(
                  message.get("role").asText(), message.get("content").asText()));
        }
        if (prompt.get("ids").isNull()) {
          assertThrows(DataException.class, () -> template.prompt(messages));
        } else {
          assertArrayEquals(
              ids(prompt), template.prompt(messages), () -> prompt.get("messages").toString());
        }
      }
      for (JsonNode text : expected.get("texts")) {
        assertArrayEquals(
            ids(text),
            tokenizer.encode(text.get("text").asText()),
            () -> text.get("text").asText());
      }
      String hostile = expected.get("hostile").get("text").asText();
      assertArrayEquals(ids(expected.get("hostile")), tokenizer.encode(hostile));
      int[] plain = template.prompt("x");
      int[] attacked = template.prompt(hostile);
      assertEquals(specials(tokenizer, plain), specials(tokenizer, attacked));
    }
  }

  private static int[] ids(JsonNode node) {
    int[] ids = new int[node.get("ids").size()];
    Arrays.setAll(ids, i -> node.get("ids").get(i).asInt());
    return ids;
  }

  private static List<Integer> specials(TokenizerFile tokenizer, int[] ids) {
    return Arrays.stream(ids).filter(tokenizer::isSpecial).boxed().toList();
  }
}
