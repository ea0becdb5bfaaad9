package org.etalon.data.text;

import java.util.OptionalInt;
import org.etalon.data.text.jinja.FramedText;

/** Turns text into token ids and back; safe for use from many threads. */
public interface Tokenizer {
  /**
   * The ids of ordinary text: the text of a special token inside it, such as {@code <|im_end|>},
   * never becomes that special token, and nothing is added or cut.
   *
   * @throws org.etalon.data.DataException if the text holds half a surrogate pair
   */
  int[] encode(String text);

  /**
   * The ids of framed text: the text of a special token becomes that token where framing alone
   * spells it, and ordinary text where any of it is data.
   *
   * @throws org.etalon.data.DataException if the text holds half a surrogate pair
   */
  int[] encode(FramedText text);

  /** The text of ids; special tokens and ids beyond the vocabulary contribute nothing. */
  String decode(int[] ids);

  /** One more than the largest id. */
  int vocabSize();

  /** The id that ends a sequence. */
  int eosId();

  /** The id that fills a row; it may equal {@link #eosId}, so mask by length, never by id. */
  int padId();

  /** The id of the special token with this text, if there is one. */
  OptionalInt specialId(String text);

  /** Whether text that is data never becomes this token. */
  boolean isSpecial(int id);

  /** One token as a person reads it, special tokens included. */
  default String show(int id) {
    return decode(new int[] {id});
  }
}
