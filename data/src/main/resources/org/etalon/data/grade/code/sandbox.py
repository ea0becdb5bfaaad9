"""The process that starts programs inside the sandbox.

It runs in bubblewrap, where only the interpreter and its libraries can be read and nothing can be
written, and never runs foreign code itself. For each test it forks a process with user, mount, pid
and ipc namespaces of its own:

  server    waits for requests on descriptor 0 and reads none: nothing of a test stays in it
  watcher   reads one request, answers it on descriptor 1, keeps the time
  keeper    makes the namespaces and an empty folder /tmp, and waits
  init      process 1 of the new pid namespace; when it ends, the kernel ends all that is left in it
  program   takes its limits, drops its rights, and runs the solution; may start processes, which
            end with it

What a program can reach is its own process: init and keeper are out of reach by signal (init of a
namespace) and by ptrace (more capabilities), the server by both (another namespace).

Request: one line of JSON, then the bytes of the code and of the input. Answer: the same way round.
"""
import _sitebuiltins, builtins, fcntl, gc, json, os, platform, select, signal, struct, time

RECORD = struct.Struct("<c3xiddq")
STARTED, ENDED, FAULT = b"S", b"E", b"F"
STDERR_BYTES = 4096
SETUP_SECONDS = 5
MEMORY_CHECK_MS = 20  # of one process RLIMIT_AS is the limit; of many, what they have together
OWN_BYTES = 16 << 20  # of the interpreter itself


def read_exactly(count):
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(0)  # the grader is gone
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_request():
    line = b""
    while not line.endswith(b"\n"):
        line += read_exactly(1)
    request = json.loads(line)
    return request, read_exactly(request["code"]), read_exactly(request["input"])


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def serve():
    call("prctl", SET_DUMPABLE, 0, 0, 0, 0)
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D")
    names, program = public_names(), filter_program()
    gc.collect()
    gc.freeze()
    write_all(1, b'{"python":"%s"}\n' % platform.python_version().encode())
    poll = select.poll()
    poll.register(0, select.POLLIN)
    while poll.poll()[0][1] & select.POLLIN:
        watcher = os.fork()
        if watcher == 0:
            request, code, data = read_request()
            answer, output, errors = run(request, code, data, names, program)
            answer.update(output=len(output), errors=len(errors))
            write_all(1, json.dumps(answer).encode() + b"\n" + output + errors)
            os._exit(0)
        if os.waitpid(watcher, 0)[1] != 0:
            os._exit(1)


def run(request, code, data, names, program):
    """Runs one test in namespaces of its own; returns the answer, its output and errors."""
    source = os.memfd_create("input")
    write_all(source, data)
    os.lseek(source, 0, os.SEEK_SET)
    output, errors, report = os.pipe(), os.pipe(), os.pipe()
    keeper = os.fork()
    if keeper == 0:
        try:
            pipes = (source, output[1], errors[1], report[1])
            keep(request, pipes, program, lambda: solve(request, code, data, names))
        except BaseException as e:
            fault(report[1], e)
        os._exit(0)
    for fd in (source, output[1], errors[1], report[1]):
        os.close(fd)
    try:
        return watch(request, keeper, output[0], errors[0], report[0])
    finally:
        os.waitpid(keeper, 0)
        for fd in (output[0], errors[0], report[0]):
            os.close(fd)


def fault(report, error):
    text = ("%s: %s" % (type(error).__name__, error)).encode()[:400]
    os.write(report, RECORD.pack(FAULT, len(text), 0, 0, 0) + text)


