# OK
import os
for p in ['/x', '/dev/x', '/proc/x', '/usr/x', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/1/oom_score_adj']:
    try:
        open(p, 'w')
    except OSError:
        continue
    raise ValueError(p)
print(8)
