"""The programs that are compared: how each is started, and how its output becomes a sample."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

from . import places
from .places import Unavailable
from .workloads import OPTIMIZER, Workload

# A sample that takes longer than its measuring time and this is a failure.
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Task:
    """What one process has to do."""

    workload: Workload
    threads: int
    corpus: pathlib.Path
    tokens: pathlib.Path
    seconds: float


@dataclass
class Contestant:
    """A program. `prepare` raises `Unavailable`; `command` gives arguments and environment."""

    name: str
    title: str
    kind: str  # "peer" or "headway"
    steps_for: dict = field(default_factory=dict)  # Headway: steps that fill the measuring time

    def prepare(self) -> None:
        """Checks that the program is there."""

    def sample(self, task: Task, cpus: list[int]) -> dict:
        """Runs one process on its own CPUs."""
        raise NotImplementedError

    def run(self, command: list, task: Task, cpus: list[int], environment: dict) -> str:
        """Runs a pinned process and returns its standard output."""
        pinned = ["taskset", "-c", ",".join(map(str, cpus)), *map(str, command)]
        try:
            result = subprocess.run(
                pinned, capture_output=True, text=True, check=False, env={**os.environ, **environment},
                timeout=task.seconds + PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"not done after {error.timeout:.0f} s") from error
        if result.returncode:
            reason = (result.stderr.strip().splitlines() or [f"exit status {result.returncode}"])[-1]
            raise Unavailable(reason)
        return result.stdout


def limits(threads: int) -> dict:
    """Variables that hold the libraries to a number of threads."""
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
    return {name: str(threads) for name in names}


class PythonProgram(Contestant):
    """A script in `programs`, in the virtual environment."""

    def __init__(self, name, title, module, script, variant=""):
        super().__init__(name, title, "peer")
        self.module, self.script, self.variant = module, script, variant

    def prepare(self):
        places.require_module(self.module)

    def sample(self, task, cpus):
        w = task.workload
        values = {
            "vocabulary": w.vocabulary, "width": w.width, "layers": w.layers, "heads": w.heads,
            "sequences": w.sequences, "length": w.length, "threads": task.threads, **OPTIMIZER,
            "seconds": task.seconds, "tokens": task.tokens, "variant": self.variant,
        }
        command = [places.PYTHON, places.HERE / "programs" / self.script]
        for key, value in values.items():
            command += [f"--{key}", value]
        environment = limits(task.threads) | {
            "TORCHINDUCTOR_CACHE_DIR": str(places.STORE / "inductor"), "JAX_PLATFORMS": "cpu"}
        if task.threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        return json.loads(self.run(command, task, cpus, environment).splitlines()[-1])


class LlmC(Contestant):
    """llm.c's train_gpt2.c with OpenMP."""

    def __init__(self):
        super().__init__("llmc", "llm.c (C, OpenMP)", "peer")
        self.binary = None

    def prepare(self):
        self.binary = places.build_llmc()

    def sample(self, task, cpus):
        w = task.workload
        with tempfile.TemporaryDirectory(dir=places.STORE) as folder:
            command = [
                self.binary, w.vocabulary, w.width, w.layers, w.heads, w.sequences, w.length,
                *OPTIMIZER.values(), task.seconds, task.tokens, f"{folder}/model.bin",
            ]
            return json.loads(self.run(command, task, cpus, limits(task.threads)).splitlines()[-1])


class HeadwayTraining(Contestant):
    """`headway train` with one set of kernels, without probes, as the others have none."""

    def __init__(self, kernels):
        super().__init__(f"headway-{kernels}", f"Headway ({kernels} kernels)", "headway")
        self.kernels = kernels
        self.binary = None

    def prepare(self):
        self.binary = places.headway()

    def sample(self, task, cpus):
        key = (task.workload.name, task.threads)
        if key not in self.steps_for:
            # The number of steps that fill the measuring time even if all were as fast as the fastest of a short
            # run; what is more than the measuring time is not counted.
            trial = self.train(task, cpus, 30)
            self.steps_for[key] = max(30, int(task.seconds * 1.2e9 / min(trial["steps_ns"])))
        return self.train(task, cpus, self.steps_for[key])

    def train(self, task, cpus, steps):
        """One run of so many steps."""
        folder = tempfile.mkdtemp(dir=places.STORE)
        settings = {
            "kernels": self.kernels, "threads": task.threads, "steps": steps, "probe": "off",
            "evaluation_batches": 0, "reduction": "segmented", "optimizer": "segmented",
            "gradient_clip": 0, "learning_rate": OPTIMIZER["rate"], "minimum_learning_rate": OPTIMIZER["rate"],
            "warmup_steps": 0, "beta1": OPTIMIZER["beta1"], "beta2": OPTIMIZER["beta2"],
            "weight_decay": OPTIMIZER["decay"],
        }
        command = [self.binary, "train", "--corpus", task.corpus, "--json", "--quiet"]
        command += ["--run-directory", f"{folder}/run", *task.workload.settings(task.threads)]
        for name, value in settings.items():
            command += ["--set", f"{name}={value}"]
        try:
            summary = json.loads(self.run(command, task, cpus, {}))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        losses = summary["loss"]["train"]
        return {
            "version": "headway", "steps_ns": summary["throughput"]["steps_ns"],
            "first_loss": losses[0]["value"], "last_loss": losses[-1]["value"],
            "peak_rss_bytes": summary["memory"].get("peak_rss_bytes"), "settings": settings,
        }


def all_contestants() -> list[Contestant]:
    """Every program, in the order of the tables."""
    return [
        PythonProgram("torch", "PyTorch eager", "torch", "torch_training.py"),
        PythonProgram("torch-fused", "PyTorch eager, fused AdamW", "torch", "torch_training.py", "fused"),
        PythonProgram("torch-compile", "PyTorch compiled, fused AdamW", "torch", "torch_training.py", "compile"),
        PythonProgram("jax", "JAX jit", "jax", "jax_training.py"),
        LlmC(),
        HeadwayTraining("simd"),
        HeadwayTraining("blas"),
    ]
