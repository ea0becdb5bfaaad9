# OK
import ctypes, os
libc = ctypes.CDLL(None)
assert libc.ptrace(16, os.getppid(), 0, 0) == -1
for p in os.listdir('/proc'):
    if p.isdigit() and p != os.readlink('/proc/self'):
        for f in ['mem', 'fd', 'environ', 'maps', 'cwd', 'root']:
            try:
                (os.listdir if f in ['fd', 'cwd', 'root'] else open)('/proc/%s/%s' % (p, f))
            except OSError:
                continue
            raise ValueError(p + f)
print(8)
