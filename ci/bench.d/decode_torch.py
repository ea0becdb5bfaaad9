#!/usr/bin/env python3
"""Greedy decoding with transformers and a key/value cache, a peer of `etalon bench decode`.

Takes the model folder and the requests that `etalon bench decode --write-model DIR --write-requests
FILE` wrote: rows of one prompt and equal lengths. bfloat16 weights, SDPA attention. No token ends a
row. Timed after the prompt's run.
"""
import argparse
import sys
import time

import torch
from transformers import AutoModelForCausalLM, DynamicCache, StaticCache

from protocol import read_plan, serve


class Decoding:
    def __init__(self, arguments):
        torch.set_num_threads(arguments.threads or torch.get_num_threads())
        self.model = AutoModelForCausalLM.from_pretrained(
            arguments.model, dtype=torch.bfloat16, attn_implementation="sdpa"
        ).eval()
        slots, prompts, requests = read_plan(arguments.requests)
        lengths = {length for _, length in requests}
        if len(lengths) != 1 or len(requests) != slots:
            sys.exit("decode_torch: expected one request a slot, all of one length")
        self.length = lengths.pop()
        self.ids = torch.tensor([prompts[prompt] for prompt, _ in requests])
        self.static = arguments.cache == "static"
        self.result = {"peer": "transformers", "torch": torch.__version__, "cache": arguments.cache}

    def cache(self):
        if self.static:
            positions = self.ids.shape[1] + self.length
            return StaticCache(config=self.model.config, max_cache_len=positions)
        return DynamicCache(config=self.model.config)

    @torch.inference_mode()
    def round(self):
        start = time.perf_counter()
        cache = self.cache()
        out = self.model(
            input_ids=self.ids, past_key_values=cache, use_cache=True, logits_to_keep=1
        )
        token = out.logits[:, -1].argmax(-1, keepdim=True)
        first = time.perf_counter()
        drawn = [token]
        for _ in range(self.length - 1):
            out = self.model(input_ids=token, past_key_values=cache, use_cache=True)
            token = out.logits[:, -1].argmax(-1, keepdim=True)
            drawn.append(token)
        end = time.perf_counter()
        self.result["response"] = [int(t[0]) for t in drawn]
        tokens = self.ids.shape[0] * (self.length - 1)
        return {"seconds": end - first, "tokens": tokens, "first_token_seconds": first - start}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--requests", required=True)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0, help="run these and end; no protocol")
    parser.add_argument("--cache", choices=("static", "dynamic"), default="dynamic")
    arguments = parser.parse_args()
    decoding = Decoding(arguments)
    serve(decoding.round, arguments.warmup, decoding.result, arguments.rounds)


if __name__ == "__main__":
    main()
