"""The text that everybody trains on: this project's own sources, as tokens."""

import json
import pathlib
import subprocess
from array import array

from . import places
from .workloads import Workload

LIMIT_BYTES = 4_000_000
# 65 characters, as many as nanoGPT's character-level Shakespeare has.
ALPHABET = "\n !$&',-.3:;?" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz"


def sources() -> list[pathlib.Path]:
    """Text of this checkout and of its dependencies."""
    found = []
    for folder in ["Sources", "Tests", "docs", ".build/checkouts"]:
        if (places.ROOT / folder).exists():
            found += sorted(
                path for path in (places.ROOT / folder).rglob("*")
                if path.suffix in (".swift", ".md", ".c", ".h") and path.is_file())
    return found


def text(limit: int = LIMIT_BYTES) -> str:
    """The first `limit` bytes of the sources."""
    parts, size = [], 0
    for path in sources():
        parts.append(path.read_text(encoding="utf-8", errors="ignore"))
        size += len(parts[-1].encode())
        if size >= limit:
            break
    return "\n".join(parts).encode()[:limit].decode(errors="ignore")


def prepare(workload: Workload, headway: pathlib.Path, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """Writes what Headway reads and the token file that the others read; both hold the same tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "text.txt"
    if workload.characters:
        kept = "".join(character for character in text() if character in ALPHABET)
        file.write_text(ALPHABET + kept, encoding="utf-8")
        codes = {character: code for code, character in enumerate(sorted(ALPHABET))}
        tokens = folder / "tokens.bin"
        tokens.write_bytes(array("H", (codes[character] for character in ALPHABET + kept)).tobytes())
        return file, tokens
    file.write_text(text(), encoding="utf-8")
    corpus = folder / "corpus"
    result = subprocess.run(
        [headway, "corpus", "build", file, "--output", corpus, "--vocabulary-size", str(workload.vocabulary),
         "--json"], capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"peers: the corpus cannot be built: {result.stderr.strip()}")
    found = json.loads(result.stdout)["vocabulary_size"]
    if found != workload.vocabulary:
        raise SystemExit(f"peers: the text gave {found} tokens instead of {workload.vocabulary}")
    return corpus, corpus / "train.bin"
