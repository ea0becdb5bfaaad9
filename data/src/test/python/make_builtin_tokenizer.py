"""Makes the built-in tokenizer: byte-level BPE of exactly 768 tokens, laid out like Qwen2's.

How the checked-in files were made (Python tokenizers 0.23.3, from the repository root):

    mvn -q -pl data test-compile
    mvn -q -pl data dependency:build-classpath -Dmdep.outputFile=cp.txt
    java -cp data/target/classes:data/target/test-classes:$(cat cp.txt) \\
        org.etalon.data.builtin.BuiltinCorpus problems.jsonl 20260101
    pip install tokenizers==0.23.3
    python data/src/test/python/make_builtin_tokenizer.py problems.jsonl \\
        data/src/main/resources/org/etalon/data/builtin

The corpus is the prompts and traces of the built-in problems in ChatML framing, plus the few
English lines of COMMON, so that words of one's own instructions are not all spelled in bytes.
Training is deterministic: the same corpus gives the same files. The script prints the number of
tokens of prompts and traces per level.
"""

import collections
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

VOCABULARY = 768
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# Qwen2's pattern: words with their leading space, single digits, runs of symbols, line ends.
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
COMMON = """\
You are a helpful assistant.
Please reason step by step, and put your final answer within \\boxed{}.
Let the value of each number be given. Then we have the sum, so the answer is the result.
What is the total? How many are there in all? Which of these is the larger one?
Solve for x. Find the value of y. Compute the product. Show that it is true. Therefore it must be.
"""


def byte_level():
    return dict(add_prefix_space=False, trim_offsets=False, use_regex=False)


def train(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(**byte_level()),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.ByteLevel(**byte_level())
    tokenizer.decoder = decoders.ByteLevel(**byte_level())
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    if tokenizer.get_vocab_size() != VOCABULARY:
        raise SystemExit(
            f"the corpus gives only {tokenizer.get_vocab_size()} tokens of {VOCABULARY}"
        )
    return tokenizer


def config():
    added = {
        str(VOCABULARY - len(SPECIAL) + i): {
            "content": token,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
            "special": True,
        }
        for i, token in enumerate(SPECIAL)
    }
    return {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": added,
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "bos_token": None,
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|im_end|>",
        "errors": "replace",
        "model_max_length": 32768,
        "pad_token": "<|endoftext|>",
        "split_special_tokens": False,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
    }


def report(tokenizer, problems):
    lengths = collections.defaultdict(list)
    for problem in problems:
        level = problem["id"].split("/")[2]
        lengths[level, "prompt"].append(len(tokenizer.encode(problem["prompt"]).ids))
        for trace in problem["traces"]:
            lengths[level, "trace"].append(len(tokenizer.encode(trace).ids))
    for (level, what), counts in sorted(lengths.items()):
        counts.sort()
        mean = sum(counts) / len(counts)
        high = counts[int(0.95 * len(counts))]
        print(f"level {level} {what:6s} tokens: mean {mean:5.1f}  95 % {high:3d}  max {counts[-1]}")


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: make_builtin_tokenizer.py PROBLEMS.jsonl OUTPUT_FOLDER")
    lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    problems = [json.loads(line) for line in lines]
    texts = ["system\n", "user\n", "assistant\n"] * 1000 + COMMON.splitlines(keepends=True) * 20
    for problem in problems:
        for trace in problem["traces"] or [""]:
            texts.append("user\n" + problem["prompt"])
            texts.append("assistant\n" + trace)
    tokenizer = train(texts)
    folder = pathlib.Path(sys.argv[2])
    tokenizer.save(str(folder / "tokenizer.json"))
    text = json.dumps(config(), indent=2, ensure_ascii=False) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
    report(tokenizer, problems)


if __name__ == "__main__":
    main()
