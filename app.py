"""Starts the application; ``xmr app`` does the same with options."""

from xmr_core.ui.app import serve

if __name__ == "__main__":
    serve()
