# OK
import os
for fd in range(3, 300):
    try:
        os.fstat(fd)
    except OSError:
        continue
    raise ValueError(fd)
for name in ['cmdline', 'kallsyms', 'keys', 'config.gz']:
    try:
        assert not open('/proc/' + name).read()
    except OSError:
        pass
print(8)
