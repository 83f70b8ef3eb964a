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
    begin, begin_cpu = time.perf_counter(), time.process_time()
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    read = time.perf_counter()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    # Documents of some 4,096 characters, which the library can spread over its threads; few enough cuts that the
    # tokens are nearly those of the whole text.
    documents, lines, size = [], [], 0
    for line in text.splitlines(keepends=True):
        lines.append(line)
        size += len(line)
        if size >= 4096:
            documents.append("".join(lines))
            lines, size = [], 0
    documents.append("".join(lines))
    tokenizer.train_from_iterator(documents, trainer)
    trained = time.perf_counter()
    encodings = tokenizer.encode_batch_fast(documents, add_special_tokens=False)
    ids = numpy.concatenate([numpy.asarray(encoding.ids, dtype="<u2") for encoding in encodings])
    ids.tofile(target)
    end, end_cpu = time.perf_counter(), time.process_time()
    print(json.dumps({
        "version": f"tokenizers {tokenizers.__version__}", "read_seconds": read - begin,
        "training_seconds": trained - read, "encoding_seconds": end - trained, "seconds": end - begin,
        "cpu_seconds": end_cpu - begin_cpu,
        "tokens": len(ids), "vocabulary_size": tokenizer.get_vocab_size(),
    }))


if __name__ == "__main__":
    main()
