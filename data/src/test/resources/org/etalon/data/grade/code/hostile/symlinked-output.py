# WA
import os
os.symlink('@HOST@/inner/file', 'out')
os.close(1)
try:
    os.open('out', os.O_WRONLY | os.O_CREAT)
except OSError:
    os.open('/dev/null', os.O_WRONLY)
print(9)
