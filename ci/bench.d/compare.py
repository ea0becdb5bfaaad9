#!/usr/bin/env python3
"""Measures Etalon and its peers alternately; called by ci/bench. Needs the standard library only.

Each set starts `etalon bench … --serve`, which measures the machine's ceilings, writes its random
model, and warms up; then the fastest variant of each peer on the same weights and tokens. Rounds
are taken in turn, one program at a time. A peer that is not installed is left out and named.
"""
import argparse
import atexit
import json
import math
import os
import shutil
import signal
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ETALON = ROOT / "training/target/etalon/bin/etalon"
OUT = ROOT / "target/bench"
# Losses are products of bfloat16: 8 significant bits, averaged over many tokens.
LOSS_TOLERANCE = 5e-3

TORCH_TRAIN = {
    "autocast": ["--variant", "autocast"],
    "bf16": ["--variant", "bf16"],
}
TORCH_DECODE = {
    "dynamic cache": ["--cache", "dynamic"],
    "static cache": ["--cache", "static"],
}
LLAMA = {
    "plain": [],
    "flash": ["--flash-attention"],
    "flash, unified": ["--flash-attention", "--unified"],
}


def train(context, *options):
    return {
        "bench": ["train", "--context", str(context), *options],
        "files": {"--write-tokens": "tokens.json"},
        "peers": [("PyTorch", "train_torch.py", TORCH_TRAIN, "--tokens", "tokens.json", [])],
    }


def decode(rows, context, tokens):
    size = ["--rows", str(rows), "--context", str(context), "--tokens", str(tokens)]
    files = {"--write-requests": "requests.json"}
    requests = ("--requests", "requests.json")
    return {
        "bench": ["decode", *size],
        "files": files,
        "peers": [
            ("llama.cpp", "decode_llama.py", LLAMA, *requests, ["--phase", "decode"]),
            ("transformers", "decode_torch.py", TORCH_DECODE, *requests, []),
        ],
    }


def rollout(rows, *options):
    return {
        "bench": ["rollout", "--rows", str(rows), "--temperature", "1", *options],
        "files": {"--write-requests": "requests.json"},
        "peers": [
            (
                "llama.cpp",
                "decode_llama.py",
                LLAMA,
                "--requests",
                "requests.json",
                ["--phase", "rollout", "--temperature", "1"],
            )
        ],
    }


SETS = {
    "train-1k": train(1024),
    "train-4k": train(4096),
    "decode-1": decode(1, 128, 128),
    "decode-16": decode(16, 128, 128),
    "rollout-16": rollout(16),
    "rollout-32": rollout(32, "--prompts", "8"),
    "rl": {"bench": ["rl"], "files": {}, "peers": []},
}


