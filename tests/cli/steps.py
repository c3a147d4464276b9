"""What the tests of the command line do again and again."""

import json
from pathlib import Path


def hits(answer):
    status, out, _ = answer
    assert status == 0
    return [Path(hit["path"]).name for hit in json.loads(out)["hits"]]
