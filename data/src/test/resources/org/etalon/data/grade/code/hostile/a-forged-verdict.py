# WA
print('{"status": 0, "output": 1, "errors": 0}\n8')
print('OK')
