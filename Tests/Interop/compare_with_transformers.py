"""Compares headway with Hugging Face's libraries, both ways: checkpoints, logits, losses, tokens and text.

    python compare_with_transformers.py .build/release/headway

Everything is made on the spot: the texts, the models that headway trains and transformers reads, and those
that transformers makes and headway reads. Prints every comparison; exits with 1 when one fails.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

transformers.utils.logging.disable_progress_bar()

HEADWAY = str(Path(sys.argv[1]).resolve())
TOLERANCE = 1e-4
SPECIAL = "<|endoftext|>"
failures = []


def check(what, good, detail=""):
    """Prints one comparison and remembers a failure."""
    print(f"{'ok  ' if good else 'FAIL'}  {what}{': ' + detail if detail else ''}", flush=True)
    if not good:
        failures.append(what)


def headway(*arguments, fails=False):
    """Runs headway; its standard output, or, when it must fail, its standard error."""
    done = subprocess.run([HEADWAY, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
    if (done.returncode != 0) != fails:
        raise SystemExit(f"headway {' '.join(map(str, arguments))} exited with {done.returncode}:\n{done.stderr}")
    return done.stderr if fails else done.stdout


def prose(words, seed):
    """Text whose words and pairs of words repeat."""
    draw = random.Random(seed)
    stock = ["the", "queue", "waits", "barrier", "a worker", "naïve", "Öl", "日本語", "12", "3.5", "I'll", "don't", "\n"]
    stock += ["".join(draw.choices("aeioulnrst", k=draw.randint(2, 7))) for _ in range(120)]
    return " ".join(draw.choice(stock) for _ in range(words)) + "\n"


def hard_texts():
    """Texts on which tokenizers differ if they differ at all."""
    draw = random.Random(1)
    scalars = [value for value in range(0x110000) if not 0xD800 <= value <= 0xDFFF]
    yield "emoji", "👩‍👧 🏳️‍🌈 👍🏽 🇯🇵🇩🇪 ☺️"
    yield "combining marks", "e\u0301 é \u0301\u0302 क्षि ฬ้ำ A\u030a\u212b\u00c5"
    yield "CJK", "日本語の文字、漢字と仮名。한국어 中文，标点！"
    yield "controls", "".join(map(chr, range(1, 32))) + "\x7f\x80\x85\x9f\u200b\u2028\u2029\ufeff"
    yield "digits", "0123456789 ٠١٢٣ ²³¹ Ⅷ ½ 12.5e-3 1,000 ๓"
    yield "spaces", " a  b   c\t\td \n\n\n e\r\n\r\nf\u00a0\u2003g\u3000 \u1680 h   "
    yield "contractions", "I'll you've he's we'd I'm don't they're 'S 'LL 's's ''re"
    yield "special", f"one{SPECIAL}two {SPECIAL} <|endoftext| |> {SPECIAL}{SPECIAL}\n{SPECIAL} "
    yield "scripts", "Ελληνικά Кириллица עברית العربية ქართული አማርኛ ᏣᎳᎩ 𐍈𝔘𝕊"
    yield "scalars below U+3000", " ".join(chr(value) for value in scalars[1:0x3000])
    sample = draw.sample(scalars, 60_000)
    yield "60,000 scalars of all of Unicode", "".join(chr(value) + draw.choice(["", " ", "a"]) for value in sample)
    yield "prose", prose(2_000, 5)


def logits_of(directory, path, windows=2):
    """headway's tokens of a file and its logits in the first windows."""
    return json.loads(headway("evaluate", "--checkpoint", directory, "--logits", path, "--windows", windows))


def compare_logits(what, directory, model, path):
    """The same ids into both models, window by window."""
    ours = logits_of(directory, path)
    context = ours["context_length"]
    rows = np.array(ours["logits"])
    with torch.no_grad():
        theirs = [
            model(torch.tensor([ours["tokens"][start : start + context]])).logits[0].numpy()
            for start in range(0, len(rows), context)
        ]
    theirs = np.concatenate(theirs)[: len(rows)]
    difference = float(np.abs(rows - theirs).max() / np.abs(theirs).max())
    check(
        f"{what}: logits", rows.shape == theirs.shape and difference <= TOLERANCE,
        f"{rows.shape[0]} × {rows.shape[1]}, largest difference {difference:.1e} of the largest logit",
    )