class Program:
    """A program that speaks the protocol."""

    def __init__(self, name, command, log):
        self.name = name
        self.log = log
        self.rounds = []
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(log, "w", encoding="utf-8"),
            text=True,
            cwd=ROOT,
        )
        # Whatever happens, nothing of ours goes on computing.
        atexit.register(self.process.kill)

    def read(self, key):
        while True:
            line = self.process.stdout.readline()
            if not line:
                code = self.process.wait()
                sys.exit(f"{self.name} ended with {code}; see {self.log}")
            # Libraries write to the console as well.
            if line.startswith("{"):
                answer = json.loads(line)
                if key in answer:
                    return answer

    def send(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def ready(self):
        self.warmup = self.read("ready")["ready"]

    def round(self):
        self.send("round")
        answer = self.read("seconds")
        self.rounds.append(answer)
        return answer

    def end(self):
        self.send("end")
        self.result = self.read("result")["result"]
        self.process.stdin.close()
        self.process.wait()

    def losses(self):
        return [r["loss"] for r in self.warmup + self.rounds if "loss" in r]

    def rates(self, tokens):
        return [r.get("tokens", tokens) / r["seconds"] for r in self.rounds]


def has(python, modules):
    code = "import " + ", ".join(modules)
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def peer_command(arguments, script, variant, folder, flag, file, extra):
    model = folder / ("model.gguf" if script == "decode_llama.py" else "model")
    return [
        arguments.python,
        str(HERE / script),
        "--model",
        str(model),
        flag,
        str(folder / file),
        "--threads",
        str(arguments.threads),
        *extra,
        *variant,
    ]


def fastest(arguments, name, script, variants, folder, flag, file, extra):
    """The variant whose better of two rounds is the quickest; the only one of those asked for."""
    chosen = {k: v for k, v in variants.items() if k in arguments.variant} or variants
    if len(chosen) == 1:
        return next(iter(chosen))
    times = {}
    for label, variant in chosen.items():
        command = peer_command(arguments, script, variant, folder, flag, file, extra)
        log = folder / f"{name}-{label}.log"
        with open(log, "w", encoding="utf-8") as errors:
            done = subprocess.run(
                command + ["--warmup", "0", "--rounds", "2"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                check=False,
            )
        rounds = [json.loads(s) for s in done.stdout.splitlines() if s.startswith("{")]
        if done.returncode != 0 or not rounds:
            say(f"  {name}, {label}: failed with {done.returncode}; see {log}")
            continue
        times[label] = min(r["seconds"] for r in rounds)
        say(f"  {name}, {label}: {times[label]:.3f} s")
    return min(times, key=times.get) if times else None


def say(text):
    print(text, flush=True)


def start_ours(arguments, chosen, folder):
    command = [str(ETALON), "bench", *chosen["bench"], "--shape", arguments.shape, "--serve"]
    command += ["--threads", str(arguments.threads), "--warmup", str(arguments.warmup)]
    command += ["--ceiling", str(arguments.ceiling), *arguments.etalon]
    if chosen["peers"]:
        command += ["--write-model", str(folder / "model")]
    for flag, file in chosen["files"].items():
        command += [flag, str(folder / file)]
    ours = Program("etalon", command, folder / "etalon.log")
    ours.ready()
    return ours


def start_peers(arguments, chosen, folder):
    peers = []
    for name, script, variants, flag, file, extra in chosen["peers"]:
        if script == "decode_llama.py":
            if not arguments.llama:
                continue
            gguf = folder / "model.gguf"
            if not gguf.exists():
                export = ["export", "--format", "gguf", "--dtype", "bf16"]
                subprocess.run(
                    [str(ETALON), *export, "--model", str(folder / "model"), "--out", str(gguf)],
                    check=True,
                )
        elif not arguments.torch:
            continue
        label = fastest(arguments, name, script, variants, folder, flag, file, extra)
        if label is None:
            continue
        command = peer_command(arguments, script, variants[label], folder, flag, file, extra)
        command += ["--warmup", str(arguments.warmup)]
        peer = Program(name, command, folder / f"{name}.log")
        peer.label = label
        peer.ready()
        peers.append(peer)
    return peers


def check_losses(ours, peers):
    """The largest difference; peers that compute something else are no peers."""
    for peer in peers:
        pairs = list(zip(ours.losses(), peer.losses()))
        if not pairs:
            continue
        gap = max(abs(a - b) for a, b in pairs)
        say(f"  losses: etalon {ours.losses()[0]:.5f} … {ours.losses()[-1]:.5f}, {peer.name}")
        say(f"          {peer.losses()[0]:.5f} … {peer.losses()[-1]:.5f}; at most {gap:.2e} apart")
        if not gap <= LOSS_TOLERANCE:
            sys.exit(f"losses differ by more than {LOSS_TOLERANCE}: not the same computation")


def compare_responses(ours, peers):
    """Says how far greedy responses agree; random weights in bfloat16 part sooner or later."""
    mine = ours.result["setting"].get("response", [])
    for peer in peers:
        other = peer.result.get("response", [])
        if mine and other:
            equal = 0
            while equal < min(len(mine), len(other)) and mine[equal] == other[equal]:
                equal += 1
            say(f"  {peer.name}: the first {equal} tokens of {len(other)} are Etalon's")


def measure(arguments, name):
    chosen = SETS[name]
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"{name}: etalon bench {' '.join(chosen['bench'])} --shape {arguments.shape}")
    ours = start_ours(arguments, chosen, folder)
    peers = start_peers(arguments, chosen, folder)
    for _ in range(arguments.rounds):
        for program in [ours, *peers]:
            program.round()
    for program in [*peers, ours]:
        program.end()
    check_losses(ours, peers)
    compare_responses(ours, peers)
    shutil.rmtree(folder / "model", ignore_errors=True)
    (folder / "model.gguf").unlink(missing_ok=True)
    return record(name, ours, peers)


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def record(name, ours, peers):
    tokens = ours.rounds[0]["tokens"]
    rates = ours.rates(tokens)
    entry = {
        "set": name,
        "etalon": ours.result,
        "tokens_per_second": spread(rates),
        "peers": [],
    }
    for peer in peers:
        other = peer.rates(tokens)
        pairs = [a / b for a, b in zip(rates, other)]
        entry["peers"].append(
            {
                "name": peer.name,
                "variant": peer.label,
                "result": peer.result,
                "warmup": peer.warmup,
                "rounds": peer.rounds,
                "tokens_per_second": spread(other),
                "ratio_of_medians": statistics.median(rates) / statistics.median(other),
                "ratio_by_round": spread(pairs),
            }
        )
    return entry


def number(value):
    digits = max(0, 2 - int(math.floor(math.log10(value)))) if value > 0 else 0
    return f"{value:.{digits}f}"


def rate(s):
    return f"{number(s['median'])} [{number(s['min'])}, {number(s['max'])}]"


def share(result, key):
    return f"{result[key]['median']:.2f}" if key in result else ""


def table(entries):
    lines = [
        "| set | Etalon, tokens/s | of product | of read | peer | tokens/s | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for e in entries:
        result = e["etalon"]
        ours = [rate(e["tokens_per_second"])]
        ours += [share(result, "share_of_product"), share(result, "share_of_read")]
        for p in e["peers"] or [None]:
            peer = ["", "", ""]
            if p:
                by_round = p["ratio_by_round"]
                ratio = f"{p['ratio_of_medians']:.2f}x"
                ratio += f" [{by_round['min']:.2f}, {by_round['max']:.2f}]"
                peer = [f"{p['name']} ({p['variant']})", rate(p["tokens_per_second"]), ratio]
            lines.append("| " + " | ".join([e["set"], *ours, *peer]) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(
        prog="ci/bench",
        description="Measures Etalon and its peers alternately. Sets: " + ", ".join(SETS) + ".",
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help="default: all")
    parser.add_argument("--shape", default="smollm2-135m", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="of each; default: %(default)s")
    parser.add_argument("--warmup", type=int, default=1, help="default: %(default)s")
    parser.add_argument(
        "--threads", type=int, default=len(os.sched_getaffinity(0)), help="default: all cores"
    )
    parser.add_argument("--ceiling", type=int, default=4096, help="default: %(default)s; 0 = none")
    parser.add_argument(
        "--variant",
        action="append",
        default=[],
        help="of a peer, to be repeated; default: the fastest of all, in a trial of each",
    )
    parser.add_argument(
        "--etalon", nargs=1, action="extend", default=[], metavar="ARG", help="passed on to etalon"
    )
    arguments = parser.parse_args()
    names = arguments.sets or list(SETS)
    for name in names:
        if name not in SETS:
            parser.error(f"expected one of {', '.join(SETS)}, got {name}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments.python = os.environ.get("ETALON_PEER_PYTHON", "python3")
    arguments.torch = has(arguments.python, ["torch", "transformers"])
    arguments.llama = has(arguments.python, ["llama_cpp"])
    hint = "run ci/bench --install-peers, or set ETALON_PEER_PYTHON"
    if not arguments.torch:
        say(f"PyTorch and transformers are left out: {arguments.python} lacks them; {hint}")
    if not arguments.llama:
        say(f"llama.cpp is left out: {arguments.python} lacks llama_cpp; {hint}")
    OUT.mkdir(parents=True, exist_ok=True)
    entries = []
    for name in names:
        entries.append(measure(arguments, name))
        (OUT / "bench.json").write_text(json.dumps(entries, indent=1), encoding="utf-8")
        (OUT / "bench.md").write_text(table(entries), encoding="utf-8")
    print()
    print(table(entries), end="")


if __name__ == "__main__":
    main()
