"""Where things are, and what has to be there before anything is measured."""

import os
import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
STORE = ROOT / ".build" / "peers"
PYTHON = STORE / "bin" / "python"
LLMC = "https://github.com/karpathy/llm.c"


class Unavailable(Exception):
    """A program that cannot be measured here, and why."""


def say(text: str) -> None:
    """Progress and problems go to standard error; results go to files."""
    print(text, file=sys.stderr, flush=True)


def headway() -> pathlib.Path:
    """The command under test."""
    path = pathlib.Path(os.environ.get("HEADWAY", ROOT / ".build" / "release" / "headway"))
    if not path.exists():
        raise SystemExit(f"peers: {path} does not exist: run `make build`, or name a binary in HEADWAY")
    return path.resolve()


def install() -> None:
    """Makes the virtual environment with the Python programs, once for each version of the requirements."""
    wanted = (HERE / "requirements.txt").read_text()
    mark = STORE / "requirements.installed"
    if mark.exists() and mark.read_text() == wanted and PYTHON.exists():
        return
    say(f"peers: installing the Python programs into {STORE}")
    if not PYTHON.exists():
        venv.create(STORE, with_pip=True)
    result = subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=False)
    if result.returncode == 0:
        mark.write_text(wanted)
    else:
        say("peers: pip failed; what is not installed is left out, by name")


def require_module(name: str) -> None:
    """Refuses a Python program whose library is not installed."""
    if not PYTHON.exists():
        raise Unavailable("the virtual environment could not be made")
    result = subprocess.run(
        [PYTHON, "-c", f"import {name}"], capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["unknown reason"])[-1]
        raise Unavailable(f"{name} cannot be imported: {reason}")


def build_llmc() -> pathlib.Path:
    """Fetches llm.c and builds the trainer with the flags of its own Makefile."""
    source = STORE / "llm.c"
    binary = STORE / "llmc_training"
    if not (source / "train_gpt2.c").exists():
        origin = os.environ.get("LLMC", LLMC)
        shutil.rmtree(source, ignore_errors=True)
        try:
            result = subprocess.run(
                ["git", "clone", "--quiet", "--depth", "1", origin, source], capture_output=True, text=True,
                timeout=120, check=False)
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"{origin} did not answer") from error
        if result.returncode:
            raise Unavailable(f"{origin} cannot be cloned: {result.stderr.strip().splitlines()[-1:]}")
    compiler = next((name for name in ("gcc", "clang") if shutil.which(name)), None)
    if compiler is None:
        raise Unavailable("there is no C compiler")
    flags = ["-Ofast", "-march=native", "-fopenmp", "-DTESTING", "-w"]
    command = [compiler, *flags, "-I", source, HERE / "programs" / "llmc_training.c", "-lm", "-o", binary]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Unavailable(f"llm.c does not build: {result.stderr.strip().splitlines()[:1]}")
    return binary
