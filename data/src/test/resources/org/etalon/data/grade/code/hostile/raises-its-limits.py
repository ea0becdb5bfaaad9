# OK
import resource
for limit in range(16):
    soft, hard = resource.getrlimit(limit)
    try:
        resource.setrlimit(limit, (hard + 1 if hard >= 0 else hard, -1))
    except (OSError, ValueError):
        continue
    assert hard == -1, limit
print(8)
