# OK
import ctypes
libc = ctypes.CDLL(None)
assert libc.unshare(0x10000000) == -1
assert libc.mount(b'x', b'/tmp', b'tmpfs', 0, b'') == -1
print(8)
