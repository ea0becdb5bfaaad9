# RE
import mmap
x = []
while True:
    x.append(mmap.mmap(-1, 10**8))
    x[-1].write(bytes(10**8))
