# RE
import os
os.closerange(0, 1000)
print(8)
