"""XMR beside rclip and clip-retrieval: the same pictures, the same random weights, one run.

Each peer stands in an environment of its own, since they pin other versions of numpy::

    python3.12 -m venv ../rclip && ../rclip/bin/pip install rclip
    python3.11 -m venv ../clip-retrieval
    ../clip-retrieval/bin/pip install clip-retrieval "setuptools<80"
    python -m tools.peers --rclip ../rclip --clip-retrieval ../clip-retrieval

A peer that is not there is left out, and the run says so. The files, by what they hold:
``stock`` pictures, weights and vectors; ``command`` runs a command and measures it; ``players``
how each of the three is driven; ``rounds`` who is asked what, in which order; ``scripts`` what
runs in an environment and calls nothing but that peer's own code.
"""
