"""A tower in eager torch as it comes, in a process of its own, run whenever it is told to.

Its speed depends on what the memory allocator of its process has been through, so that it
would be another one beside everything else that a benchmark does.
"""

import subprocess
import sys
from typing import Self

import numpy as np

from xmr_core.bench import media
from xmr_core.encoders.image import TOWERS, network, prepare


class Eager:
    """The child process.

    Args:
        tower: a key of ``TOWERS``.
        batch: pictures at once.
    """

    def __init__(self, tower: str, batch: int) -> None:
        serve = f"from {__name__} import serve; serve({tower!r}, {batch})"
        self._command = [sys.executable, "-c", serve]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._expect("ready")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def __call__(self) -> None:
        """Run the batch once."""
        if self._process.stdin is not None:
            self._process.stdin.write("run\n")
            self._process.stdin.flush()
        self._expect("done")

    def _expect(self, word: str) -> None:
        line = self._process.stdout.readline().strip() if self._process.stdout else ""
        if line != word:
            raise RuntimeError(f"eager torch ended early: {line}")


def serve(tower: str, batch: int) -> None:
    """In the child: run the batch for each line that comes in."""
    import torch

    pictures = [prepare(p, TOWERS[tower].side) for p in media.photographs(batch)]
    pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous()
    tensor = (pixels.float() - 127) / 128  # (n, 3, side, side)
    net = network(tower)
    with torch.inference_mode():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            net.forward_features(tensor).mean((2, 3))  # type: ignore[operator]
            sys.stdout.write("done\n")
            sys.stdout.flush()
