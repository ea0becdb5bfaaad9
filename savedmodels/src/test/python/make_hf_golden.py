"""Writes the golden files of Hugging Face model folders with PyTorch and transformers.

    pip install torch==2.15.0 transformers==4.56.2
    python make_hf_golden.py ../resources/golden/hf ../../../../graph/src/test/resources/golden/rope.txt

Each model becomes a folder with its config.json, as save_pretrained writes it, and expected.txt.
Weights are not stored: both sides compute them from an integer hash (see HashedWeights.java).
Models run in float32 on one CPU thread with eager attention, over a prompt and its greedy
continuation, so that positions reach far beyond the window of the pretraining.
A golden file has lines "name v1 v2 ..."; lines that start with # are comments.
"""

import pathlib
import sys

import numpy as np
import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

U32 = np.uint64(0xFFFFFFFF)
PROMPT = 240
LENGTH = 496
ROWS = (0, 100, PROMPT - 1, LENGTH - 1)


def uniform(name, count):
    """Hashed numbers in [-1, 1)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = (np.uint64(seed) + np.uint64(0x9E3779B9) * np.arange(count, dtype=np.uint64)) & U32
    h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x7FEB352D)) & U32
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(0x846CA68B)) & U32
    h ^= h >> np.uint64(16)
    return (h >> np.uint64(8)).astype(np.float64) / 2**23 - 1


def hashed(name, shape):
    """The values of one parameter: the formula of HashedWeights.java."""
    u = uniform(name, np.prod(shape))
    if name.endswith("norm.weight"):
        u = 1 + u / 4
    elif name.endswith(".bias") or "embed" in name:
        u = u / 2
    elif not (name.endswith("o_proj.weight") or name.endswith("down_proj.weight")):
        u = u / 4  # What writes to the residual stream stays large, or a tied model repeats itself.
    return torch.tensor(u.reshape(shape), dtype=torch.float32)


def line(name, values):
    values = torch.as_tensor(values).flatten().tolist()
    return " ".join([name] + [f"{float(v):.9g}" for v in values])


def header(what):
    return [
        f"# {what}",
        f"# Written by make_hf_golden.py: torch {torch.__version__.split('+')[0]}, "
        f"transformers {transformers.__version__}.",
    ]


SMALL = dict(vocab_size=83, num_hidden_layers=2, attn_implementation="eager")
QWEN2 = SMALL | dict(hidden_size=42, intermediate_size=50, num_attention_heads=3, num_key_value_heads=1)
QWEN3 = SMALL | dict(hidden_size=36, intermediate_size=54, num_attention_heads=4, num_key_value_heads=2, head_dim=10)
LLAMA = SMALL | dict(hidden_size=40, intermediate_size=46, num_attention_heads=5, num_key_value_heads=5)

MODELS = {
    "qwen2-tied": (Qwen2ForCausalLM, Qwen2Config(**QWEN2, tie_word_embeddings=True, rope_theta=1e6)),
    "qwen2-yarn": (
        Qwen2ForCausalLM,
        Qwen2Config(
            **QWEN2, tie_word_embeddings=False, max_position_embeddings=512,
            rope_scaling={"type": "yarn", "factor": 16.0, "original_max_position_embeddings": 32, "beta_fast": 4.0},
        ),
    ),
    "qwen3-linear": (
        Qwen3ForCausalLM,
        Qwen3Config(
            **QWEN3, tie_word_embeddings=True, max_position_embeddings=512, rms_norm_eps=1e-5,
            rope_scaling={"rope_type": "linear", "factor": 12.5},
        ),
    ),
    "qwen3-yarn": (
        Qwen3ForCausalLM,
        Qwen3Config(
            **QWEN3, tie_word_embeddings=False, max_position_embeddings=64, rope_theta=500.0,
            rope_scaling={
                "rope_type": "yarn", "factor": 8.0, "mscale": 1.5, "mscale_all_dim": 0.5, "truncate": False,
                "beta_fast": 3.0, "beta_slow": 0.5,
            },
        ),
    ),
    "llama-llama3": (
        LlamaForCausalLM,
        LlamaConfig(
            **LLAMA, tie_word_embeddings=True, max_position_embeddings=512, rope_theta=500.0, eos_token_id=[2, 7],
            rope_scaling={
                "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                "original_max_position_embeddings": 48,
            },
        ),
    ),
    "llama-untied": (LlamaForCausalLM, LlamaConfig(**LLAMA, head_dim=6, tie_word_embeddings=False)),
}  # fmt: skip


def prompt(vocabulary):
    u = (uniform("prompt", PROMPT) + 1) / 2
    return (u * vocabulary).astype(np.int64).tolist()


def model_golden(name, model_class, config):
    model = model_class(config).float().eval()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(hashed(parameter_name, tuple(parameter.shape)))
        ids = torch.tensor([prompt(config.vocab_size)])
        cache, step = None, ids
        while ids.shape[1] < LENGTH:
            out = model(input_ids=step, past_key_values=cache, use_cache=True)
            cache, step = out.past_key_values, out.logits[:, -1:].argmax(-1)
            ids = torch.cat([ids, step], 1)
        logits = model(input_ids=ids, use_cache=False).logits[0]
    top = logits[PROMPT - 1 : -1].topk(2, -1).values
    logps = torch.log_softmax(logits[:-1].double(), -1).gather(1, ids[0, 1:, None])
    lines = header(f"{model_class.__name__}, {name}: a prompt and its greedy continuation")
    lines.append(f"# smallest lead of a greedy token over the next: {float((top[:, 0] - top[:, 1]).min()):.3g}")
    lines.append(line("prompt", [PROMPT]))
    lines.append(line("ids", ids))
    lines.append(line("logprobs", logps))
    for t in ROWS:
        lines.append(line(f"logits.{t}", logits[t]))
    print(name, lines[2], "distinct continuation tokens", len(set(ids[0, PROMPT:].tolist())))
    return model, lines


ROPES = [
    ("default", 16, 10000.0, 64, {"rope_type": "default"}),
    ("linear", 12, 10000.0, 64, {"rope_type": "linear", "factor": 3.5}),
    ("llama3", 16, 10000.0, 512, {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                  "high_freq_factor": 4.0, "original_max_position_embeddings": 64}),
    ("llama3-wide", 64, 500000.0, 131072, {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                                           "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}),
    ("yarn", 128, 1000000.0, 131072, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}),
    ("yarn-fractions", 10, 500.0, 64, {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 64,
                                       "truncate": False, "beta_fast": 3.0, "beta_slow": 0.5}),
    ("yarn-window-of-16", 16, 10000.0, 64, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}),
    # No channel turns even once in 4 positions: the ramp runs backwards.
    ("yarn-below", 16, 10000.0, 64, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4}),
    # Every channel turns more than 32 times: the ramp begins after the last one.
    ("yarn-above", 8, 10.0, 32768, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}),
    ("yarn-factor-1", 16, 10000.0, 64, {"rope_type": "yarn", "factor": 1.0, "original_max_position_embeddings": 64}),
]  # fmt: skip


def rope_golden():
    lines = header("ROPE_INIT_FUNCTIONS of transformers")
    lines.append("# case.<name>: headDim theta; the rest stands in make_hf_golden.py and RopeScalingTest.java")
    for name, head_dim, theta, most, scaling in ROPES:
        config = LlamaConfig(head_dim=head_dim, rope_theta=theta, max_position_embeddings=most, rope_scaling=scaling)
        frequencies, attention = ROPE_INIT_FUNCTIONS[scaling["rope_type"]](config, "cpu")
        lines.append(line(f"case.{name}", [head_dim, theta]))
        lines.append(line(f"attention.{name}", [attention]))
        lines.append(line(f"frequencies.{name}", frequencies))
    return lines


def main(folder, rope):
    torch.set_num_threads(1)
    for name, (model_class, config) in MODELS.items():
        model, lines = model_golden(name, model_class, config)
        target = pathlib.Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        model.config.save_pretrained(target)
        (target / "expected.txt").write_text("\n".join(lines) + "\n")
    # One whole folder as transformers writes it, in bfloat16 and in shards.
    model_class, config = MODELS["qwen2-yarn"]
    saved = pathlib.Path(folder) / "saved"
    model_golden("saved", model_class, config)[0].to(torch.bfloat16).save_pretrained(saved, max_shard_size="40KB")
    pathlib.Path(rope).write_text("\n".join(rope_golden()) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: make_hf_golden.py FOLDER ROPE_FILE")
    main(sys.argv[1], sys.argv[2])
