# RE
open('/etc/passwd')
print(8)
