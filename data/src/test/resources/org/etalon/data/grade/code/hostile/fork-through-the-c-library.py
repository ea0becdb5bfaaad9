# RE
import ctypes
libc = ctypes.CDLL(None)
while libc.fork() != -1:
    pass
1 / 0
