"""The cross-index graph: which items of all media belong together, and why."""
