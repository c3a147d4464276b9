"""The drawings of the pages: one hidden sheet of symbols, referred to by name.

Drawn for this project on a 24 × 24 grid, stroked in the current colour.
"""

# ruff: noqa: E501  # a path is one word

_PATHS: dict[str, str] = {
    "text": '<path d="M5 5h14M5 10h14M5 15h9M5 20h6"/>',
    "image": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="m4 17.5 5-4.5 3.5 3 3-2.5 4.5 4"/>',
    "audio": '<path d="M3.5 12h1.5M8 8v8M12 4.5v15M16 8.5v7M20.5 12H19"/>',
    "video": '<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m10.5 9.3 4.5 2.7-4.5 2.7z"/>',
    "mesh": '<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "clip": '<path d="m19 11-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5L13 4a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2L14 7.5"/>',
    "mic": '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
    "stop": '<rect x="7" y="7" width="10" height="10" rx="1.5"/>',
    "camera": '<path d="M4 8.5h3.4L9 6h6l1.6 2.5H20V19H4z"/><circle cx="12" cy="13.3" r="3.3"/>',
    "plus": '<path d="M12 5.5v13M5.5 12h13"/>',
    "minus": '<path d="M5.5 12h13"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "like": '<circle cx="12" cy="12" r="8.5"/><path d="M12 8.5v7M8.5 12h7"/>',
    "unlike": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 12h7"/>',
    "similar": '<circle cx="9" cy="12" r="5.5"/><circle cx="15" cy="12" r="5.5"/>',
    "why": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.8a2.6 2.6 0 1 1 3.9 2.2c-.9.5-1.4 1-1.4 2M12 16.8v.01"/>',
    "dots": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>',
    "open": '<path d="M10 5H5v14h14v-5M13.5 4.5h6v6M19 5l-8.5 8.5"/>',
    "folder": '<path d="M3.5 6.5h6l2 2.5h9v10h-17z"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5v-4h-11v11h4"/>',
    "play": '<path d="M7.5 4.8v14.4L19.5 12z"/>',
    "pause": '<path d="M7 5h3.5v14H7zM13.5 5H17v14h-3.5z"/>',
    "filter": '<path d="M4 6.5h16M7 12h10M10 17.5h4"/>',
    "grid": '<rect x="4" y="4" width="6.5" height="6.5" rx="1"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1"/>'
    '<rect x="4" y="13.5" width="6.5" height="6.5" rx="1"/><rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1"/>',
    "columns": '<path d="M5.5 4v16M12 4v11M18.5 4v14"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.3 2"/>',
    "star": '<path d="m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8L7 19l1.1-5.5L4 9.7l5.6-.7z"/>',
    "good": '<path d="M4 11h3.5v8.5H4zM7.5 11.5 11 4c1.6 0 2.5 1 2.5 2.6L13 10h5.6a1.8 1.8 0 0 1 1.7 2.2l-1.3 5.8a2 2 0 0 1-2 1.5H7.5"/>',
    "bad": '<path d="M4 13h3.5V4.5H4zM7.5 12.5 11 20c1.6 0 2.5-1 2.5-2.6L13 14h5.6a1.8 1.8 0 0 0 1.7-2.2L19 6a2 2 0 0 0-2-1.5H7.5"/>',
    "keep": '<path d="M6.5 4h11v16l-5.5-4.5L6.5 20z"/>',
    "check": '<rect x="4" y="4" width="16" height="16" rx="3"/><path d="m8 12 3 3 5-6"/>',
    "tag": '<path d="M4 4h8l8 8-8 8-8-8zM8 8v.01"/>',
    "undo": '<path d="M4 9h10a5.5 5.5 0 0 1 0 11H9M8 5 4 9l4 4"/>',
    "compare": '<path d="M4 5h6.5v14H4zM13.5 5H20v14h-6.5zM10.5 9l3 5"/>',
    "links": '<circle cx="6" cy="7" r="2.5"/><circle cx="18" cy="6" r="2.5"/><circle cx="12" cy="18" r="2.5"/><path d="m8.5 6.8 7-.6M7.2 9.2l3.6 6.6M17 8.3l-3.9 7.4"/>',
    "shelf": '<path d="M4 4v16M20 4v16M4 19h16M7.5 19V8h3v11M10.5 19V6h3v13M14 18.5l2.2-10.6"/>',
    "warn": '<path d="m12 4 9 15.5H3zM12 10v4.5M12 17v.01"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "theme": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17M12 8l7-2.6M12 13h8.4M12 18l6.2-.4"/>',
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "more": '<path d="m6 9.5 6 6 6-6"/>',
    "retry": '<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4.5H15"/>',
    "pen": '<path d="m5 19 1-4L16.5 4.5l3 3L9 18z"/>',
    "bin": '<path d="M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7"/>',
    "sparkle": '<path d="M12 4c.6 4.6 3.4 7.4 8 8-4.6.6-7.4 3.4-8 8-.6-4.6-3.4-7.4-8-8 4.6-.6 7.4-3.4 8-8z"/>',
}

# five strokes, one a medium, that meet: the mark of the application
MARK = (
    '<svg viewBox="0 0 26 26" aria-hidden="true" fill="none" stroke-width="3.4" stroke-linecap="round">'
    '<path d="M3.5 4.5 13 13" stroke="var(--x-text)"/><path d="M22.5 4.5 13 13" stroke="var(--x-image)"/>'
    '<path d="M3.5 21.5 13 13" stroke="var(--x-video)"/><path d="M22.5 21.5 13 13" stroke="var(--x-audio)"/>'
    '<circle cx="13" cy="13" r="3" fill="var(--x-mesh)" stroke="var(--x-ground)" stroke-width="1.6"/></svg>'
)


def sheet() -> str:
    """All drawings as one hidden SVG."""
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{path}</symbol>'
        for name, path in _PATHS.items()
    )
    return f'<svg hidden width="0" height="0" style="display:none">{symbols}</svg>'
