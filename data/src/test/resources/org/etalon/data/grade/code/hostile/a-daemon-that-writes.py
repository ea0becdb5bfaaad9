# OK
import os, time
print(8, flush=True)
if os.fork() == 0:
    os.setsid()
    while True:
        os.write(2, b'9')
        time.sleep(0.5)
time.sleep(0.2)
os._exit(0)
