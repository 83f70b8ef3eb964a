"""Writes character_golden.json: a character vocabulary as Hugging Face `tokenizers` saves and encodes it.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python make_character_golden.py
"""

import json
import pathlib

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

# Canonically equivalent spellings are different characters: Å as U+00C5, as U+212B, and as A with U+030A.
TEXT = "First Citizen:\nWe are accounted poor,\r\n\tnaïve café 日本 👩‍👧 \u00c5\u212bA\u030a \u00a0\u2028\x00<|endoftext|>"
CASES = [TEXT, "", "\n", "AÅ\u212bA\u030a", "👧‍👩", "<|endoftext|>", "  \t\n", "日日本", "entire"]


def spell(character):
    """A character in GPT-2's byte alphabet."""
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(character)[0][0]


def main():
    characters = sorted(set(TEXT))
    tokenizer = Tokenizer(models.WordLevel({spell(each): id for id, each in enumerate(characters)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    golden = {
        "tokenizers_version": tokenizers.__version__,
        "text": TEXT,
        "cases": [{"text": text, "ids": tokenizer.encode(text).ids} for text in CASES],
        "tokenizer": json.loads(tokenizer.to_str()),
    }
    path = pathlib.Path(__file__).parent / "character_golden.json"
    path.write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


main()
