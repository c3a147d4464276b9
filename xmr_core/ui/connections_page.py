"""The Links page: the graph around an item, documents, topics."""

import time
from collections.abc import Mapping

from xmr_core.library import Library
from xmr_core.library.graph import REASONS
from xmr_core.media import Item
from xmr_core.ui import documents, fields, queries, query_form
from xmr_core.ui.cards import folder
from xmr_core.ui.connections_markup import markup
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.documents_markup import document_card
from xmr_core.ui.page import Page
from xmr_core.ui.side_jobs import SideJobs
from xmr_core.ui.topics_markup import topic_cards
from xmr_core.ui.words import media_url

_AROUND = 36  # items around one
_PAGE = 24  # documents at a time


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return ConnectionsPage(context).actions()


class ConnectionsPage:
    """The page's actions over a context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.jobs = SideJobs(context.board(), "Linking items", lambda one: one.link)
        self.finding = SideJobs(context.board(), "Finding topics", lambda one: one.find_topics)

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "links.state": self.state,
            "links.build": self.build,
            "links.cancel": self.cancel,
            "links.around": self.around,
            "documents.list": self.documents,
            "documents.one": self.document,
            "documents.search": self.search,
            "documents.join": self.join,
            "documents.split": self.split,
            "topics": self.topics,
            "topics.cancel": self.stop_topics,
        }

    def state(self, payload: Plain) -> Plain:
        """``{library}`` → how many links and documents, whether they are behind, and the job."""
        library = self._library(payload)
        return {
            "library": library.name,
            "generation": library.catalogue.generation,
            "total": sum(library.counts().values()),
            "links": len(library.links()),
            "documents": library.count_documents(),
            "current": library.linked,
            "job": self.jobs.told(library),
        }

    def build(self, payload: Plain) -> Plain:
        """``{library}``: begin to link its items, or join who does already."""
        return {"job": self.jobs.join(self._library(payload))}

    def cancel(self, payload: Plain) -> Plain:
        """``{library}``: stop that."""
        return {"job": self.jobs.cancel(self._library(payload))}

    def around(self, payload: Plain) -> Plain:
        """``{library, id}`` → items around one, and their links; id 0 for one with many."""
        library = self._library(payload)
        id = fields.whole(payload, "id", 0, 0, 2**62)
        links = library.links()
        if not id:
            degrees: dict[int, int] = {}
            for link in links:
                for end in (link.item, link.other):
                    degrees[end] = degrees.get(end, 0) + (link.kind != "folder")
            id = max(degrees, key=lambda one: (degrees[one], -one), default=0)
        if not id:
            return {"items": [], "links": [], "reasons": REASONS, "document": []}
        around = library.surroundings(id, _AROUND)
        return {
            "items": [
                {**_item(library, item), "steps": steps}
                for item, steps in zip(around.items, around.steps, strict=True)
            ],
            "links": [link._asdict() for link in around.links],
            "reasons": REASONS,
            "document": [item.id for item in library.document(id).members],
        }

    def documents(self, payload: Plain) -> Plain:
        """``{library, offset}`` → cards of the documents."""
        library = self._library(payload)
        offset = fields.whole(payload, "offset", 0, 0, queries.MAX_OFFSET)
        found = library.documents(offset, _PAGE)
        total = library.count_documents()
        cards = [document_card(library.name, one) for one in found]
        return {"cards": cards, "total": total, "more": offset + len(found) < total}

    def document(self, payload: Plain) -> Plain:
        """``{library, id}`` → the card of the document that an item belongs to."""
        id = fields.whole(payload, "id")
        library = self._library(payload)
        one = library.document(id)
        return {"title": one.title, "card": document_card(library.name, one)}

    def search(self, payload: Plain) -> Plain:
        """``{query, k, offset}`` → cards of documents, in the form of a search's answer."""
        stated = fields.record(payload, "query")
        k = fields.whole(payload, "k", _PAGE, 1, queries.MAX_K)
        offset = fields.whole(payload, "offset", 0, 0, queries.MAX_OFFSET)
        start = time.perf_counter()
        found = documents.answer(self.context, stated, k, offset)
        words = found.asked.words
        group = {
            "modality": None,
            "cards": [document_card(name, hit.document, hit, words) for name, hit in found.hits],
            "total": found.total,
            "more": offset + len(found.hits) < found.total,
            "nothing": found.nothing,
        }
        return {
            "groups": [group],
            "label": query_form.label(found.asked.terms),
            "total": found.total,
            "what": "document",
            "cut": found.cut,
            "shown": len(found.hits),
            "nothing": found.nothing,
            "presence": {},
            "seconds": round(time.perf_counter() - start, 4),
        }

    def join(self, payload: Plain) -> Plain:
        """``{library, ids}``: say that items belong together."""
        ids = fields.wholes(payload, "ids") or []
        document = self._library(payload).join(ids)
        return {"members": len(document.members), "title": document.title}

    def split(self, payload: Plain) -> Plain:
        """``{library, id}``: take an item out of its document."""
        id = fields.whole(payload, "id")
        left = self._library(payload).split(id)
        return {"members": len(left.members), "title": left.title}

    def topics(self, payload: Plain) -> Plain:
        """``{library, begin}`` → cards of its topics, or the job that finds them.

        One is begun if ``begin``; else only what there is, is told.
        """
        begin = fields.truth(payload, "begin")
        library = self._library(payload)
        found = library.known_topics() if sum(library.counts().values()) else []
        if found is not None:
            return {"html": topic_cards(library.name, found), "count": len(found), "job": None}
        job = self.finding.join(library) if begin else self.finding.told(library)
        return {"html": "", "count": 0, "job": job}

    def stop_topics(self, payload: Plain) -> Plain:
        """``{library}``: find its topics no more."""
        return {"job": self.finding.cancel(self._library(payload))}

    def _library(self, payload: Plain) -> Library:
        return self.context.shelf.get(fields.text(payload, "library"))


def _item(library: Library, item: Item) -> Plain:
    return {
        "id": item.id,
        "title": item.title,
        "modality": item.modality.value,
        "where": folder(item),
        "thumb": None
        if library.thumbnail(item.id) is None
        else media_url(library.name, item, "thumb"),
    }


PAGE = Page(
    "connections", "Links", ("nodes", "documents", "topics", "connections"), markup, actions
)
