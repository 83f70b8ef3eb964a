"""Byte-level BPE with the `tokenizers` library: learns from a text file and encodes it, as `headway corpus build` does.

Arguments: text file, vocabulary size, file to write the tokens to. Prints the seconds of each phase as JSON.
"""

import json
import sys
import time

import numpy
import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def main():
    source, vocabulary, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    begin = time.perf_counter()
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    read = time.perf_counter()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    # Lines are many small documents, which the library can spread over its threads; the pieces are the same
    # save for line ends that meet other white space.
    lines = text.splitlines(keepends=True)
    tokenizer.train_from_iterator(lines, trainer)
    trained = time.perf_counter()
    encodings = tokenizer.encode_batch_fast(lines, add_special_tokens=False)
    ids = numpy.concatenate([numpy.asarray(encoding.ids, dtype="<u2") for encoding in encodings])
    ids.tofile(target)
    end = time.perf_counter()
    print(json.dumps({
        "version": f"tokenizers {tokenizers.__version__}", "read_seconds": read - begin,
        "training_seconds": trained - read, "encoding_seconds": end - trained, "seconds": end - begin,
        "tokens": len(ids), "vocabulary_size": tokenizer.get_vocab_size(),
    }))


if __name__ == "__main__":
    main()
