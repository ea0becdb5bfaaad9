"""Compares a SavedModel in TensorFlow's Python loader with etalon generate.

    pip install tensorflow-cpu==2.18.0
    python compare_savedmodel.py ETALON MODEL_FOLDER SAVED_MODEL/VERSION

Both give 64 greedy tokens for four prompts of different lengths, all in one batch in Python.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import tensorflow as tf

PROMPTS = [
    "Tom has 3 boxes with 8 pencils in each box. Tom loses 5 pencils. How many pencils are left?",
    "Ava has 7 coins and buys 5 more. How many coins does Ava have?",
    "What is the capital of France?",
    "Hi",
]
NEW = 64


def write(file, lines):
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def run(etalon, command, folder, work, *more):
    subprocess.run(
        [etalon, command, "--model", folder, "--input", str(work / "in.jsonl"),
         "--output", str(work / "out.jsonl"), "--force", *more],
        check=True, stderr=subprocess.DEVNULL,
    )
    return [json.loads(line) for line in (work / "out.jsonl").open()]


def framed(etalon, folder, work, prompt):
    """ChatML of SmolLM2, where id 1 opens a turn and id 2 closes it; texts are encoded by Etalon."""
    write(work / "in.jsonl", [{"text": "user\n" + prompt}, {"text": "assistant\n"}])
    user, assistant = (row["ids"] for row in run(etalon, "score", folder, work))
    return [1] + user + [2, assistant[-1], 1] + assistant


def main(etalon, folder, saved):
    work = pathlib.Path(tempfile.mkdtemp())
    prompts = [framed(etalon, folder, work, prompt) for prompt in PROMPTS]
    write(work / "in.jsonl", [{"ids": ids} for ids in prompts])
    rows = run(etalon, "generate", folder, work, "--greedy", "--max-new-tokens", str(NEW))
    longest = max(map(len, prompts))
    n = len(prompts)
    model = tf.saved_model.load(saved)
    out = model.signatures["serving_default"](
        ids=tf.constant([p + [0] * (longest - len(p)) for p in prompts], tf.int32),
        lengths=tf.constant([len(p) for p in prompts], tf.int32),
        temperature=tf.zeros(n),
        top_k=tf.zeros(n, tf.int32),
        top_p=tf.ones(n),
        seed=tf.ones(n, tf.int64),
        max_new_tokens=tf.fill([n], NEW),
    )
    for i, row in enumerate(rows):
        length = int(out["lengths"][i])
        ids = out["ids"][i, :length].numpy().tolist()
        logps = out["logprobs"][i, :length].numpy()
        print(
            f"prompt {i}: {sum(a == b for a, b in zip(ids, row['ids']))} of {len(row['ids'])} tokens"
            f" equal, worst log-prob difference {np.abs(logps - row['logprobs']).max():.2e}"
        )
        assert ids == row["ids"]


main(*sys.argv[1:])
