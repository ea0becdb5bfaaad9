# TO
import hashlib, threading
def burn():
    while True:
        hashlib.sha256(bytes(10**6))
for _ in range(20):
    threading.Thread(target=burn).start()
