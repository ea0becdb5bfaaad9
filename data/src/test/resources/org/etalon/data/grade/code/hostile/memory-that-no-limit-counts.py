# OK
import ctypes, os
libc = ctypes.CDLL(None)
assert libc.shmget(1, 10**8, 0o1666) == -1
assert libc.msgget(1, 0o1666) == -1
try:
    os.memfd_create('x')
except OSError:
    print(8)
