"""Runs an export by TensorFlow's Python loader and compares with what Java wrote down.

    pip install tensorflow-cpu==2.18.1
    python compare_python_loader.py VERSION_FOLDER EXPECTED.json

EXPECTED.json: {"new": N, "prompts": [[id, …], …], "ids": [[…], …], "logprobs": [[…], …],
"scores": [[…], …]}, greedy answers of the in-process decoder and log-probabilities of the prompts.
PythonLoaderTest writes it and runs this. Each prompt is asked alone and all together in one padded
batch; ids must be equal, log-probabilities within 1e-5. The warm-up file is read by tf.data.
Prints one line a check; the exit code is 1 if one fails.
"""

import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

TOLERANCE = 1e-5


def padded(rows):
    longest = max(map(len, rows))
    return tf.constant([row + [0] * (longest - len(row)) for row in rows], tf.int32)


def lengths(rows):
    return tf.constant([len(row) for row in rows], tf.int32)


def generate(model, rows, new):
    n = len(rows)
    out = model.signatures["serving_default"](
        ids=padded(rows),
        lengths=lengths(rows),
        temperature=tf.zeros(n),
        top_k=tf.zeros(n, tf.int32),
        top_p=tf.ones(n),
        seed=tf.zeros(n, tf.int64),
        max_new_tokens=tf.fill([n], new),
    )
    counts = out["lengths"].numpy()
    return [
        (out["ids"][i, : counts[i]].numpy().tolist(), out["logprobs"][i, : counts[i]].numpy())
        for i in range(n)
    ]


def compare(name, answers, expected):
    worst = 0.0
    for (ids, logprobs), wanted_ids, wanted in zip(answers, expected["ids"], expected["logprobs"]):
        assert ids == wanted_ids, f"{name}: {ids} instead of {wanted_ids}"
        worst = max(worst, float(np.abs(logprobs - np.array(wanted)).max()))
    assert worst <= TOLERANCE, f"{name}: log-probabilities differ by {worst}"
    tokens = sum(map(len, expected["ids"]))
    print(f"{name}: {tokens} tokens equal, log-probabilities within {worst:.1e}")


def main(folder, expected_file):
    expected = json.loads(pathlib.Path(expected_file).read_text())
    model = tf.saved_model.load(folder)
    prompts, new = expected["prompts"], expected["new"]
    alone = [generate(model, [prompt], new)[0] for prompt in prompts]
    compare("alone", alone, expected)
    compare("together", generate(model, prompts, new), expected)
    scores = model.signatures["score"](ids=padded(prompts), lengths=lengths(prompts))["logprobs"]
    worst = 0.0
    for i, wanted in enumerate(expected["scores"]):
        if wanted:
            worst = max(worst, float(np.abs(scores[i, : len(wanted)].numpy() - wanted).max()))
    assert worst <= TOLERANCE, f"score: log-probabilities differ by {worst}"
    print(f"score: within {worst:.1e}")
    warm_up = pathlib.Path(folder) / "assets.extra" / "tf_serving_warmup_requests"
    print(f"warm-up: {sum(1 for _ in tf.data.TFRecordDataset(str(warm_up)))} records")


main(*sys.argv[1:])
