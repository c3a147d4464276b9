"""Thumbs on cards, and the bar above results that says what they come to."""

from xmr_core.ui.words import icon


def thumbs(name: str) -> str:
    """The two buttons of a card; ``name`` is its title, escaped."""

    def thumb(do: str, label: str) -> str:
        return (
            f'<button class="x-tool x-thumb" type="button" data-do="{do}" aria-pressed="false" '
            f'title="{label}" aria-label="{label}: {name}">{icon(do)}</button>'
        )

    good, bad = thumb("good", "This is what I mean"), thumb("bad", "This is not what I mean")
    return f'<span class="x-thumbs">{good}{bad}</span>'


def feedback_bar() -> str:
    """The bar; a script fills it once something is marked."""

    def button(do: str, text: str, kind: str = "x-btn-bare") -> str:
        return f'<button class="x-btn {kind}" type="button" data-do="{do}">{text}</button>'

    return (
        '<div class="x-marks" data-part="marks" role="group" aria-label="What you marked" hidden>'
        '<span class="x-marks-count" data-part="marks-count"></span>'
        + button("refine", "Refine", "x-btn-main")
        + button("marks-undo", "Undo")
        + button("marks-clear", "Clear")
        + button("marks-save", "Save as a concept …")
        + '<p class="x-quiet" data-part="marks-told"></p></div>'
    )
