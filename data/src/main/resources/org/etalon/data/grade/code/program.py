"""What a program's own process does: takes its limits, gives up its rights, runs the solution.

Goes before sandbox.py, which describes the processes around it; both are one script.
"""
import atexit, ctypes, fcntl, io, json, os, platform, resource, struct, sys, types
import bisect, collections, copy, datetime, decimal, fractions, functools, heapq, itertools
import math, operator, random, re, statistics, string, threading, traceback, typing
import builtins

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
CLONE_NEWOTHERS = 0x46000080  # net, uts, cgroup and time
SET_PDEATHSIG, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS = 1, 4, 22, 38
STACK_BYTES = 120 << 20  # the kernel keeps 128 MiB free below the first stack
WORK = "/tmp"
RESULT_FD = 3
HIGH_FD = 64
MOST_NESTING = 500

# System calls that a program must not make: tracing, namespaces and mounts, sockets, memory that
# no limit counts, and what only an administrator needs.
# name: (x86-64, arm64); None where the machine has no such call.
FORBIDDEN = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442),
    "socket": (41, 198), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "vmsplice": (278, 75), "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "acct": (163, 89), "syslog": (103, 116), "sethostname": (170, 161),
}  # fmt: skip
MACHINES = {  # audit number, clone, clone3, setsid, capset, column of FORBIDDEN
    "x86_64": (0xC000003E, 56, 435, 112, 126, 0),
    "aarch64": (0xC00000B7, 220, 435, 157, 91, 1),
}


def call(function, *arguments):
    """A function of the C library; an error is an exception that names it."""
    if getattr(LIBC, function)(*arguments) == -1:
        code = ctypes.get_errno()
        raise OSError(code, function + ": " + os.strerror(code))


def filter_program():
    """The seccomp filter: refuses FORBIDDEN and every clone that makes namespaces."""
    audit, clone, clone3, setsid, _, column = MACHINES[platform.machine()]
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, kill, refuse, unknown = 0x7FFF0000, 0x80000000, 0x50000 | 1, 0x50000 | 38
    pretend = 0x50000  # success, without doing it
    namespaces = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWOTHERS
    steps = [(load, 0, 0, 4), (equal, 1, 0, audit), (give, 0, 0, kill), (load, 0, 0, 0)]
    # Beyond that number lie the calls of the x32 interface, by which the list could be passed by.
    steps += [(at_least, 0, 1, 0x40000000), (give, 0, 0, unknown)]
    # glibc then falls back to clone, whose flags a filter can see.
    steps += [(equal, 0, 1, clone3), (give, 0, 0, unknown)]
    for numbers in FORBIDDEN.values():
        if numbers[column] is not None:
            steps += [(equal, 0, 1, numbers[column]), (give, 0, 0, refuse)]
    # The session is what the kernel shares processor time by: a program keeps to its one.
    steps += [(equal, 0, 1, setsid), (give, 0, 0, pretend)]
    steps += [(equal, 0, 3, clone), (load, 0, 0, 16), (any_bit, 0, 1, namespaces)]
    steps += [(give, 0, 0, refuse), (give, 0, 0, allow)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def install_filter(program):
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]

    call("prctl", SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filter_struct = Program(len(program) // 8, program)
    call("prctl", SET_SECCOMP, 2, ctypes.byref(filter_struct), 0, 0)


def drop_capabilities():
    header = struct.pack("<II", 0x20080522, 0)
    call("syscall", MACHINES[platform.machine()][4], header, bytes(24))


def public_names():
    """What LiveCodeBench lets a solution assume: star imports of these, then the modules."""
    names = {}
    modules = (
        string, re, datetime, collections, heapq, bisect, copy, math, random, statistics,
        itertools, functools, operator, io, sys, json, builtins, typing,
    )  # fmt: skip
    for module in modules:
        public = getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")])
        names.update((name, getattr(module, name)) for name in public)
    names.update((m.__name__, m) for m in modules if m not in (builtins, typing))
    return names


def confine(request, pipes, program):
    """Arranges descriptors and folder, sets the limits, gives up every right."""
    source, output, errors, _ = pipes
    quiet = fcntl.fcntl(os.open("/dev/null", os.O_RDWR), fcntl.F_DUPFD, HIGH_FD)
    functional = request["kind"] == "functional"
    os.dup2(quiet if functional else source, 0)
    os.dup2(quiet if functional else output, 1)
    os.dup2(errors, 2)
    os.closerange(RESULT_FD, HIGH_FD)
    if functional:
        os.dup2(output, RESULT_FD)
    os.chdir(WORK)
    os.setsid()
    resource.setrlimit(resource.RLIMIT_STACK, (lowered(resource.RLIMIT_STACK, STACK_BYTES),) * 2)
    with open("/proc/self/statm") as file:
        own = int(file.read().split()[0]) * resource.getpagesize()
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, math.ceil(request["seconds"])),
        (resource.RLIMIT_FSIZE, request["disk_bytes"]),
        (resource.RLIMIT_NPROC, request["processes"]),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_AS, own + request["memory_bytes"]),
    ):
        resource.setrlimit(limit, (lowered(limit, value),) * 2)
    drop_capabilities()
    install_filter(program)
    # From here on the solution's own process may read what is its own, e.g. /dev/stdin.
    call("prctl", SET_DUMPABLE, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (HIGH_FD, HIGH_FD))


