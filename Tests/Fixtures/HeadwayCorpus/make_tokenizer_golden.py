"""Writes tokenizer_golden.json: what Hugging Face `tokenizers` learns and encodes, for the tests to match.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python make_tokenizer_golden.py
"""

import json
import pathlib
import random

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SENTENCES = [
    "The quick brown fox jumps over the lazy dog, and the dog doesn't mind.",
    "We've seen that they're late; I'll wait, she'd wait, he's waiting.  Twice.",
    "def mean(values):\n    total = 0\n    for value in values:\n        total += value\n"
    "    return total / len(values)\n",
    "let total = values.reduce(0, +) / Double(values.count) // 3.14159, 2,718 and 1e-9\n\n\n",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Voix ambiguë d'un cœur qui, au zéphyr, préfère les jattes de kiwis.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "いろはにほへと ちりぬるを わかよたれそ つねならむ",
    "天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。",
    "نص حكيم له سر قاطع وذو شأن عظيم ١٢٣٤٥",
    "x² + y³ ≤ ½ ⅔ Ⅷ → ∞ €19.99 £5 👩‍👧 🎉🎉 naïve café",
]

EDGES = [
    "", " ", "  ", "\n", "\n\n\n", "\t\t x", "a  b", "a   b", "  leading", "trailing  ", " \n x \r\n y",
    "don't DON'T 'sup 'll 'l 're're ''s 's", "I'm you'd we'll", "'", "''", "x'", "a1b2c3", "12 345", " 12", "!?!",
    " !?!", "a!b", "_snake_case", "\u00a0nbsp\u00a0\u00a0x", "\u3000wide\u3000", "a\u2028b\u2029c", "\u0085x",
    "zero\u200bwidth", "e\u0301 combining", "nul\x00byte", "\x1f\x1e", "\x0b\x0c vt", "\ufeffbom",
    "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> ", "  \n<|endoftext|>\n  x",
    "<|endoftext|><|endoftext|>", "<|endoftext", "<<|endoftext|>>", "<|endoftext|<|endoftext|>",
    "x <| y |> z", "\U00010330\U0001d7d8 plane one", "\u088f new in Unicode 17", "ª º ʰ ⁿ ª",
    "a" * 47, "a" * 48, "a" * 49, "the" * 100, "ab" * 300, " " * 200, "=" * 131 + "\n", "\n" * 77 + "x",
]


def main():
    here = pathlib.Path(__file__).parent
    draw = random.Random(12)
    documents = SENTENCES + ["\n".join(draw.sample(SENTENCES, 4)) for _ in range(6)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=640, min_frequency=2, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(documents, trainer)

    pieces = [word for sentence in SENTENCES for word in sentence.split(" ")]
    pieces += ["  ", "\n", "\t", "'s", "'re", "<|endoftext|>", "<", "1", "é", "\u00a0", "日本", "🎉", "!"]
    mixtures = ["".join(draw.choice(pieces + [" "] * 20) for _ in range(12)) for _ in range(60)]
    long_piece = "".join(draw.choice("theandaeio") for _ in range(700))
    texts = SENTENCES + EDGES + mixtures + [long_piece]
    golden = {
        "tokenizers_version": tokenizers.__version__,
        "vocabulary_size": 640,
        "documents": documents,
        "cases": [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts],
        "tokenizer": json.loads(tokenizer.to_str()),
    }
    with open(here / "tokenizer_golden.json", "w", encoding="utf-8", newline="\n") as file:
        json.dump(golden, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


main()
