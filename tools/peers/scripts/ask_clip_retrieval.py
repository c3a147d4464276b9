"""Runs in clip-retrieval's environment, with its service's class: ``ask``, ``warm``, ``fill``."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

_WARM = 5


def service(index: str, model: str) -> Any:
    """Its KnnService over one index, with all that is optional left out."""
    from clip_retrieval.clip_back import (  # type: ignore[import-not-found]
        ClipOptions,
        KnnService,
        load_clip_index,
    )

    options = ClipOptions(
        indice_folder=index,
        clip_model=model,
        enable_hdf5=False,
        enable_faiss_memory_mapping=False,
        columns_to_return=["image_path"],
        reorder_metadata_by_ivf_index=False,
        enable_mclip_option=False,
        use_jit=False,
        use_arrow=False,
        provide_safety_model=False,
        provide_violence_detector=False,
        provide_aesthetic_embeddings=False,
    )
    return KnnService(clip_resources={"peers": load_clip_index(options)})


def asked(knn: Any, query: str, k: int) -> int:
    """How many hits a question has."""
    found = knn.query(text_input=query, num_images=k, num_result_ids=k, deduplicate=False)
    return len(found)


def ask(index: str, model: str, query: str, k: str) -> None:
    """One question."""
    print(asked(service(index, model), query, int(k)))


def warm(index: str, model: str, queries: str, k: str) -> None:
    """One question after the other."""
    knn, took = service(index, model), []
    for query in json.loads(Path(queries).read_text("utf-8")):
        started = time.perf_counter()
        hits = asked(knn, query, int(k))
        took.append(1000 * (time.perf_counter() - started))
        if hits != int(k):
            raise SystemExit(f"{hits} hits")
    print(json.dumps(took[_WARM:]))


def fill(folder: str, _model: str, file: str) -> None:
    """Vectors and paths of pictures that are not there, as its ``inference`` writes them."""
    import pandas as pd

    rows = np.load(file).astype(np.float16)
    for name in ("img_emb", "metadata"):
        (Path(folder) / name).mkdir(parents=True)
    np.save(Path(folder) / "img_emb" / "img_emb_0.npy", rows)
    paths = [f"nothing/{i // 1000:03d}/{i:06d}.jpg" for i in range(len(rows))]
    pd.DataFrame({"image_path": paths}).to_parquet(Path(folder) / "metadata" / "metadata_0.parquet")


if __name__ == "__main__":
    does: dict[str, Any] = {"ask": ask, "warm": warm, "fill": fill}
    does[sys.argv[1]](*sys.argv[2:])
