"""Writes the golden files of the GGUF tests: stored blocks and the values gguf-py makes of them.

Made with Python 3.11, numpy 2, gguf 0.19.0. Run from anywhere: python make_gguf_golden.py
"""

import json
from pathlib import Path

import gguf
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T

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


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "dequantised.json").write_text(json.dumps(dequantised(), indent=1) + "\n")
(OUT / "quantised.json").write_text(json.dumps(quantised(), indent=1) + "\n")
