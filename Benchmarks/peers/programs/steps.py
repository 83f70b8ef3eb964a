"""What the Python programs share: the batches, the measured loop, and the line of JSON that they print."""

import argparse
import json
import time

import numpy

UNTIMED_STEPS = 5  # compilation, caches, allocators


def arguments():
    """The command line of every program."""
    parser = argparse.ArgumentParser()
    for name in ["vocabulary", "width", "layers", "heads", "sequences", "length", "threads"]:
        parser.add_argument("--" + name, type=int, required=True)
    for name in ["rate", "beta1", "beta2", "epsilon", "decay", "seconds"]:
        parser.add_argument("--" + name, type=float, required=True)
    parser.add_argument("--tokens", required=True, help="a file of little-endian uint16")
    parser.add_argument("--variant", default="")
    return parser.parse_args()


def batches(options, count=64):
    """(count, B, T) inputs and targets, drawn at random from the token file once, before any timing."""
    tokens = numpy.fromfile(options.tokens, dtype="<u2").astype(numpy.int64)
    draw = numpy.random.default_rng(1)
    starts = draw.integers(0, len(tokens) - options.length - 1, (count, options.sequences))
    places = starts[..., None] + numpy.arange(options.length)
    return tokens[places], tokens[places + 1]


def peak_bytes():
    """The largest resident set of this process."""
    with open("/proc/self/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def measure(step, options, wait=None):
    """Runs `step(index)` for the measuring time and returns the sample.

    `step` returns a loss. Where it may still be on its way, `wait(loss)` waits for it: the loop waits for a step
    only when the next one has been started, so that a program that works ahead may.
    """
    first = [float(step(index)) for index in range(UNTIMED_STEPS)][0]
    durations, pending, index = [], None, UNTIMED_STEPS
    begin = last = time.perf_counter_ns()
    end = begin + int(options.seconds * 1e9)
    while last < end:
        loss = step(index)
        index += 1
        if wait and pending is not None:
            wait(pending)
        pending = loss
        now = time.perf_counter_ns()
        durations.append(now - last)
        last = now
    final = float(pending)
    return {
        "steps_ns": durations,
        "first_loss": first,
        "last_loss": final,
        "peak_rss_bytes": peak_bytes(),
    }


def publish(sample):
    """Prints the sample as the last line of standard output."""
    print(json.dumps(sample))
