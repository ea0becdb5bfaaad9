# OK
import ctypes
libc = ctypes.CDLL(None)
assert libc.fork() == -1 and libc.vfork() == -1
print(8)
