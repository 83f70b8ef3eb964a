"""Writes biased.safetensors and unbiased.safetensors: what an independent GPT-2 gives, for the tests to match.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 autograd==1.9.1
    venv/bin/python generate.py

Run with Python 3.11.7. The model is written out in NumPy, in float64, from the paper (Radford et al. 2019); its
gradients are not: `autograd` differentiates the forward pass. Weights and moments are multiples of a power of
two, so that they are the same numbers in single precision.

A file holds, for tensor names NAME as Hugging Face's GPT-2 has them, without `transformer.`:

    weights.NAME, first.NAME, second.NAME           float32: where the step starts
    gradients.NAME                                  float64: of the mean loss, before clipping
    updated.NAME, updated_first.NAME, ...           float64: after one AdamW step
    tokens, targets (b, t)                          int32
    logits (b, t, V), loss, norm                    float64: norm is the global norm of the gradient

and in `__metadata__` the sizes and the optimizer's scalars, as text.
"""

import json
import math
import pathlib
import struct

import autograd.numpy as np
from autograd import value_and_grad

HERE = pathlib.Path(__file__).parent
SQRT_2_PI = math.sqrt(2 / math.pi)

# Odd sizes; the first clips, in the warm-up; the second does not, has no biases, sequences shorter than its
# positions, and a step on the cosine.
CASES = {
    "biased": dict(
        vocabulary=13, positions=5, channels=9, layers=2, heads=3, bias=1, sequences=2, length=5, seed=3,
        step=3, steps=40, warmup_steps=4, learning_rate=0.0125, minimum_learning_rate=0.0005,
        weight_decay=0.25, beta1=0.875, beta2=0.96875, gradient_clip=0.75),
    "unbiased": dict(
        vocabulary=7, positions=4, channels=10, layers=1, heads=2, bias=0, sequences=3, length=3, seed=4,
        step=7, steps=11, warmup_steps=2, learning_rate=0.0125, minimum_learning_rate=0.0005,
        weight_decay=0.125, beta1=0.875, beta2=0.96875, gradient_clip=1000.0),
}


def shapes(case):
    """Every parameter tensor's name and shape; a linear weight is (inputs, outputs)."""
    c = case["channels"]
    tensors = {"wte.weight": (case["vocabulary"], c), "wpe.weight": (case["positions"], c)}

    def part(name, weight, bias):
        tensors[name + ".weight"] = weight
        if case["bias"]:
            tensors[name + ".bias"] = bias

    for layer in range(case["layers"]):
        part(f"h.{layer}.ln_1", (c,), (c,))
        part(f"h.{layer}.attn.c_attn", (c, 3 * c), (3 * c,))
        part(f"h.{layer}.attn.c_proj", (c, c), (c,))
        part(f"h.{layer}.ln_2", (c,), (c,))
        part(f"h.{layer}.mlp.c_fc", (c, 4 * c), (4 * c,))
        part(f"h.{layer}.mlp.c_proj", (4 * c, c), (c,))
    part("ln_f", (c,), (c,))
    return tensors


def logits(weights, tokens, case):
    """(b, t, V)."""
    b, t = tokens.shape
    heads = case["heads"]
    size = case["channels"] // heads

    def norm(x, name):
        centred = x - np.mean(x, axis=-1, keepdims=True)
        variance = np.mean(centred**2, axis=-1, keepdims=True)
        return centred / np.sqrt(variance + 1e-5) * weights[name + ".weight"] + weights.get(name + ".bias", 0)

    def linear(x, name):
        return np.dot(x, weights[name + ".weight"]) + weights.get(name + ".bias", 0)

    def attention(x, name):
        query, key, value = (
            np.transpose(np.reshape(part, (b, t, heads, size)), (0, 2, 1, 3))
            for part in np.split(linear(x, name + ".c_attn"), 3, axis=-1))
        scores = np.matmul(query, np.swapaxes(key, -1, -2)) / math.sqrt(size)
        scores = np.where(np.tril(np.ones((t, t))) == 1, scores, -1e30)
        powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
        mixed = np.matmul(powers / np.sum(powers, axis=-1, keepdims=True), value)
        return linear(np.reshape(np.transpose(mixed, (0, 2, 1, 3)), (b, t, heads * size)), name + ".c_proj")

    def mlp(x, name):
        inner = linear(x, name + ".c_fc")
        gate = np.tanh(SQRT_2_PI * (inner + 0.044715 * inner**3))
        return linear(0.5 * inner * (1 + gate), name + ".c_proj")

    x = weights["wte.weight"][tokens] + weights["wpe.weight"][:t]
    for layer in range(case["layers"]):
        x = x + attention(norm(x, f"h.{layer}.ln_1"), f"h.{layer}.attn")
        x = x + mlp(norm(x, f"h.{layer}.ln_2"), f"h.{layer}.mlp")
    return np.dot(norm(x, "ln_f"), weights["wte.weight"].T)


