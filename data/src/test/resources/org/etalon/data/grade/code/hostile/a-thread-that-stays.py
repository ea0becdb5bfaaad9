# OK
import threading, time
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
print(8)
