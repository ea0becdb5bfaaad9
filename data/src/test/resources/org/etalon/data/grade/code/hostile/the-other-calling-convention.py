# OK
import ctypes
libc = ctypes.CDLL(None)
assert libc.syscall(0x40000000 + 57) == -1
print(8)
