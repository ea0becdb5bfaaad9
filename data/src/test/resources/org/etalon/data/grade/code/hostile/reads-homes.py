# OK
import os
assert not any(os.path.exists(p) for p in ['/home', '/root', '/etc', '/var', '/run', '/sys', '/opt', '/mnt', '/boot', '/usr/share', '/usr/local/share', '/usr/sbin'])
print(8)
