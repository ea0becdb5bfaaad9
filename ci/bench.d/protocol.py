"""What every peer speaks: the protocol of `etalon bench --serve`.

After its warm-up a program prints {"ready": [rounds]}. For each line "round" on standard input it
does one round and prints it; at "end" it prints {"result": {...}} and ends. A round has at least
"seconds".
"""
import json
import resource
import sys


def serve(round_, warmup, result, rounds=0):
    """Serves rounds until "end"; with `rounds` does these at once instead, for trying out."""
    untimed = [round_() for _ in range(1 + warmup)]
    if rounds:
        for _ in range(rounds):
            print(json.dumps(round_()), flush=True)
        return
    print(json.dumps({"ready": untimed}), flush=True)
    for line in sys.stdin:
        command = line.strip()
        if command == "end":
            break
        if command != "round":
            sys.exit(f"expected round or end, got {command}")
        print(json.dumps(round_()), flush=True)
    result["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result["peak_of"] = "process"
    print(json.dumps({"result": result}), flush=True)


def read_plan(file):
    """Slots, and for each request the index of its prompt and its length."""
    with open(file, encoding="utf-8") as stream:
        plan = json.load(stream)
    requests = [(i // plan["group"], length) for i, length in enumerate(plan["lengths"])]
    return plan["slots"], plan["prompts"], requests
