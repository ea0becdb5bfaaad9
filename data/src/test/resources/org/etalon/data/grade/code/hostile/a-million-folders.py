# RE
import os
for i in range(10**6):
    os.mkdir('d')
    os.chdir('d')
print(8)
