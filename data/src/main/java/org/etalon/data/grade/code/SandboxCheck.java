package org.etalon.data.grade.code;

import java.nio.charset.StandardCharsets;

/** Tries whether a sandbox keeps what it promises, before any foreign program runs in it. */
final class SandboxCheck {
  private static final String PROGRAM =
      """
      import os, socket, threading, time
      threading.stack_size(1 << 16)
      def refused(action):
          try:
              action()
          except OSError:
              return True
      def fork():
          if os.fork() == 0:
              while True:
                  time.sleep(9)
      def many():
          gate = threading.Event()
          threads = 0
          try:
              for threads in range(1000):
                  threading.Thread(target=gate.wait, daemon=True).start()
          except RuntimeError:
              pass
          gate.set()
          return threads
      broken = [name for name, holds in {
          'its user is root': os.getuid() != 0,
          'it sees the environment': not os.environ,
          'it sees files of the host': not os.path.exists('/etc') and not os.path.exists('/home'),
          'it may write outside its folder': refused(lambda: open('/written', 'w')),
          'it may open sockets': refused(socket.socket),
          'its threads are not counted': 4 <= many() < 100,
          'its processes are not counted': refused(lambda: [fork() for _ in range(100)]),
          'its memory is not limited': refused(lambda: open('/tmp/f', 'wb').truncate(10**10)),
      }.items() if not holds]
      try:
          bytearray(10**9)
          broken.append('its memory is not limited')
      except MemoryError:
          pass
      open('f', 'w').close()
      print(', '.join(broken) or 'sound')
      """;

  private SandboxCheck() {}

  /**
   * Runs a program that tries what is forbidden.
   *
   * @throws SandboxException saying what was not refused, or that nothing ran
   */
  static void check(Sandbox sandbox) throws SandboxException {
    SandboxRun run =
        sandbox.run(
            new SandboxRequest(
                CodeKind.STDIN,
                "",
                PROGRAM.getBytes(StandardCharsets.UTF_8),
                new byte[0],
                10,
                256,
                1 << 16));
    String said = run.outputText().strip();
    if (!said.equals("sound")) {
      sandbox.close();
      throw new SandboxException(
          "the sandbox is not sound: " + (said.isEmpty() ? run.lastError() : said));
    }
  }

  /** The message for a person, with what to do about it. */
  static String remedy(String complaint) {
    return "the sandbox for generated code does not work ("
        + complaint
        + "); it needs Linux 5.14 or newer on x86-64 or arm64, sudo apt-get install bubblewrap"
        + " python3, and user namespaces: sudo sysctl -w user.max_user_namespaces=15000, on Debian"
        + " before 11 kernel.unprivileged_userns_clone=1, on Ubuntu"
        + " kernel.apparmor_restrict_unprivileged_userns=0; a container must allow them too";
  }
}
