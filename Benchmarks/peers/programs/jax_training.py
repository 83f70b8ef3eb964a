"""GPT-2 in JAX on the CPU: the whole step, forward, backward and AdamW, is one compiled function."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy

import steps


def initial(options):
    """The parameters: a dictionary per block, GPT-2's starting values."""
    draw = numpy.random.default_rng(1)
    c = options.width

    def normal(*shape, scale=0.02):
        return jnp.asarray(draw.normal(0, scale, shape), dtype=jnp.float32)

    def norm():
        return {"gain": jnp.ones(c), "bias": jnp.zeros(c)}

    def linear(k, m, scale=0.02):
        return {"weight": normal(k, m, scale=scale), "bias": jnp.zeros(m)}

    residual = 0.02 / math.sqrt(2 * options.layers)
    blocks = [
        {
            "norm1": norm(), "attention": linear(c, 3 * c), "output": linear(c, c, residual),
            "norm2": norm(), "expansion": linear(c, 4 * c), "projection": linear(4 * c, c, residual),
        }
        for _ in range(options.layers)
    ]
    return {
        "tokens": normal(options.vocabulary, c), "positions": normal(options.length, c), "blocks": blocks,
        "norm": norm(),
    }


def normalise(p, x):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * p["gain"] + p["bias"]


def apply(p, x):
    return x @ p["weight"] + p["bias"]


def attend(p, x, heads, mask):
    b, t, c = x.shape
    qkv = apply(p["attention"], x).reshape(b, t, 3, heads, c // heads)
    q, k, v = (qkv[:, :, i].transpose(0, 2, 1, 3) for i in range(3))
    scores = (q @ k.swapaxes(2, 3)) * (1 / math.sqrt(c // heads))
    y = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1) @ v
    return apply(p["output"], y.transpose(0, 2, 1, 3).reshape(b, t, c))


def loss_of(parameters, inputs, targets, heads):
    t = inputs.shape[1]
    mask = jnp.tril(jnp.ones((t, t), dtype=bool))
    x = parameters["tokens"][inputs] + parameters["positions"]
    for p in parameters["blocks"]:
        x = x + attend(p, normalise(p["norm1"], x), heads, mask)
        wide = jax.nn.gelu(apply(p["expansion"], normalise(p["norm2"], x)), approximate=True)
        x = x + apply(p["projection"], wide)
    logits = normalise(parameters["norm"], x) @ parameters["tokens"].T
    chosen = jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return (jax.nn.logsumexp(logits, axis=-1) - chosen).mean()


def main():
    options = steps.arguments()

    @partial(jax.jit, donate_argnums=0)
    def train(state, x, y):
        parameters, first, second, count = state
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, y, options.heads)
        count = count + 1
        correction1 = 1 - options.beta1**count
        correction2 = 1 - options.beta2**count
        tree = jax.tree.map
        first = tree(lambda m, g: options.beta1 * m + (1 - options.beta1) * g, first, gradients)
        second = tree(lambda v, g: options.beta2 * v + (1 - options.beta2) * g * g, second, gradients)

        def update(w, m, v):
            decay = options.decay if w.ndim > 1 else 0.0
            direction = (m / correction1) / (jnp.sqrt(v / correction2) + options.epsilon)
            return w - options.rate * (direction + decay * w)

        return (tree(update, parameters, first, second), first, second, count), loss

    parameters = initial(options)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = (parameters, zeros, jax.tree.map(jnp.zeros_like, parameters), jnp.float32(0))
    inputs, targets = steps.batches(options)
    pairs = [
        (jax.device_put(x.astype(numpy.int32)), jax.device_put(y.astype(numpy.int32)))
        for x, y in zip(inputs, targets)
    ]

    def step(index):
        nonlocal state
        state, loss = train(state, *pairs[index % len(pairs)])
        return loss

    sample = steps.measure(step, options, wait=jax.block_until_ready)
    sample["version"] = f"jax {jax.__version__}"
    steps.publish(sample)


if __name__ == "__main__":
    main()
