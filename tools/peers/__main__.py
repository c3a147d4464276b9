"""``python -m tools.peers``: see the package."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from xmr_core.bench.report import Figure, Report
from xmr_core.media import Floats
from xmr_core.space import unit

from . import rounds, stock
from .players import XMR, ClipRetrieval, Player, Rclip

_JITTER = 0.35  # of a unit vector's length: neighbours of a real picture, not noise
_QUESTIONS = 45  # of a running process, five of them to warm up
_VERSIONS = {
    "rclip": ("rclip", "onnxruntime", "numpy"),
    "clip-retrieval": ("clip-retrieval", "open_clip_torch", "torch", "autofaiss", "numpy"),
}


def main() -> int:
    """Measure, print the table; 1 where a bar is missed."""
    asked = _arguments().parse_args()
    if asked.folder is not None:
        return _measured(asked, asked.folder.absolute())
    with tempfile.TemporaryDirectory() as folder:
        return _measured(asked, Path(folder))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tools.peers", description="XMR beside its peers.")
    parser.add_argument("--rclip", type=Path, metavar="FOLDER", help="rclip's environment")
    parser.add_argument("--clip-retrieval", type=Path, metavar="FOLDER", help="the other's")
    parser.add_argument("--items", type=int, default=1000, help="pictures (1000)")
    parser.add_argument("--rounds", type=int, default=3, help="of everything (3)")
    parser.add_argument("--slow-rounds", type=int, default=3, help="of clip-retrieval (3)")
    parser.add_argument("--questions", type=int, default=3, help="by command, a round (3)")
    parser.add_argument("--filled", type=int, default=100_000, help="vectors (100000); 0: none")
    parser.add_argument("--folder", type=Path, help="keep pictures and weights here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here")
    return parser


def _measured(asked: argparse.Namespace, folder: Path) -> int:
    pictures, weights = folder / "pictures", folder / "weights.safetensors"
    everyone: list[Player] = [
        us := XMR(folder / "xmr", pictures, weights),
        rclip := Rclip(asked.rclip, folder / "rclip", pictures, weights),
        ClipRetrieval(asked.clip_retrieval, folder / "clip-retrieval", pictures, weights),
    ]
    everyone[-1].rounds = asked.slow_rounds
    players = []
    for player in everyone:
        if player.missing:
            _tell(f"{player.name} is left out: {player.missing}.")
        else:
            players.append(player)
    if not pictures.is_dir() or len(list(pictures.iterdir())) != asked.items:
        stock.write_pictures(pictures, asked.items)
    if not weights.is_file():
        stock.write_weights(weights)
    if rclip in players and not (rclip.place / "data" / "tokenizer").is_dir():
        stock.write_rclip_data(rclip.place / "data", weights)
    queries = folder / "queries.json"
    queries.write_text(json.dumps(stock.queries(_QUESTIONS)), "utf-8")
    found = []
    if not us.is_ready:
        first = us.ready()
        found.append(Figure("XMR, first run with a checkpoint: its graphs", first.seconds, "s"))
    for path in pictures.iterdir():  # into the system's cache, as the first player leaves it
        path.read_bytes()
    times = rounds.measure(players, queries, asked.rounds, asked.questions, _tell)
    if asked.filled:
        _tell(Report([*found, *rounds.figures(times, asked.items, 0)]).table())  # so far
        vectors = folder / "vectors.npy"
        np.save(vectors, _jittered(us.vectors(), asked.filled))
        for player in players:
            player.fill(vectors)
            _tell(f"{player.name}: {asked.filled:,} vectors")
        rounds.measure_filled(players, times, queries, asked.rounds, asked.questions, _tell)
    report = Report([*found, *rounds.figures(times, asked.items, asked.filled)])
    print(report.table())
    versions = {player.name: _versions(player) for player in players if player is not us}
    for name, lines in versions.items():
        print(f"{name}: {', '.join(lines)}")
    if asked.json:
        asked.json.write_text(json.dumps(report.as_json() | {"peers": versions}, indent=1), "utf-8")
    return int(bool(report.missed))


def _jittered(real: Floats, n: int) -> Floats:
    """n unit vectors f32 (n, d) around those of real pictures."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(n, real.shape[1])).astype(np.float32) / np.sqrt(real.shape[1])
    found: Floats = unit(real[rng.integers(len(real), size=n)] + _JITTER * noise)
    return found


def _versions(player: Player) -> list[str]:
    home = getattr(player, "_home", None)
    if home is None:
        return []
    code = "import sys, importlib.metadata as m\nfor p in sys.argv[1:]: print(p, m.version(p))"
    command = [home.absolute() / "bin" / "python", "-c", code, *_VERSIONS[player.name]]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[
        :-1
    ]


def _tell(line: str) -> None:
    load = f" (load {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""
    print(line + load, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
