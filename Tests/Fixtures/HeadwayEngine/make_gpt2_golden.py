"""Writes gpt2/: a tiny GPT-2 as `transformers` saves it, its tokenizer, and the logits that it computes.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 transformers==5.23.0 tokenizers==0.23.3
    venv/bin/python make_gpt2_golden.py
"""

import json
import pathlib

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel

TEXT = "A queue, ä 日"


def main():
    place = pathlib.Path(__file__).parent / "gpt2"
    special = "<|endoftext|>"
    vocabulary = {special: 0} | {each: 1 + id for id, each in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([special])
    torch.manual_seed(3)
    model = GPT2LMHeadModel(
        GPT2Config(vocab_size=257, n_positions=6, n_embd=4, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0))
    with torch.no_grad():
        # As drawn, biases are zeros and gains ones: give every tensor something to say.
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    model.eval()
    model.save_pretrained(place)
    (place / "generation_config.json").unlink(missing_ok=True)
    tokenizer.save(str(place / "tokenizer.json"), pretty=False)
    ids = tokenizer.encode(TEXT).ids
    with torch.no_grad():
        logits = [model(torch.tensor([ids[start : start + 6]])).logits[0] for start in range(0, len(ids), 6)]
    # Every 16th logit: enough to see a difference, and a small file.
    rows = [[float(f"{value:.7g}") for value in row[::16].tolist()] for row in torch.cat(logits)]
    golden = {"transformers_version": transformers.__version__, "text": TEXT, "ids": ids, "logits": rows}
    (place / "expected.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
