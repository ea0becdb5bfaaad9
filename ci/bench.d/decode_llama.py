#!/usr/bin/env python3
"""llama.cpp through the low-level API of llama-cpp-python, a peer of `etalon bench decode` and
`etalon bench rollout`.

Takes a GGUF file (`etalon export --format gguf --dtype bf16`) and the requests that
`etalon bench … --write-requests FILE` wrote. Continuous batching: every step decodes one token of
each running sequence in one batch; a slot whose response has its length is given to the next
request at once; requests of one prompt that start together share its run. No token ends a response.

  --phase decode    times from the first tokens on; all requests start together
  --phase rollout   times from the prompts to the last token
"""
import argparse
import sys
import time

import llama_cpp as llama

from protocol import read_plan, serve


class Context:
    """A model with a context of fixed size; frees nothing, since the process ends with it."""

    def __init__(self, arguments, slots, positions, prompt_tokens):
        llama.llama_backend_init()
        options = llama.llama_model_default_params()
        options.n_gpu_layers = 0
        self.model = llama.llama_model_load_from_file(arguments.model.encode(), options)
        if not self.model:
            sys.exit(f"{arguments.model}: llama.cpp cannot load it")
        self.batch_size = max(512, slots, prompt_tokens)
        options = llama.llama_context_default_params()
        options.n_ctx = slots * positions
        options.n_batch = self.batch_size
        options.n_ubatch = min(512, self.batch_size)
        options.n_seq_max = slots
        options.n_threads = arguments.threads
        options.n_threads_batch = arguments.threads
        options.flash_attn = arguments.flash_attention
        options.kv_unified = arguments.unified
        options.no_perf = True
        self.context = llama.llama_init_from_model(self.model, options)
        if not self.context:
            sys.exit("llama.cpp cannot make a context of this size")
        self.memory = llama.llama_get_memory(self.context)
        self.batch = llama.llama_batch_init(self.batch_size, 0, 1)
        self.sampler = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if arguments.temperature > 0:
            temperature = llama.llama_sampler_init_temp(arguments.temperature)
            llama.llama_sampler_chain_add(self.sampler, temperature)
            llama.llama_sampler_chain_add(self.sampler, llama.llama_sampler_init_dist(1))
        else:
            llama.llama_sampler_chain_add(self.sampler, llama.llama_sampler_init_greedy())

    def clear(self):
        llama.llama_memory_clear(self.memory, True)

    def start(self):
        self.batch.n_tokens = 0

    def add(self, token, position, sequence, logits):
        """Puts a token into the batch; returns its index there."""
        i = self.batch.n_tokens
        self.batch.token[i] = token
        self.batch.pos[i] = position
        self.batch.n_seq_id[i] = 1
        self.batch.seq_id[i][0] = sequence
        self.batch.logits[i] = logits
        self.batch.n_tokens = i + 1
        return i

    def decode(self):
        code = llama.llama_decode(self.context, self.batch)
        if code != 0:
            sys.exit(f"llama_decode gave {code}")

    def sample(self, index):
        return llama.llama_sampler_sample(self.sampler, self.context, index)


class Rollouts:
    def __init__(self, arguments):
        self.slots, self.prompts, self.requests = read_plan(arguments.requests)
        longest = max(length for _, length in self.requests)
        prompt = max(len(ids) for ids in self.prompts)
        self.decode_only = arguments.phase == "decode"
        if self.decode_only and len(self.requests) != self.slots:
            sys.exit("decode_llama: --phase decode expects one request a slot")
        self.context = Context(arguments, self.slots, prompt + longest, prompt)
        self.result = {
            "peer": "llama.cpp",
            "llama_cpp_python": llama.__version__,
            "system": llama.llama_print_system_info().decode(),
            "flash_attention": arguments.flash_attention,
            "unified": arguments.unified,
        }

    def admit(self, waiting, free, running):
        """Runs the prompts of as many requests as there are free slots."""
        while waiting and free:
            prompt, _ = waiting[0]
            members = []
            while waiting and free and waiting[0][0] == prompt:
                members.append((free.pop(), waiting.pop(0)[1]))
            ids = self.prompts[prompt]
            first = members[0][0]
            for slot, _ in members:
                llama.llama_memory_seq_rm(self.context.memory, slot, -1, -1)
            self.context.start()
            for position, token in enumerate(ids):
                last = self.context.add(token, position, first, position == len(ids) - 1)
            self.context.decode()
            for slot, length in members:
                if slot != first:
                    llama.llama_memory_seq_cp(self.context.memory, first, slot, -1, -1)
                # slot: next token, its position, tokens still to be drawn
                running[slot] = [self.context.sample(last), len(ids), length - 1]
        for slot in [slot for slot, state in running.items() if state[2] == 0]:
            del running[slot]
            free.append(slot)

    def step(self, running, free):
        self.context.start()
        at = {
            slot: self.context.add(state[0], state[1], slot, True)
            for slot, state in running.items()
        }
        self.context.decode()
        for slot, index in at.items():
            state = running[slot]
            state[0] = self.context.sample(index)
            state[1] += 1
            state[2] -= 1
            if state[2] == 0:
                del running[slot]
                free.append(slot)

    def round(self):
        self.context.clear()
        waiting = list(self.requests)
        free = list(range(self.slots))
        running = {}
        start = time.perf_counter()
        self.admit(waiting, free, running)
        followed = next(iter(running), None)
        drawn = [running[followed][0]] if running else []
        first = time.perf_counter()
        while running or waiting:
            if waiting and free:
                self.admit(waiting, free, running)
            if running:
                self.step(running, free)
            if self.decode_only and followed in running:
                drawn.append(running[followed][0])
        end = time.perf_counter()
        tokens = sum(length for _, length in self.requests)
        if self.decode_only:
            # All but the last token, which ends the response.
            self.result["response"] = drawn
            return {
                "seconds": end - first,
                "tokens": tokens - len(self.requests),
                "first_token_seconds": first - start,
            }
        return {"seconds": end - start, "tokens": tokens}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--requests", required=True)
    parser.add_argument("--phase", choices=("decode", "rollout"), default="rollout")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--flash-attention", action="store_true")
    parser.add_argument("--unified", action="store_true", help="one buffer for all sequences")
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0, help="run these and end; no protocol")
    arguments = parser.parse_args()
    rollouts = Rollouts(arguments)
    serve(rollouts.round, arguments.warmup, rollouts.result, arguments.rounds)


if __name__ == "__main__":
    main()
