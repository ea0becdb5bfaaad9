package org.etalon.data.batch;

import java.util.Arrays;
import org.etalon.data.DataException;

/**
 * One document to train on: a prompt, which is only read, and a response, which is learned.
 *
 * @param ids token ids of prompt and response, the closing token included; not copied, do not
 *     change them
 * @param promptLength how many of them belong to the prompt, in tokens; the rest is the response,
 *     at least one token
 */
@SuppressWarnings("ArrayRecordComponent")
public record Example(int[] ids, int promptLength) {
  public Example {
    if (promptLength < 0 || promptLength >= ids.length) {
      throw new DataException(
          "expected a prompt and at least one response token, got a prompt of "
              + promptLength
              + " tokens in a document of "
              + ids.length
              + "; give every example a response");
    }
    for (int id : ids) {
      if (id < 0) {
        throw new DataException("expected token ids from 0, got " + id);
      }
    }
  }

  /** Tokens of prompt and response together. */
  public int length() {
    return ids.length;
  }

  /** Tokens of the response. */
  public int responseLength() {
    return ids.length - promptLength;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Example that
        && promptLength == that.promptLength
        && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + promptLength;
  }

  @Override
  public String toString() {
    return "Example[" + promptLength + " of " + Arrays.toString(ids) + "]";
  }
}