def mean_loss(weights, tokens, targets, case):
    """Cross-entropy in nats per token."""
    rows = np.reshape(logits(weights, tokens, case), (tokens.size, case["vocabulary"]))
    largest = np.max(rows, axis=-1, keepdims=True)
    total = np.log(np.sum(np.exp(rows - largest), axis=-1)) + largest[:, 0]
    return np.mean(total - rows[np.arange(tokens.size), np.reshape(targets, -1)])


def rate(case):
    """Linear warm-up, then half a cosine."""
    step, warmup = case["step"], case["warmup_steps"]
    peak, minimum = case["learning_rate"], case["minimum_learning_rate"]
    if step <= warmup:
        return peak * step / warmup
    progress = (step - warmup) / (case["steps"] - warmup)
    return minimum + 0.5 * (peak - minimum) * (1 + math.cos(math.pi * progress))


def adamw(weight, first, second, gradient, case):
    """One update (Loshchilov and Hutter 2019, algorithm 2); decay on matrices only."""
    beta1, beta2, step = case["beta1"], case["beta2"], case["step"]
    first = beta1 * first + (1 - beta1) * gradient
    second = beta2 * second + (1 - beta2) * gradient**2
    direction = (first / (1 - beta1**step)) / (np.sqrt(second / (1 - beta2**step)) + 1e-8)
    decay = case["weight_decay"] if weight.ndim == 2 else 0.0
    return weight - rate(case) * (direction + decay * weight), first, second


def safetensors(tensors, metadata):
    """The bytes of a safetensors file."""
    names = {"float32": "F32", "float64": "F64", "int32": "I32"}
    header, body = {"__metadata__": metadata}, b""
    for name, value in tensors.items():
        value = np.asarray(value)
        content = value.astype(value.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": names[value.dtype.name], "shape": list(value.shape),
            "data_offsets": [len(body), len(body) + len(content)]}
        body += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def main():
    for name, case in CASES.items():
        draw = np.random.default_rng(case["seed"])
        start = {}
        for tensor, shape in shapes(case).items():
            centre = 1.0 if tensor.split(".")[-2].startswith("ln_") and tensor.endswith("weight") else 0.0
            start[tensor] = centre + np.clip(np.round(draw.normal(0, 0.3, shape) * 256), -256, 256) / 256
        first = {tensor: draw.integers(-64, 65, value.shape) / 2048 for tensor, value in start.items()}
        second = {tensor: draw.integers(1, 65, value.shape) / 4096 for tensor, value in start.items()}
        size = (case["sequences"], case["length"])
        tokens = draw.integers(0, case["vocabulary"], size)
        targets = draw.integers(0, case["vocabulary"], size)

        loss, gradients = value_and_grad(mean_loss)(start, tokens, targets, case)
        norm = math.sqrt(sum(float(np.sum(gradient**2)) for gradient in gradients.values()))
        clip = case["gradient_clip"]
        scale = clip / norm if norm > clip else 1.0

        tensors = {
            "tokens": tokens.astype(np.int32), "targets": targets.astype(np.int32),
            "logits": logits(start, tokens, case), "loss": np.array(loss), "norm": np.array(norm)}
        for tensor, value in start.items():
            updated = adamw(value, first[tensor], second[tensor], scale * gradients[tensor], case)
            tensors["weights." + tensor] = value.astype(np.float32)
            tensors["first." + tensor] = first[tensor].astype(np.float32)
            tensors["second." + tensor] = second[tensor].astype(np.float32)
            tensors["gradients." + tensor] = gradients[tensor]
            tensors["updated." + tensor], tensors["updated_first." + tensor], \
                tensors["updated_second." + tensor] = updated
        metadata = {key: str(value) for key, value in case.items()}
        (HERE / f"{name}.safetensors").write_bytes(safetensors(tensors, metadata))
        print(name, "loss", loss, "norm", norm, "scale", scale, "rate", rate(case))


main()
