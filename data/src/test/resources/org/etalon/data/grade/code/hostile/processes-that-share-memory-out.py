# RE
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = bytearray(200 << 20)
        for i in range(0, len(x), 4096):
            x[i] = 1
        time.sleep(60)
time.sleep(60)
