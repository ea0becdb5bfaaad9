# OK
import os
assert not os.environ
seen = ''
for p in [p for p in os.listdir('/proc') if p.isdigit()] + ['self']:
    try:
        seen += open('/proc/' + p + '/environ').read()
    except OSError:
        pass
assert all(name not in seen for name in ['HOME', 'USER', 'JAVA', 'LANG', 'SHELL']), seen
print(8)
