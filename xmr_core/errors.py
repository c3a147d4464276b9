"""Everything XMR raises on purpose.

::

    XMRError
    ├── MediaError                 one file cannot be used; a run records it and goes on
    │   ├── UnreadableFile         missing, no permission, vanished while being read
    │   ├── EmptyFile              zero bytes
    │   ├── UnsupportedMedia       no reader knows this content
    │   ├── DamagedMedia           truncated or malformed
    │   ├── ProtectedMedia         encrypted or password-protected
    │   ├── OversizedMedia         over a limit of pixels, bytes, faces, seconds
    │   └── BlankMedia             decodes, but holds nothing: no faces, no samples, no words
    ├── ModelError                 weights
    │   ├── WeightsMissing         not here, and how to get them
    │   ├── WeightsDamaged         size or SHA-256 differs
    │   ├── HubUnreachable         the model hub does not answer
    │   └── UnknownProfile         no such profile or architecture
    ├── LibraryError               one library
    │   ├── LibraryNotFound
    │   ├── LibraryExists
    │   ├── LibraryBusy            another run holds it
    │   ├── LibraryReadOnly
    │   ├── LibraryDamaged         the catalogue fails its integrity check
    │   ├── LibraryTooNew          written by a newer version
    │   ├── ProfileMismatch        made by another profile
    │   ├── RootMissing            a root folder is away or has shrunk sharply
    │   ├── DiskFull
    │   └── StoreUnavailable       the server that its vectors are searched by does not answer
    ├── QueryError                 a query that cannot be answered as asked
    ├── KeepingError               a collection, a note or a tag that cannot be kept as given
    ├── ExplanationError           a match that cannot be explained
    ├── LabError                   data that a method of the lab cannot be fitted on
    └── ManifestError              a table of test data that cannot be read

Each carries ``message`` (what happened, naming the file, encoder or library)
and ``hint`` (what to do next); ``str()`` joins the two.
"""

from pathlib import Path


class XMRError(Exception):
    """Base of the tree.

    Args:
        message: what happened, naming the thing it happened to.
        hint: what the user can do about it.

    >>> str(XMRError("The library 'birds' is not here.", "Run: xmr index FOLDER --library birds"))
    "The library 'birds' is not here. Run: xmr index FOLDER --library birds"
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class MediaError(XMRError):
    """One file that cannot be used.

    Args:
        path: the file.
        reason: what is wrong with it, as the end of a sentence.
        hint: what the user can do about it.

    >>> str(EmptyFile("a/b.png", "is empty (0 bytes)", "Copy it again from its source."))
    'b.png is empty (0 bytes). Copy it again from its source.'
    """

    def __init__(self, path: Path | str, reason: str, hint: str = "") -> None:
        super().__init__(f"{Path(path).name} {reason.rstrip('.')}.", hint)
        self.path = Path(path)
        self.reason = reason


class UnreadableFile(MediaError):
    """Missing, not permitted, or vanished while being read."""


class EmptyFile(MediaError):
    """Zero bytes."""


class UnsupportedMedia(MediaError):
    """Content that no reader knows."""


class DamagedMedia(MediaError):
    """Truncated or malformed."""


class ProtectedMedia(MediaError):
    """Encrypted or password-protected."""


class OversizedMedia(MediaError):
    """Over a limit of pixels, bytes, faces or seconds."""


class BlankMedia(MediaError):
    """Decodes, but holds nothing to encode."""


class ModelError(XMRError):
    """Weights that cannot be had or used."""


class WeightsMissing(ModelError):
    """Weights that are not on this machine."""


class WeightsDamaged(ModelError):
    """Weights whose size or SHA-256 differs from the record."""


class HubUnreachable(ModelError):
    """The model hub does not answer."""


class UnknownProfile(ModelError):
    """A profile, architecture or encoder name that does not exist."""


class LibraryError(XMRError):
    """One library that cannot be used as asked."""


class LibraryNotFound(LibraryError):
    """No library of that name."""


class LibraryExists(LibraryError):
    """A library of that name is there already."""


class LibraryBusy(LibraryError):
    """Another run holds the library."""


class LibraryReadOnly(LibraryError):
    """The library's folder cannot be written."""


class LibraryDamaged(LibraryError):
    """The catalogue fails its integrity check."""


class LibraryTooNew(LibraryError):
    """The catalogue was written by a newer version of XMR."""


class ProfileMismatch(LibraryError):
    """The library was made by another profile."""


class RootMissing(LibraryError):
    """A root folder is away, or holds far fewer files than before."""


class DiskFull(LibraryError):
    """No space left on the disk of the library."""


class StoreUnavailable(LibraryError):
    """The store of a library's vectors cannot be reached, or refuses."""


class QueryError(XMRError):
    """A query that cannot be answered as asked."""


class KeepingError(XMRError):
    """A name, a note or a tag that cannot be kept as it was given."""


class ExplanationError(XMRError):
    """A match that cannot be explained: nothing to point at, or something gone meanwhile."""


class LabError(XMRError):
    """Data that a method of the lab cannot be fitted on, or a method that does not exist."""


class ManifestError(XMRError):
    """A table of test data that cannot be read."""