def watch(request, keeper, output, errors, report):
    """Gathers what a test writes until it ends, or ends it."""
    limit, deadline = request["output_bytes"], time.monotonic() + SETUP_SECONDS
    gathered, kept, tail, records, pid = [], 0, b"", b"", 0
    answer = {"timeout": False, "overflow": False, "memory": False}
    others = set(os.listdir("/proc")) | {str(keeper)}
    poll = select.poll()
    for fd in (output, errors, report):
        os.set_blocking(fd, False)
        poll.register(fd, select.POLLIN)
    poll.register(0, 0)  # only the hang-up
    open_fds, stop, next_check = {output, errors, report}, False, 0
    while open_fds:
        left = deadline - time.monotonic()
        used, now = 0, time.monotonic()
        if pid and not stop and now >= next_check:
            used, next_check = memory_of_many(others), now + MEMORY_CHECK_MS / 1000
        why = (
            "overflow" if kept > limit
            else "timeout" if left <= 0
            else "memory" if used > request["memory_bytes"] + OWN_BYTES
            else ""
        )  # fmt: skip
        if why and not stop:
            stop = answer[why] = True
            answer["memory_kb"] = max(used >> 10, peak_of_child(pid))
            # Before its process 1 is known a test has run nothing of the solution.
            os.kill(pid or keeper, signal.SIGKILL)
        for fd, event in poll.poll(1000 if stop else min(left * 1000 + 1, MEMORY_CHECK_MS)):
            if fd == 0:
                os._exit(0)  # the grader is gone; bubblewrap ends the rest
            try:
                part = os.read(fd, 1 << 16)
            except BlockingIOError:
                continue
            if not part:
                poll.unregister(fd)
                open_fds.discard(fd)
            elif fd == output:
                kept += len(part)
                if kept <= limit:
                    gathered.append(part)
            elif fd == errors:
                tail = (tail + part)[-STDERR_BYTES:]
            else:
                records += part
                if pid == 0 and records[:1] == STARTED:
                    pid = RECORD.unpack_from(records)[1]
                    others.add(str(pid))
                    deadline = time.monotonic() + request["seconds"]
    answer["wall"] = time.monotonic() - deadline + request["seconds"]
    if pid == 0 and answer["timeout"]:
        answer["fault"] = "a process took more than %s s to start" % SETUP_SECONDS
    read_records(records, answer)
    return answer, b"".join(gathered), tail


def memory_of_many(others):
    """Memory of the processes of a program that has started some, shared pages counted once."""
    pids = [name for name in os.listdir("/proc") if name.isdigit() and name not in others]
    total = 0
    for pid in pids if len(pids) > 1 else ():
        try:
            with open("/proc/%s/smaps_rollup" % pid) as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue  # it has ended
    return total << 10


def peak_of_child(init):
    """Peak memory of the program that init waits for, in KiB; 0 if the kernel does not tell."""
    try:
        with open("/proc/%d/task/%d/children" % (init, init)) as file:
            program = file.read().split()[0]
        with open("/proc/%s/status" % program) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    except (OSError, IndexError, StopIteration):
        return 0


def read_records(records, answer):
    while len(records) >= RECORD.size:
        kind, number, cpu, wall, memory = RECORD.unpack_from(records)
        records = records[RECORD.size :]
        if kind == FAULT:
            answer["fault"] = records[:number].decode(errors="replace")
            return
        if kind == ENDED:
            answer.update(status=number, cpu=cpu, wall=wall, memory_kb=memory)


# ---- keeper and init ---------------------------------------------------------------------------


def keep(request, pipes, program, solution):
    os.closerange(0, 2)
    # The files under /proc belong to the user only while the process may be dumped.
    call("prctl", SET_DUMPABLE, 1, 0, 0, 0)
    uid, gid = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "%d %d 1" % (uid, uid)),
        ("gid_map", "%d %d 1" % (gid, gid)),
    ):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)
    call("prctl", SET_DUMPABLE, 0, 0, 0, 0)
    options = "size=%d,nr_inodes=%d,mode=0700" % (request["disk_bytes"], request["files"])
    no_suid_no_dev_no_exec = 2 | 4 | 8
    call("mount", b"work", WORK.encode(), b"tmpfs", no_suid_no_dev_no_exec, options.encode())
    # Bubblewrap is the one process whose files under /proc its user, here everyone, may open.
    call("mount", b"none", b"/proc/1", b"tmpfs", no_suid_no_dev_no_exec | 1, b"nr_inodes=2")
    init = os.fork()
    if init == 0:
        try:
            call("prctl", SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            begin(request, pipes, program, solution)
        except BaseException as e:
            fault(pipes[-1], e)
        os._exit(0)
    os.write(pipes[-1], RECORD.pack(STARTED, init, 0, 0, 0))
    for fd in pipes:
        os.close(fd)
    os.waitpid(init, 0)


def begin(request, pipes, program, solution):
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        # Out of the way of the descriptors that the solution shall have.
        pipes = tuple(fcntl.fcntl(fd, fcntl.F_DUPFD, HIGH_FD) for fd in pipes)
        try:
            confine(request, pipes, program)
        except BaseException as e:
            fault(pipes[-1], e)
            os._exit(0)
        os.closerange(HIGH_FD, 2 * HIGH_FD)
        solution()
    report = pipes[-1]
    for fd in pipes[:-1]:
        os.close(fd)
    _, status, usage = os.wait4(pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    wall = time.monotonic() - start
    os.write(report, RECORD.pack(ENDED, status, cpu, wall, usage.ru_maxrss))


serve()
