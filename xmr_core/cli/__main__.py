"""``python -m xmr_core.cli`` is ``xmr``."""

from xmr_core.cli import main

main()