def lowered(limit, value):
    hard = resource.getrlimit(limit)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def solve(request, code, data, names):
    """Runs the solution as the interpreter runs a script, and ends the process as it does."""
    functional = request["kind"] == "functional"
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = sys.__stdout__ = open(
        1, "w", encoding="utf-8", errors="surrogateescape", closefd=False
    )
    sys.stderr = sys.__stderr__ = open(
        2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1
    )
    module = types.ModuleType("solution" if functional else "__main__")
    module.__dict__.update(names, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr)
    sys.modules[module.__name__] = module
    sys.argv, sys.path = ["solution.py"], [p for p in sys.path if p]
    os.environ.clear()
    random.seed(0)
    sys.setrecursionlimit(50000)  # as LiveCodeBench
    status = 0
    try:
        # Decoded here: bytes would let the solution choose a codec.
        exec(compile(code.decode(), "solution.py", "exec", dont_inherit=True), module.__dict__)
        if functional:
            give_result(request, data, module)
    except SystemExit as e:
        status = exit_status(e.code)
    except BaseException:
        status = 1
        report_error()
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        pass
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            status = status or 120
    os._exit(status)


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def report_error():
    kind, value, trace = sys.exc_info()
    try:
        # The first entry is this file's own.
        traceback.print_exception(kind, value, trace.tb_next, limit=-20)
    except BaseException:
        os.write(2, kind.__name__.encode())


def give_result(request, data, module, dumps=json.dumps, loads=json.loads, write=os.write):
    """Calls the solution's function and writes what it returns, for the grader to compare."""
    name = request["func_name"]
    solution = vars(module).get("Solution")
    if isinstance(solution, type) and hasattr(solution, name):
        function = getattr(solution(), name)
    else:
        function = vars(module)[name]
    arguments = [loads(line) for line in data.decode().split("\n")] if data else []
    returned = function(*arguments)
    if isinstance(returned, tuple):
        returned = list(returned)
    view = memoryview(dumps(plain(returned)).encode())
    while view:
        view = view[write(RESULT_FD, view) :]


def plain(value, depth=0):
    """A value as JSON that keeps what Python's == sees; {"?": …} is equal to no JSON value."""
    if depth > MOST_NESTING:
        return {"?": "nested too deep"}
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else {"/": [hex(value), "0x1"]}
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex) and value.imag == 0:
        return value.real
    if isinstance(value, (fractions.Fraction, decimal.Decimal)):
        try:
            return {"/": [hex(part) for part in value.as_integer_ratio()]}
        except (ValueError, OverflowError):
            return float(value)
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"{": {key: plain(item, depth + 1) for key, item in value.items()}}
    return {"?": type(value).__name__}

