package org.etalon.data.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.UnicodeText;
import org.etalon.data.text.jinja.FramedText;

/**
 * A tokenizer read from a {@code tokenizer.json}, run by the Hugging Face tokenizers library.
 *
 * <p>Nothing is fetched: files are read here and handed over as bytes, and the library's own
 * downloads are switched off. The files are kept as they were read, so that a checkpoint carries
 * exactly the tokenizer it was trained with.
 */
public final class TokenizerFile implements Tokenizer, AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String CONFIG = TemplateFiles.CONFIG;

  /** What a model folder may hold besides; copied with it. */
  private static final ImmutableList<String> COMPANIONS =
      ImmutableList.of(
          TemplateFiles.SPECIAL_TOKENS,
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          TemplateFiles.TEMPLATE);

  /**
   * Our choice: the library's default cuts every text at 512 tokens and frames it with special
   * tokens; both would change what is trained on without a word.
   */
  private static final ImmutableMap<String, String> OPTIONS =
      ImmutableMap.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  static {
    // The library reports its use over the network and may fetch a GPU build of itself; a trainer
    // must run where there is no network. Both switches are read when its classes load.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final String name;
  private final HuggingFaceTokenizer library;
  private final TokenizerJson json;
  private final ImmutableMap<String, byte[]> files;
  private final ImmutableSet<Integer> forbidden;
  private final TemplateFiles templateFiles;
  private HuggingFaceTokenizer plain;

  private TokenizerFile(
      String name,
      HuggingFaceTokenizer library,
      TokenizerJson json,
      Map<String, byte[]> files,
      TemplateFiles templateFiles) {
    this.name = name;
    this.templateFiles = templateFiles;
    this.library = library;
    this.json = json;
    this.files = ImmutableMap.copyOf(files);
    this.forbidden =
        json.specials().values().stream()
            .filter(id -> id != json.unknownId())
            .collect(ImmutableSet.toImmutableSet());
  }

  /**
   * Loads {@code tokenizer.json} and, if it is beside it, {@code tokenizer_config.json}.
   *
   * <p>Where the configuration names no end or padding token, the usual names are tried, {@code
   * <|im_end|>} first; padding falls back to the end token.
   *
   * @param path the file, or the folder that holds it
   * @throws DataException naming the file if it is missing, malformed or inconsistent
   */
  public static TokenizerFile load(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(TOKENIZER) : path;
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(TOKENIZER, read(file));
    addIfThere(files, CONFIG, file.resolveSibling(CONFIG));
    for (String companion : COMPANIONS) {
      addIfThere(files, companion, file.resolveSibling(companion));
    }
    return of(file.toString(), file.resolveSibling(CONFIG).toString(), files);
  }

  /** The tokenizer of the built-in model: byte-level, with the ChatML special tokens. */
  public static TokenizerFile builtin() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : ImmutableList.of(TOKENIZER, CONFIG)) {
      String resource = "/org/etalon/data/builtin/" + name;
      try (InputStream in = TokenizerFile.class.getResourceAsStream(resource)) {
        if (in != null) {
          files.put(name, in.readAllBytes());
        } else if (name.equals(TOKENIZER)) {
          throw new DataException(resource + ": missing from the program; install it again");
        }
      } catch (IOException e) {
        throw new DataException(resource + ": cannot be read (" + e + ")", e);
      }
    }
    return of("built-in " + TOKENIZER, "built-in " + CONFIG, files);
  }

  private static TokenizerFile of(String name, String configName, Map<String, byte[]> files) {
    byte[] tokenizer = files.get(TOKENIZER);
    TokenizerJson json = TokenizerJson.parse(name, tokenizer, configName, files.get(CONFIG));
    TemplateFiles templateFiles = TemplateFiles.read(configName, files);
    HuggingFaceTokenizer library = library(name, tokenizer);
    TokenizerFile loaded = new TokenizerFile(name, library, json, files, templateFiles);
    try {
      loaded.checkSpecials(name);
    } catch (DataException e) {
      loaded.close();
      throw e;
    }
    return loaded;
  }

  private static HuggingFaceTokenizer library(String name, byte[] tokenizer) {
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizer), OPTIONS);
    } catch (IOException | RuntimeException e) {
      throw new DataException(
          name + ": not a tokenizer the library can load (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The library numbers added tokens by their order; a file that says otherwise is inconsistent.
   */
  private void checkSpecials(String name) {
    json.specials()
        .forEach(
            (text, id) -> {
              int[] ids = raw(library, text);
              if (ids.length != 1 || ids[0] != id) {
                throw new DataException(
                    name
                        + ": added_tokens: expected \""
                        + text
                        + "\" to be id "
                        + id
                        + ", the library makes it "
                        + Arrays.toString(ids)
                        + "; list added tokens in the order of their ids, after the vocabulary");
              }
            });
  }

  @Override
  public int[] encode(String text) {
    refuseHalfPairs(text);
    int[] ids = raw(library, text);
    return holdsSpecial(ids) ? raw(plain(), text) : ids;
  }

  @Override
  public int[] encode(FramedText framed) {
    String text = framed.text();
    refuseHalfPairs(text);
    List<Place> wanted = framingSpecials(framed);
    int[] ids = raw(library, text);
    int[] specials = Arrays.stream(ids).filter(forbidden::contains).toArray();
    if (Arrays.equals(specials, wanted.stream().mapToInt(Place::id).toArray())) {
      return ids;
    }
    List<int[]> parts = new ArrayList<>();
    int from = 0;
    for (Place special : wanted) {
      parts.add(encode(text.substring(from, special.from())));
      parts.add(new int[] {special.id()});
      from = special.to();
    }
    parts.add(encode(text.substring(from)));
    return Ints.concat(parts.toArray(int[][]::new));
  }

  /** Where a special token stands in a text. */
  private record Place(int from, int to, int id) {}

  /** Special tokens that framing alone spells, leftmost and of these the longest. */
  private List<Place> framingSpecials(FramedText framed) {
    List<Place> all = new ArrayList<>();
    json.specials()
        .forEach(
            (special, id) -> {
              String text = framed.text();
              for (int at = text.indexOf(special); at >= 0; at = text.indexOf(special, at + 1)) {
                if (!framed.holdsData(at, at + special.length())) {
                  all.add(new Place(at, at + special.length(), id));
                }
              }
            });
    all.sort(
        Comparator.comparingInt(Place::from)
            .thenComparing(Comparator.comparingInt(Place::to).reversed()));
    List<Place> chosen = new ArrayList<>();
    int from = 0;
    for (Place place : all) {
      if (place.from() >= from) {
        chosen.add(place);
        from = place.to();
      }
    }
    return chosen;
  }

  private static int[] raw(HuggingFaceTokenizer library, String text) {
    long[] ids = library.encode(text, false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /** The same tokenizer without special tokens; loaded when a text holds one's text. */
  private synchronized HuggingFaceTokenizer plain() {
    if (plain == null) {
      plain = library(name, TokenizerJson.withoutSpecials(name, files.get(TOKENIZER), json));
    }
    return plain;
  }

  private boolean holdsSpecial(int[] ids) {
    for (int id : ids) {
      if (forbidden.contains(id)) {
        return true;
      }
    }
    return false;
  }

  private static void refuseHalfPairs(String text) {
    int at = UnicodeText.firstHalfPair(text);
    if (at >= 0) {
      throw new DataException(
          "expected Unicode text, got half a surrogate pair at character "
              + at
              + "; clean the text before it is tokenized");
    }
  }

  @Override
  public String decode(int[] ids) {
    return library.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  @Override
  public String show(int id) {
    return library.decode(new long[] {id}, false);
  }

  @Override
  public int vocabSize() {
    return json.vocabSize();
  }

  @Override
  public int eosId() {
    return json.eosId();
  }

  @Override
  public int padId() {
    return json.padId();
  }

  @Override
  public boolean isSpecial(int id) {
    return forbidden.contains(id);
  }

  @Override
  public OptionalInt specialId(String text) {
    Integer id = json.specials().get(text);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The id that opens a text, if the configuration names a special token for that. */
  public OptionalInt bosId() {
    return specialId(templateFiles.tokens().getOrDefault("bos_token", ""));
  }

  /** What the folder says of its chat template. */
  TemplateFiles templateFiles() {
    return templateFiles;
  }

  /**
   * Writes the tokenizer's files, byte for byte as they were read, into a model folder.
   *
   * @throws DataException if the disk refuses
   */
  public void copyTo(Path folder) {
    files.forEach((name, bytes) -> AtomicFile.write(folder.resolve(name), out -> out.write(bytes)));
  }

  @Override
  public synchronized void close() {
    library.close();
    if (plain != null) {
      plain.close();
    }
  }

  private static void addIfThere(Map<String, byte[]> files, String name, Path file) {
    if (Files.isRegularFile(file)) {
      files.put(name, read(file));
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read (" + e + "); name a folder that holds " + TOKENIZER, e);
    }
  }
}
