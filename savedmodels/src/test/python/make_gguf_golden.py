"""Writes the golden files of the GGUF tests: stored blocks and the values gguf-py makes of them, a
small tokenizer and the ids llama.cpp makes with it.

Made with Python 3.11, numpy 2, gguf 0.19.0, tokenizers 0.22.2, llama-cpp-python 0.3.36. Run from anywhere: python make_gguf_golden.py
"""

import json
import tempfile
from pathlib import Path

import gguf
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T
from llama_cpp import Llama
from tokenizers import ByteLevelBPETokenizer

OUT = Path(__file__).resolve().parents[1] / "resources" / "gguf"
BLOCKS = 3

# Where a block's half-precision scales lie; random bits there would make most values NaN.
HALVES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208],
}


def stored(kind, rng):
    size, width = GGML_QUANT_SIZES[kind]
    if kind == T.F32:
        return rng.standard_normal(32).astype(np.float32).view(np.uint8)
    if kind == T.F16:
        special = np.array([0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0x7C00, 0xFC00], np.uint16)
        return np.concatenate([special.view(np.float16),
                               rng.standard_normal(25).astype(np.float16)]).view(np.uint8)
    if kind == T.BF16:
        return gguf.quants.quantize(rng.standard_normal(32).astype(np.float32), kind).view(np.uint8)
    blocks = rng.integers(0, 256, (BLOCKS, width), dtype=np.uint8)
    for at in HALVES[kind]:
        scales = (rng.standard_normal(BLOCKS) * 0.1).astype(np.float16)
        scales[-1] = np.float16(3e-6)  # subnormal
        blocks[:, at:at + 2] = scales.reshape(-1, 1).view(np.uint8)
    return blocks.reshape(-1)


def dequantised():
    rng = np.random.default_rng(20240607)
    cases = {}
    for kind in [T.F32, T.F16, T.BF16, *HALVES]:
        raw = stored(kind, rng)
        values = gguf.quants.dequantize(raw, kind)
        assert values.dtype == np.float32
        cases[kind.name] = {"blocks": raw.tobytes().hex(),
                            "values": values.astype(">f4").tobytes().hex()}
    return cases


def quantised():
    rng = np.random.default_rng(7)
    # Zeros, ties of the rounding, a tiny and a huge block, and ordinary ones.
    values = np.concatenate([
        np.zeros(32), np.arange(-16, 16) / 2, rng.standard_normal(32) * 1e-7,
        rng.standard_normal(32) * 3e4, np.full(32, 1 / 3), rng.standard_normal(32 * 5),
        np.where(np.arange(32) == 5, -127.0, np.arange(32) + 0.5),
    ]).astype(np.float32)
    cases = {"values": values.astype(">f4").tobytes().hex()}
    for kind in [T.F16, T.BF16, T.Q8_0]:
        cases[kind.name] = gguf.quants.quantize(values, kind).tobytes().hex()
    return cases


# None holds a special token: Etalon cuts such a text before it is merged, llama.cpp after.
TEXTS = [
    "Hello world, hello World", "  leading and   inner  spaces \n\n\ttabs\r\n  end ",
    "12345 + 678 = 13023; 3.14159, x^2 - 4x + 4 = (x-2)^2", "\\frac{1}{2} \\leq \u222b_0^1 \u03c0\u22483.14",
    "def f(x):\n    return [i**2 for i in range(10)]  # comment\n\n\n", "\u4f60\u597d,\u4e16\u754c!\u4eca\u5929\u662f2024\u5e74\u3002",
    "\U0001f600\U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467", "I'll can't WE'LL DON'T they've",
    "\u00c9mile caf\u00e9 \u00bd \u00b2\u00b3 \u0663\u0664 \u216b", "1 22 333 4444 55555 1,000,000",
    "!!!???...---===>>><<<||| $$$ ~~~ ^^^ +++ ``", "\n", " ", "    ", "the thethe",
    "<|im_started|>user\nHi<|im_end>", "https://example.com/path?q=1&r=%20#frag",
]
PRES = ["smollm", "qwen2", "llama-bpe", "gpt-2", "default"]


def tokenizer():
    """A vocabulary of 600 tokens trained on the texts, two control tokens and one user-defined."""
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(TEXTS * 3, vocab_size=600, min_frequency=2)
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    merges = [" ".join(merge) for merge in model["merges"]]
    types = [1] * len(tokens) + [3, 3, 4]
    tokens += ["<|im_start|>", "<|im_end|>", "<tool>"]
    cases = {}
    for pre in PRES:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/v.gguf"
            writer = gguf.GGUFWriter(path, "llama")
            writer.add_tokenizer_model("gpt2")
            writer.add_tokenizer_pre(pre)
            writer.add_token_list(tokens)
            writer.add_token_types(types)
            writer.add_token_merges(merges)
            writer.add_bos_token_id(len(tokens) - 3)
            writer.add_eos_token_id(len(tokens) - 2)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
            loaded = Llama(path, vocab_only=True, verbose=False)
            cases[pre] = [loaded.tokenize(t.encode(), add_bos=False, special=False) for t in TEXTS]
            loaded.close()
    return {"tokens": tokens, "types": types, "merges": merges, "texts": TEXTS, "ids": cases}


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "dequantised.json").write_text(json.dumps(dequantised(), indent=1) + "\n")
(OUT / "quantised.json").write_text(json.dumps(quantised(), indent=1) + "\n")
(OUT / "tokenizer.json").write_text(json.dumps(tokenizer()) + "\n")
