"""Writes the golden files of module graph with PyTorch, transformers and TRL.

    pip install torch==2.6.0 transformers==4.56.2 trl==0.23.1
    python make_golden.py ../resources/golden

Weights are not stored: both sides compute them from an integer hash (see HashedWeights.java).
Models run in float64 on the CPU with eager attention; transformers itself computes RMSNorm, the
softmax and the rotary angles in float32, so its numbers are good to about 1e-6.
A golden file has lines "name v1 v2 ..."; lines that start with # are comments.
"""

import pathlib
import sys
from types import SimpleNamespace

import numpy as np
import torch
import transformers
import trl
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from trl.trainer.grpo_trainer import GRPOTrainer

TEMPERATURE = 0.7
U32 = np.uint64(0xFFFFFFFF)


def hashed(name, shape):
    """The values of one parameter: the formula of HashedWeights.java."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = (np.uint64(seed) + np.uint64(0x9E3779B9) * np.arange(np.prod(shape), dtype=np.uint64)) & U32
    h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x7FEB352D)) & U32
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(0x846CA68B)) & U32
    h ^= h >> np.uint64(16)
    u = (h >> np.uint64(8)).astype(np.float64) / 2**23 - 1
    if name.endswith("norm.weight"):
        u = 1 + u / 4
    elif name.endswith(".bias") or "embed" in name:
        u = u / 2
    else:
        u = u / 4
    return torch.tensor(u.reshape(shape))


def line(name, values):
    values = torch.as_tensor(values).flatten().tolist()
    return " ".join([name] + [f"{float(v):.9g}" for v in values])


def header(what):
    return [
        f"# {what}",
        f"# Written by make_golden.py: torch {torch.__version__.split('+')[0]}, "
        f"transformers {transformers.__version__}, trl {trl.__version__}.",
    ]


# Two documents of odd lengths; ids stay below the vocabulary, ends included.
DOCUMENTS = [
    [100, 3, 57, 57, 0, 81, 12, 99, 40, 7, 7],
    [5, 88, 23, 61, 0, 100],
]
# Which of the following tokens (ids[1:]) are trained on: prompts are not, the last token is.
MASKS = [
    [0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
    [0, 1, 1, 1, 1],
]


def model_golden(model, config, flags, what):
    model = model.double().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(hashed(name, tuple(parameter.shape)))
    lines = header(what)
    lines.append("# config: vocab hidden intermediate layers heads kvHeads headDim theta eps tied qkvBias qkNorm")
    c = config
    lines.append(
        line(
            "config",
            [c.vocab_size, c.hidden_size, c.intermediate_size, c.num_hidden_layers, c.num_attention_heads]
            + [c.num_key_value_heads, c.head_dim, c.rope_theta, c.rms_norm_eps]
            + flags,
        )
    )
    lines.append(line("temperature", [TEMPERATURE]))
    total, count = 0.0, sum(map(sum, MASKS))
    for d, (ids, mask) in enumerate(zip(DOCUMENTS, MASKS)):
        tensor = torch.tensor([ids])
        logits = model(input_ids=tensor, attention_mask=torch.ones_like(tensor)).logits[0].double()
        log_p = torch.log_softmax(logits[:-1], -1).gather(1, tensor[0, 1:, None])[:, 0]
        total = total - (log_p * torch.tensor(mask)).sum() / count
        cooled = torch.log_softmax(logits / TEMPERATURE, -1)
        lines.append(line(f"ids.{d}", ids))
        lines.append(line(f"mask.{d}", mask))
        lines.append(line(f"logprobs.{d}", cooled[:-1].gather(1, tensor[0, 1:, None])))
        lines.append(line(f"entropies.{d}", -(cooled.exp() * cooled).sum(-1)))
        for t in range(len(ids)):
            lines.append(line(f"logits.{d}.{t}", logits[t]))
    total.backward()
    lines.append("# sft: masked mean cross-entropy over both documents, nats per token, temperature 1")
    lines.append(line("sft.loss", [total]))
    squares = 0.0
    lines.append("# grad.<parameter>: norm, then the derivatives at flat indices size/3 and size-1")
    for name, parameter in model.named_parameters():
        flat = parameter.grad.flatten()
        squares += float(flat @ flat)
        lines.append(line(f"grad.{name}", [flat.norm(), flat[flat.numel() // 3], flat[-1]]))
    lines.append(line("sft.gradnorm", [squares**0.5]))
    return lines


def qwen2(tied):
    config = Qwen2Config(
        vocab_size=101, hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, head_dim=8, rope_theta=10000.0, rms_norm_eps=1e-6, tie_word_embeddings=tied,
        max_position_embeddings=64, attn_implementation="eager",
    )  # fmt: skip
    kind = "tied" if tied else "untied"
    return model_golden(Qwen2ForCausalLM(config), config, [int(tied), 1, 0], f"Qwen2ForCausalLM, {kind} head")


def qwen3():
    # head_dim is not hidden/heads here, and the base differs from Qwen2's default.
    config = Qwen3Config(
        vocab_size=101, hidden_size=36, intermediate_size=52, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=10, rope_theta=300000.0, rms_norm_eps=1e-5, tie_word_embeddings=True,
        max_position_embeddings=64, attention_bias=False, attn_implementation="eager",
    )  # fmt: skip
    return model_golden(Qwen3ForCausalLM(config), config, [1, 0, 1], "Qwen3ForCausalLM, tied head, query/key norm")


def adamw():
    """Three updates of L = sum((p - target)^2 * scale) by torch.optim.AdamW in float64."""
    lines = header("torch.optim.AdamW on L = sum(scale * (p - target)^2) over two parameters; decay on the first only")
    lines.append("# beta1 beta2 eps decay; clip: torch clip_grad_norm_ (divides by norm + 1e-6), inf = none")
    start = {"matrix": [0.5, -1.25, 2.0, 0.0, -0.75, 1.5], "bias": [0.25, -3.0]}
    target = {"matrix": [1.0, 1.0, -1.0, 0.5, 0.0, 1.5], "bias": [0.0, 2.0]}
    scale = {"matrix": [1.0, 0.01, 3.0, 0.2, 10.0, 1.0], "bias": [0.5, 0.001]}
    rates = [0.1, 0.05, 0.02]
    lines.append(line("options", [0.9, 0.95, 1e-8, 0.1]))
    lines.append(line("rates", rates))
    for what, table in (("start", start), ("target", target), ("scale", scale)):
        for name, values in table.items():
            lines.append(line(f"{what}.{name}", values))
    for case, clip in (("unclipped", float("inf")), ("clipped", 1.0)):
        p = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in start.items()}
        groups = [{"params": [p["matrix"]], "weight_decay": 0.1}, {"params": [p["bias"]], "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.95), eps=1e-8, foreach=False)
        for step, rate in enumerate(rates):
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            loss = sum(((p[n] - torch.tensor(target[n])) ** 2 * torch.tensor(scale[n]).double()).sum() for n in p)
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(list(p.values()), clip)
            optimizer.step()
            lines.append(line(f"{case}.norm.{step}", [norm]))
            for n in p:
                lines.append(line(f"{case}.{n}.{step}", p[n].detach()))
    return lines


def trl_loss(loss_type, beta, new, old, ref, advantages, mask):
    """GRPOTrainer's own loss, fed with given log-probabilities instead of a model's."""
    trainer = object.__new__(GRPOTrainer)
    trainer.beta, trainer.loss_type = beta, loss_type
    trainer.epsilon_low, trainer.epsilon_high = 0.2, 0.28
    trainer.top_entropy_quantile, trainer.importance_sampling_level = 1.0, "token"
    trainer.use_vllm, trainer.vllm_importance_sampling_correction = False, False
    trainer.current_gradient_accumulation_steps = 1
    trainer.args, trainer.model = SimpleNamespace(delta=None), SimpleNamespace(training=True)
    trainer.accelerator = SimpleNamespace(gather=lambda x: x, num_processes=1)
    trainer._metrics = {"train": {k: [] for k in METRICS}}
    trainer._get_per_token_logps_and_entropies = lambda *a, **k: (new, torch.zeros_like(new))
    ids = torch.zeros_like(mask)
    inputs = {
        "prompt_ids": ids[:, :1], "prompt_mask": ids[:, :1], "completion_ids": ids, "completion_mask": mask,
        "advantages": advantages, "old_per_token_logps": old, "ref_per_token_logps": ref,
    }  # fmt: skip
    loss = trainer._compute_loss(trainer.model, inputs)
    return loss, trainer._metrics["train"]


METRICS = ["kl", "entropy", "clip_ratio/low_mean", "clip_ratio/low_min", "clip_ratio/high_mean"] + [
    "clip_ratio/high_max",
    "clip_ratio/region_mean",
]


def mgpo():
    """Two prompts of four responses: w_ME * A from the formulas, the loss by TRL, derivatives by autograd."""
    lines = header("GRPOTrainer._compute_loss (loss_type grpo and bnpo) on given log-probabilities")
    lines.append("# advantages: A = (r - mean)/(torch.std + 1e-4) by torch, A' = exp(-lambda * D_ME) * A; clip 0.2 / 0.28")
    lines.append("# Rows are the responses, four to a prompt; TRL's KL is k3. k1 and k2 are torch autograd of the formula.")
    generator = torch.Generator().manual_seed(20251123)
    lengths = [5, 3, 7, 1, 4, 6, 2, 5]
    rewards = torch.tensor([[1.0, 0, 0, 0], [1.0, 0, 1, 0]], dtype=torch.float64)
    shape = (len(lengths), max(lengths))
    uniform = lambda: torch.rand(shape, generator=generator, dtype=torch.float64)
    keep = lambda x: torch.round(x.clamp(max=-0.001) * 1e4) / 1e4
    new = keep(-3 * uniform())
    old = keep(new + uniform() - 0.5)
    ref = keep(new + uniform() - 0.5)
    mask = torch.tensor([[int(t < n) for t in range(shape[1])] for n in lengths])
    lines.append(line("lengths", lengths))
    lines.append(line("rewards", rewards))
    for name, x in (("new", new), ("old", old), ("ref", ref)):
        for i, n in enumerate(lengths):
            lines.append(line(f"{name}.{i}", x[i, :n]))
    plain = (rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-4)
    p = rewards.mean(1, keepdim=True)
    deviation = p * torch.log(p / 0.5) + (1 - p) * torch.log((1 - p) / 0.5)
    for sharpness in (0.0, 1.0, 4.0):
        advantages = (torch.exp(-sharpness * deviation) * plain).flatten()
        lines.append(line(f"advantages.{sharpness:g}", advantages))
        for loss_type in ("grpo", "bnpo"):
            for kl, beta in (("none", 0.0), ("k1", 0.05), ("k2", 0.05), ("k3", 0.05)):
                x = new.clone().requires_grad_()
                loss, metrics = trl_loss(loss_type, beta if kl == "k3" else 0.0, x, old, ref, advantages, mask)
                if kl in ("k1", "k2"):
                    d = x - ref
                    k = (d if kl == "k1" else d**2 / 2) * mask
                    per_row = k.sum(1) / mask.sum(1)
                    loss = loss + beta * (per_row.mean() if loss_type == "grpo" else k.sum() / mask.sum())
                loss.backward()
                case = f"{loss_type}.{sharpness:g}.{kl}"
                lines.append(line(f"loss.{case}", [loss]))
                for i, n in enumerate(lengths):
                    lines.append(line(f"grad.{case}.{i}", x.grad[i, :n]))
        # Clip ratios depend on the signs of the advantages only; TRL averages them over tokens.
        if sharpness == 0.0:
            lines.append(line("clipped.low", metrics["clip_ratio/low_mean"]))
            lines.append(line("clipped.high", metrics["clip_ratio/high_mean"]))
            lines.append(line("kl.k3", metrics["kl"]))
    return lines


def sampler():
    """The warpers of transformers' generate, and torch.log_softmax, on one row of logits."""
    lines = header("transformers TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper, then softmax")
    logits = 6 * hashed("sampler.logits", (1, 41))
    lines.append("# logits are 6 * HashedWeights.values(\"sampler.logits\", 41); case: temperature topK topP")
    for i, (t, k, p) in enumerate([(1.0, 0, 1.0), (0.6, 0, 0.95), (1.3, 7, 1.0), (0.8, 20, 0.9), (1.0, 5, 0.3)]):
        scores = transformers.TemperatureLogitsWarper(t)(None, logits)
        if k:
            scores = transformers.TopKLogitsWarper(k)(None, scores)
        if p < 1:
            scores = transformers.TopPLogitsWarper(p)(None, scores)
        lines.append(line(f"case.{i}", [t, k, p]))
        lines.append(line(f"probabilities.{i}", torch.softmax(scores, -1)))
        lines.append(line(f"logprobs.{i}", torch.log_softmax(logits / t, -1)))
    return lines


def main(folder):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    files = {
        "qwen2-tied.txt": qwen2(True),
        "qwen2-untied.txt": qwen2(False),
        "qwen3.txt": qwen3(),
        "adamw.txt": adamw(),
        "mgpo.txt": mgpo(),
        "sampler.txt": sampler(),
    }
    for name, lines in files.items():
        path = pathlib.Path(folder) / name
        path.write_text("\n".join(lines) + "\n")
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_golden.py FOLDER")
    main(sys.argv[1])
