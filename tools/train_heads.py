"""Train the heads that come with XMR and write them to ``assets/heads``.

Run it from the root of the checkout; the first time it encodes the media of XMR_DATA
(ten minutes on two cores), later it takes minutes:

    XMR_DATA=FOLDER python tools/train_heads.py image|audio|mesh|strengths|all
    XMR_DATA=FOLDER python tools/train_heads.py tuning
    XMR_DATA=FOLDER python tools/train_heads.py manifests OUT

``strengths`` trains no head: it fits what scores are worth to the heads that are there, and
is to be run after any of the others. ``tuning`` trains the picture towers further, for which
a graphics card is wanted; then run ``audio``, ``mesh`` and ``strengths``. The last form
writes the tables on which ``xmr eval`` judges them.
"""

import argparse
import importlib
import sys
from pathlib import Path

# In this order: sounds and meshes use the text side of the first, strengths use all.
HEADS = ("image", "audio", "mesh", "strengths")


def main() -> None:
    """Train what the command line names, or write the tables."""
    parser = argparse.ArgumentParser(description="Train the heads that come with XMR.")
    parser.add_argument("what", choices=(*HEADS, "all", "tuning", "manifests"))
    parser.add_argument("folder", nargs="?", type=Path, help="where the tables go")
    arguments = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    from heads import data

    if arguments.what == "manifests":
        if arguments.folder is None:
            parser.error("name the folder for the tables")
        for file in data.write_manifests(arguments.folder, data.data_dir()):
            print(file)
        return
    for name in HEADS if arguments.what == "all" else (arguments.what,):
        importlib.import_module(f"heads.{name}").train(data.data_dir())


if __name__ == "__main__":
    main()
