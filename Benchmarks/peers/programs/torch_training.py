"""GPT-2 in PyTorch on the CPU, after nanoGPT: eager, eager with the fused AdamW, or compiled."""

import math

import torch
import torch.nn.functional as F
from torch import nn

import steps


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.expansion = nn.Linear(width, 4 * width)
        self.projection = nn.Linear(4 * width, width)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.attention(self.norm1(x)).split(c, dim=2)
        q, k, v = (y.view(b, t, self.heads, c // self.heads).transpose(1, 2) for y in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(b, t, c))
        return x + self.projection(F.gelu(self.expansion(self.norm2(x)), approximate="tanh"))


class Model(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.tokens = nn.Embedding(options.vocabulary, options.width)
        self.positions = nn.Embedding(options.length, options.width)
        self.blocks = nn.ModuleList(
            Block(options.width, options.heads) for _ in range(options.layers))
        self.norm = nn.LayerNorm(options.width)
        self.register_buffer("places", torch.arange(options.length))
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                residual = name.endswith(("output.weight", "projection.weight"))
                scale = math.sqrt(2 * options.layers) if residual else 1
                nn.init.normal_(parameter, std=0.02 / scale)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, inputs, targets):
        x = self.tokens(inputs) + self.positions(self.places)
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.tokens.weight)
        return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))


def main():
    options = steps.arguments()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    model = Model(options)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": options.decay},
        {"params": [p for p in model.parameters() if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(
        groups, lr=options.rate, betas=(options.beta1, options.beta2), eps=options.epsilon,
        fused=True if options.variant in ("fused", "compile") else None)
    forward = torch.compile(model, dynamic=False) if options.variant == "compile" else model
    inputs, targets = (torch.from_numpy(array) for array in steps.batches(options))
    pairs = [(x.clone(), y.clone()) for x, y in zip(inputs, targets)]

    def step(index):
        x, y = pairs[index % len(pairs)]
        loss = forward(x, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    sample = steps.measure(step, options)
    sample["version"] = f"torch {torch.__version__}"
    sample["threads"] = torch.get_num_threads()
    steps.publish(sample)


if __name__ == "__main__":
    main()
