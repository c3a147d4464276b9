"""Translation into words: what a picture, sound, video or 3D model shows, in tags and a caption."""

from xmr_core.translation.captioning import Caption, Captioner, Voice
from xmr_core.translation.tagging import Tag, Tagger
from xmr_core.translation.vectors import text_vectors
from xmr_core.translation.words import Concept, Sentence, Vocabulary, sentences, vocabulary

__all__ = [
    "Caption",
    "Captioner",
    "Concept",
    "Sentence",
    "Tag",
    "Tagger",
    "Vocabulary",
    "Voice",
    "sentences",
    "text_vectors",
    "vocabulary",
]
