#!/usr/bin/env python3
"""A PyTorch + transformers training step as a peer of `etalon bench train`.

Takes the model folder and the tokens that `etalon bench train --write-model DIR --write-tokens FILE`
wrote, so that weights and ids are the same. Same optimizer, rate and clipping too; SDPA attention;
the loss is the mean over all tokens but the first of each row.

  --variant autocast   float32 weights, moments and gradients; bfloat16 products through autocast
  --variant bf16       bfloat16 weights and gradients, float32 masters and moments in the optimizer
  --variant f32        everything float32
"""
import argparse
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

from protocol import serve

RATE = 1e-5
CLIP = 1.0
BETAS = (0.9, 0.95)
EPSILON = 1e-8
DECAY = 0.1


def groups(parameters):
    """Matrices decay, norms and biases do not, as in Etalon."""
    parameters = list(parameters)
    return [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": DECAY},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]


class Step:
    def __init__(self, arguments):
        torch.set_num_threads(arguments.threads or torch.get_num_threads())
        self.variant = arguments.variant
        dtype = torch.bfloat16 if self.variant == "bf16" else torch.float32
        self.model = AutoModelForCausalLM.from_pretrained(
            arguments.model, dtype=dtype, attn_implementation="sdpa"
        )
        self.model.config.use_cache = False
        self.model.train()
        if arguments.checkpoint:
            self.model.gradient_checkpointing_enable({"use_reentrant": False})
        self.weights = [p for p in self.model.parameters() if p.requires_grad]
        if self.variant == "bf16":
            # The optimizer works on float32 masters, which is what Etalon keeps as well.
            source = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32)
            self.masters = [p.detach().clone().requires_grad_() for p in source.parameters()]
            del source
        else:
            self.masters = self.weights
        self.optimizer = torch.optim.AdamW(
            groups(self.masters),
            lr=RATE,
            betas=BETAS,
            eps=EPSILON,
            fused=arguments.optimizer == "fused",
            foreach=arguments.optimizer == "foreach",
        )
        with open(arguments.tokens, encoding="utf-8") as file:
            tokens = json.load(file)
        if tokens["documents"] != 1:
            sys.exit("train_torch: rows of several documents are not compared; use one")
        self.ids = torch.tensor(tokens["ids"]).reshape(tokens["rows"], tokens["length"])
        self.forward = torch.compile(self.model) if arguments.compile else self.model

    def round(self):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.variant == "autocast"):
            loss = self.forward(input_ids=self.ids, labels=self.ids).loss
        loss.backward()
        if self.variant == "bf16":
            for master, weight in zip(self.masters, self.weights):
                master.grad = weight.grad.float()
                weight.grad = None
        norm = torch.nn.utils.clip_grad_norm_(self.masters, CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.variant == "bf16":
            with torch.no_grad():
                for master, weight in zip(self.masters, self.weights):
                    weight.copy_(master)
        value = loss.item()
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "loss": value, "grad_norm": norm.item()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0, help="run these and end; no protocol")
    parser.add_argument("--variant", choices=("autocast", "bf16", "f32"), default="autocast")
    parser.add_argument("--optimizer", choices=("fused", "foreach", "loop"), default="fused")
    parser.add_argument("--checkpoint", action="store_true", help="recompute every layer")
    parser.add_argument("--compile", action="store_true", help="torch.compile the model")
    arguments = parser.parse_args()
    step = Step(arguments)
    result = {
        "peer": "pytorch",
        "torch": torch.__version__,
        "variant": arguments.variant,
        "optimizer": arguments.optimizer,
    }
    serve(step.round, arguments.warmup, result, arguments.rounds)


if __name__ == "__main__":
    main()
