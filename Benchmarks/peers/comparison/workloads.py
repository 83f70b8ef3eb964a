"""What is trained: the model, the global batch, the targets."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """A GPT-2 model and its global batch. V, C, L, H and B x T as everywhere in the project."""

    name: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    sequences: int  # B, of the global batch
    length: int  # T
    characters: bool  # whether the tokens are characters rather than byte pairs
    target_ratio: float  # Headway / best peer
    target_bytes: int  # Headway's peak resident set
    seconds: float  # measured at least: five steps of the slowest program on one CPU

    @property
    def tokens(self) -> int:
        """Tokens of a step."""
        return self.sequences * self.length

    def measured(self, seconds: float) -> float:
        """Seconds measured of a sample when `seconds` are asked for."""
        return max(seconds, self.seconds)

    def cut(self, threads: int) -> tuple[int, int]:
        """Headway's batch size and batches per step: one batch for each thread, the same global batch."""
        if self.sequences % threads:
            raise ValueError(f"{self.sequences} sequences do not divide over {threads} threads")
        return self.sequences // threads, threads

    def settings(self, threads: int) -> list[str]:
        """The configuration as arguments of `headway`."""
        batch, batches = self.cut(threads)
        values = {
            "vocabulary_size": self.vocabulary,
            "width": self.width,
            "layers": self.layers,
            "heads": self.heads,
            "sequence_length": self.length,
            "batch_size": batch,
            "batches_per_step": batches,
        }
        if self.characters:
            values["tokenizer"] = "characters"
        return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


WORKLOADS = {
    workload.name: workload
    for workload in [
        Workload("S", 1000, 128, 2, 4, 4, 32, False, 1.40, 64_000_000, 1.0),
        Workload("N", 65, 128, 4, 4, 12, 64, True, 1.25, 100_000_000, 1.0),
        Workload("F", 1000, 256, 4, 8, 32, 128, False, 1.15, 400_000_000, 8.0),
    ]
}

# Every program: AdamW without clipping, since not all of them clip.
OPTIMIZER = {"rate": 1e-3, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "decay": 0.1}
