"""Multimedia documents: items of all media that are one thing, and why."""
