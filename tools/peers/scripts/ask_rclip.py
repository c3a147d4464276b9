"""Runs in rclip's environment, with rclip's own classes: ``warm``, ``fill``."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from rclip.db import DB, NewImage  # type: ignore[import-not-found]
from rclip.main import init_rclip  # type: ignore[import-not-found]
from rclip.utils.helpers import get_app_datadir  # type: ignore[import-not-found]

_WARM = 5


def warm(queries: str, k: str) -> None:
    """Ask, one question after the other, as its interactive mode does."""
    rclip, _, _ = init_rclip(str(Path.cwd()), 8, no_indexing=True)
    took = []
    for query in json.loads(Path(queries).read_text("utf-8")):
        started = time.perf_counter()
        hits = rclip.search(query, str(Path.cwd()), int(k))
        took.append(1000 * (time.perf_counter() - started))
        if len(hits) != int(k):
            raise SystemExit(f"{len(hits)} hits")
    print(json.dumps(took[_WARM:]))


def fill(file: str) -> None:
    """Rows of pictures that are not there."""
    database = DB(get_app_datadir() / "db.sqlite3")
    for i, row in enumerate(np.load(file).astype(np.float32)):
        path = os.path.join(os.getcwd(), f"{i // 1000:03d}", f"{i:06d}.jpg")  # noqa: PTH109, PTH118
        image = NewImage(
            filepath=path, modified_at=0.0, size=60_000, vector=row.tobytes(), hash=f"{i:064x}"
        )
        database.upsert_image(image, commit=False)
    database.close()


if __name__ == "__main__":
    does: dict[str, Any] = {"warm": warm, "fill": fill}
    does[sys.argv[1]](*sys.argv[2:])