def compare_loss(what, directory, model, text, work):
    """The loss on the held-out text, over windows that do not overlap."""
    ours = json.loads(headway("evaluate", "--checkpoint", directory, "--corpus", text, "--json"))
    tokenizer = Tokenizer.from_file(str(Path(directory) / "tokenizer.json"))
    built = work / "built"
    shutil.rmtree(built, ignore_errors=True)
    # Where the text is cut depends on the text alone, so that any build holds out the same.
    headway("corpus", "build", text, "--tokenizer", "characters", "--vocabulary-size", 65536, "--output", built)
    held_out = (built / "validation.txt").read_bytes().decode("utf-8")
    ids = tokenizer.encode(held_out, add_special_tokens=False).ids
    context = model.config.n_positions
    losses = []
    with torch.no_grad():
        for start in range(0, (len(ids) - 1) // context * context, context):
            window = torch.tensor(ids[start : start + context + 1])
            losses.append(torch.nn.functional.cross_entropy(model(window[None, :-1]).logits[0], window[1:]).item())
    theirs = float(np.mean(losses))
    difference = abs(ours["validation_loss"] - theirs) / theirs
    check(
        f"{what}: held-out loss", difference <= TOLERANCE and ours["tokens"] == context * len(losses),
        f"{ours['validation_loss']:.6f} and {theirs:.6f} over {ours['tokens']:,} tokens",
    )


def compare_tokens(what, directory, texts, work):
    """The ids of every text, by headway, by tokenizers and by transformers."""
    plain = Tokenizer.from_file(str(Path(directory) / "tokenizer.json"))
    fast = PreTrainedTokenizerFast(tokenizer_file=str(Path(directory) / "tokenizer.json"))
    count, differing = 0, []
    for name, text in texts:
        path = work / "text.txt"
        path.write_bytes(text.encode("utf-8"))
        ours = logits_of(directory, path, windows=1)["tokens"]
        count += len(ours)
        if ours != plain.encode(text).ids or ours != fast(text)["input_ids"]:
            differing.append(name)
        if plain.decode(ours, skip_special_tokens=False) != text:
            differing.append(name + " (decoded)")
    check(f"{what}: ids", not differing, f"{len(texts)} texts, {count:,} tokens {differing or ''}".rstrip())


def compare_generation(what, directory, model, tokenizer, prompt):
    """The likeliest continuation, as text."""
    ours = headway("generate", "--checkpoint", directory, "--prompt", prompt, "--temperature", 0, "--tokens", 12)
    ids = tokenizer.encode(prompt, add_special_tokens=False).ids
    for _ in range(12):
        with torch.no_grad():
            ids.append(int(model(torch.tensor([ids[-model.config.n_positions :]])).logits[0, -1].argmax()))
    theirs = tokenizer.decode(ids, skip_special_tokens=False) + "\n"
    check(f"{what}: likeliest text", ours == theirs, repr(ours) if ours == theirs else f"{ours!r} and {theirs!r}")


def headway_to_transformers(work, text):
    """(a) What headway trained, read by transformers."""
    for kind, size in [("bpe", 400), ("characters", 1000)]:
        for bias in ["true", "false"]:
            what = f"headway → transformers, {kind}, {'biases' if bias == 'true' else 'no biases'}"
            out = work / f"{kind}-{bias}"
            settings = {
                "tokenizer": kind, "vocabulary_size": size, "bias": bias, "width": 32, "layers": 2, "heads": 4,
                "sequence_length": 32, "steps": 40, "learning_rate": 5e-3, "warmup_steps": 4, "probe": "off",
            }
            options = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
            headway(
                "train", "--corpus", text, "--checkpoint", out, "--run-directory", work / f"run-{kind}-{bias}",
                "--quiet", *options)
            model, loading = GPT2LMHeadModel.from_pretrained(out, output_loading_info=True)
            model.eval()
            wrong = {key: sorted(value) for key, value in loading.items() if value}
            check(f"{what}: from_pretrained", not wrong, str(wrong or f"{model.num_parameters():,} parameters"))
            compare_logits(what, out, model, text)
            compare_loss(what, out, model, text, work)
            tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
            compare_generation(what, out, model, tokenizer, "the worker" if kind == "bpe" else "the que")
            if kind == "bpe":
                compare_tokens(what, out, list(hard_texts()), work)
                continue
            known = set(Path(text).read_text(encoding="utf-8"))
            texts = [(name, "".join(filter(known.__contains__, hard))) for name, hard in hard_texts()]
            compare_tokens(what, out, [(name, hard) for name, hard in texts if hard], work)
            refused_by_both(what, out, tokenizer, work)


def refused_by_both(what, directory, tokenizer, work):
    """A character that the vocabulary lacks."""
    path = work / "unknown.txt"
    path.write_text("the\nq€", encoding="utf-8")
    words = headway("evaluate", "--checkpoint", directory, "--logits", path, fails=True)
    try:
        refused = not tokenizer.encode("the\nq€").ids
    except Exception:
        refused = True
    check(f"{what}: unknown character", refused and "line 2, character 2 is € (U+20AC)" in words, words.strip())


def transformers_model(vocabulary, text, tokenizer):
    """A small GPT-2 that torch trained for a moment, so that every tensor has something to say."""
    torch.manual_seed(7)
    config = GPT2Config(
        vocab_size=vocabulary, n_positions=48, n_embd=24, n_layer=3, n_head=3, bos_token_id=0, eos_token_id=0,
        attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    model = GPT2LMHeadModel(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    ids = torch.tensor(tokenizer.encode(Path(text).read_text(encoding="utf-8")).ids)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for step in range(40):
        places = torch.randint(len(ids) - 48, (8,))
        batch = torch.stack([ids[place : place + 48] for place in places])
        optimizer.zero_grad()
        model(batch, labels=batch).loss.backward()
        optimizer.step()
    return model.eval()


def transformers_to_headway(work, text):
    """(b) What transformers and tokenizers made, read by headway."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=[SPECIAL], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train([str(text)], trainer)
    model = transformers_model(tokenizer.get_vocab_size(), text, tokenizer)

    saved = work / "saved"
    model.save_pretrained(saved)
    tokenizer.save(str(saved / "tokenizer.json"))
    fast = work / "saved-fast"
    model.save_pretrained(fast)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=SPECIAL, eos_token=SPECIAL, unk_token=SPECIAL
    ).save_pretrained(fast)
    # Without the prefix: the model without its head.
    bare = work / "saved-bare"
    model.transformer.save_pretrained(bare)
    shutil.copy(saved / "tokenizer.json", bare)
    # As years ago: masks among the weights, the head beside its twin, the element type's older name.
    old = work / "saved-old"
    shutil.copytree(saved, old)
    tensors = load_file(saved / "model.safetensors")
    tensors["lm_head.weight"] = tensors["transformer.wte.weight"].clone()
    for layer in range(3):
        tensors[f"transformer.h.{layer}.attn.bias"] = torch.ones(1, 1, 48, 48, dtype=torch.uint8).tril()
        tensors[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(tensors, old / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((saved / "config.json").read_text())
    config["torch_dtype"] = config.pop("dtype", None) or config.get("torch_dtype")
    config.update(n_ctx=48, n_inner=None, some_later_key={"x": [1]})
    (old / "config.json").write_text(json.dumps(config))

    for name, directory in [
        ("save_pretrained and Tokenizer.save", saved), ("PreTrainedTokenizerFast.save_pretrained", fast),
        ("GPT2Model.save_pretrained", bare), ("an older file", old),
    ]:
        what = f"transformers → headway, {name}"
        compare_logits(what, directory, model, text)
        compare_loss(what, directory, model, text, work)
        compare_generation(what, directory, model, tokenizer, "the worker")
        compare_tokens(what, directory, list(hard_texts()), work)

    half = work / "saved-half"
    model.half().save_pretrained(half)
    shutil.copy(saved / "tokenizer.json", half)
    words = headway("evaluate", "--checkpoint", half, "--logits", text, fails=True)
    check("transformers → headway, half precision is refused", "float16, expected float32" in words, words.strip())


def main():
    print(
        f"torch {torch.__version__}, transformers {transformers.__version__}, "
        f"tokenizers {tokenizers.__version__}, numpy {np.__version__}")
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        work = Path(directory)
        text = work / "prose.txt"
        text.write_text(prose(12_000, 3), encoding="utf-8")
        headway_to_transformers(work, text)
        transformers_to_headway(work, text)
    print(f"{len(failures)} comparisons failed" if failures else "every comparison holds")
    sys.exit(1 if failures else 0)


main()
