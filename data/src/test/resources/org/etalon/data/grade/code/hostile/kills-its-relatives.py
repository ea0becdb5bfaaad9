# OK
import os, signal
if os.fork() == 0:
    for pid in [1, *range(3, 50)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    os._exit(0)
try:
    os.wait()
except OSError:
    pass
print(8)
