package org.etalon.data.grade.code;

/**
 * What became of a program.
 *
 * @param verdict over all tests
 * @param failedTest zero-based index of the test that failed, after which no other was run; −1 if
 *     none did
 * @param seconds wall-clock time of the slowest test
 * @param memoryMb peak resident memory of the largest test, in MiB; a bare interpreter has about 13
 * @param message why, in a few words for a person; empty if every test passed
 */
public record CodeResult(
    CodeVerdict verdict, int failedTest, double seconds, double memoryMb, String message) {
  /** No test failed. */
  public static final int NONE_FAILED = -1;
}
