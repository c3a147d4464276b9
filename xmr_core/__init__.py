"""XMR: local cross-media retrieval."""

__version__ = "0.1.0"
