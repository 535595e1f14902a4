"""The files of this checkout that git has or would take, asked of git itself.

An empty repository beside the tree is asked, so that the answer is the same in a clone, in a dirty working tree and
in an unpacked archive.
"""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def ask_git(*words: str) -> list[str]:
    """What git prints about the tree, by line; a NUL ends a line too. Exit code 1 is "none" to some commands."""
    with tempfile.TemporaryDirectory(prefix="mostrador-tree-") as folder:
        subprocess.run(["git", "init", "--quiet", folder], check=True, capture_output=True)
        asked = subprocess.run(
            ["git", f"--git-dir={folder}/.git", f"--work-tree={ROOT}", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    if asked.returncode > 1:
        raise AssertionError(f"git {words[0]} failed: {asked.stderr}")
    return [line for line in asked.stdout.replace("\0", "\n").split("\n") if line]


@cache
def list_files() -> tuple[str, ...]:
    """Paths from the root, sorted; what is generated or ignored is not among them."""
    return tuple(
        sorted(name for name in ask_git("ls-files", "-z", "--others", "--exclude-standard") if is_file(name))
    )


def is_file(name: str) -> bool:
    return (ROOT / name).is_file()
