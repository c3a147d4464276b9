"""Topics as cards: their words and pictures, who, where and when."""

from collections.abc import Sequence

from xmr_core.library.topics import Topic
from xmr_core.ui.words import NAMES, ORDER, esc, icon, media_url

_SEARCHED = 3  # words of a topic that make a search
_FACES = 6


def topic_cards(library: str, topics: Sequence[Topic]) -> str:
    """All topics of a library."""
    return "".join(_card(library, topic, number) for number, topic in enumerate(topics))


def _card(library: str, topic: Topic, number: int) -> str:
    words = " · ".join(topic.words[:_SEARCHED]) or "unnamed"
    faces = "".join(
        f'<button type="button" class="x-doc-face" data-do="member" data-m="{item.modality}" '
        f'data-id="{item.id}" title="{esc(item.title)}" aria-label="{esc(item.title)}">'
        f"{icon(item.modality)}"
        f'<img src="{esc(media_url(library, item, "thumb"))}" alt="" loading="lazy"></button>'
        for item in topic.items[:_FACES]
    )
    counts = "".join(
        f'<span data-m="{m}" title="{NAMES[m][1]}">{icon(m)}{topic.counts[m]}</span>'
        for m in ORDER
        if topic.counts.get(m)
    )
    rest = f'<p class="x-topic-words">{esc(" · ".join(topic.words[_SEARCHED:]))}</p>'
    return (
        f'<article class="x-topic" data-number="{number}"><h3>{esc(words)}</h3>{rest}'
        f'<div class="x-topic-faces">{faces}</div><div class="x-topic-counts">{counts}</div>'
        f'<dl class="x-topic-facts">{_facts(topic)}</dl>'
        f'<button type="button" class="x-btn" data-do="topic" '
        f'data-words="{esc(" ".join(topic.words[:_SEARCHED]))}">{icon("search")}Search it</button>'
        "</article>"
    )


def _facts(topic: Topic) -> str:
    first, last = topic.when
    days = first if first == last else f"{first} to {last}"
    rows = [
        ("Who", ", ".join(topic.who)),
        ("Where", ", ".join(topic.where)),
        ("When", days if topic.dated else f"{days}, as files were changed"),
    ]
    return "".join(f"<dt>{name}</dt><dd>{esc(told)}</dd>" for name, told in rows if told)
