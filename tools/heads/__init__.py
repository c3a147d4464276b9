"""Training of the heads that come with XMR: the data, and one file a medium."""
