r"""Relevance feedback: what was liked and disliked of an answer moves a query and ranks with it.

The query itself moves towards the middle of what is liked and away from the middle of what is not
(Rocchio, Relevance feedback in information retrieval, in Salton's The SMART Retrieval System,
1971). With unit vectors of the query :math:`q`, the liked :math:`x_i` and the disliked
:math:`y_j`:

.. math:: q' = q + \frac{a}{p}\sum_i x_i - \frac{b}{n}\sum_j y_j

The moved query gathers what comes into question. How that is ranked has two steps.

A Gaussian process learns from the marks, likes being +1 and dislikes −1, and is added to what the
query as it was asked says, which so is the mean that the process has before it saw any mark
(Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2 and 2.7):

.. math:: f(x) = z(x) + w\,k(x)^\top (K + sI)^{-1} y

:math:`z` is the query's score in standard deviations over a sample of the medium. The kernel
compares joint vectors less the mean of their medium: what all of a medium have in common would be
likeness to none. Many marks that are alike count as little more than one, and a single mark
already counts. Words say what a whole class is, so that a plain inner product widens them;
an example is one of many things at once, and a narrow kernel stays near the marks.

Then the best few hundred lend each other of their scores, by how alike they are: what is right is
among its like (Diaz, Regularizing ad hoc retrieval scores, CIKM 2005). That changes their order;
the scores are shared out anew.

`docs/feedback.md` has what each step brings, and what was tried beside it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Places = npt.NDArray[np.intp]
Doubles = npt.NDArray[np.float64]

# how far likes pull and dislikes push a query of words, and one by example
PULL = {True: (0.5, 0.25), False: (4.0, 2.0)}
LENT = 0.7  # of a score, that comes from what is alike
LENDERS = 300  # of the best, that lend each other
_FEW = 4  # items whose mean is half their own
_LEAST_SPREAD = 0.02  # of a query's scores: one that is even over all has no opinion to widen
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Lesson:
    """How marks are learned from.

    Attributes:
        narrow: the kernel of x and y is exp((x·y − 1) / narrow); x·y itself for None.
        doubt: s, the variance of a mark's noise.
        weight: w, in standard deviations of the query's scores.
    """

    narrow: float | None
    doubt: float
    weight: float

    def kernel(self, rows: Floats, others: Floats) -> Doubles:
        """Of unit rows (n, d) with others (m, d), f64 (n, m)."""
        cosines = np.asarray(rows @ others.T, np.float64)
        if self.narrow is None:
            return cosines
        return np.asarray(np.exp((cosines - 1) / self.narrow), np.float64)

    def learned(self, rows: Floats, marks: Floats, signs: Doubles) -> Doubles:
        """What marks say of rows: the process's mean times its weight.

        Args:
            rows: unit, f32 (n, d).
            marks: unit rows f32 (m, d), at least one.
            signs: of the marks, 1 or −1, (m,).

        Returns:
            f64 (n,).

        >>> rows = np.eye(3, dtype=np.float32)
        >>> Lesson(None, 1.0, 4.0).learned(rows, rows[:2], np.array([1, -1])).tolist()
        [2.0, -2.0, 0.0]
        """
        spread = self.kernel(marks, marks) + self.doubt * np.eye(len(marks))
        told: Doubles = self.kernel(rows, marks) @ np.linalg.solve(spread, signs)
        return self.weight * told


# from the marks of a query of words, and of one by example
LESSONS = {True: Lesson(None, 3.0, 4.5), False: Lesson(0.5, 0.3, 8.0)}


def moved(query: Floats, liked: Floats, disliked: Floats, pull: float, push: float) -> Floats:
    """Rocchio's query.

    Args:
        query: unit, f32 (d,).
        liked: unit rows f32 (p, d), p may be none.
        disliked: unit rows f32 (n, d), n may be none.
        pull, push: the weights a and b of their means.

    Returns:
        unit, f32 (d,); the query itself where nothing is left.

    >>> q, x = np.array([1, 0], np.float32), np.array([[0, 1]], np.float32)
    >>> moved(q, x, x[:0], 1.0, 0.5).round(3).tolist()
    [0.7070000171661377, 0.7070000171661377]
    """
    total = query.astype(np.float64)
    if len(liked):
        total = total + pull * liked.mean(axis=0)
    if len(disliked):
        total = total - push * disliked.mean(axis=0)
    length = np.linalg.norm(total)
    return np.asarray(total / length if length > _LEAST else query, np.float32)


def home(rows: Floats) -> Floats:
    """Where the items of a medium lie, f32 (d,): their mean, the nearer to 0 the fewer they are.

    The mean of one sound is the sound itself, less which there would be nothing left of it.

    >>> home(np.array([[5.0, 0.0]], np.float32)).tolist()
    [1.0, 0.0]
    """
    return np.asarray(rows.sum(axis=0) / (len(rows) + _FEW), np.float32)


def lent(scores: Doubles, rows: Floats, share: float = LENT, most: int = LENDERS) -> Doubles:
    """Scores of which the best have a share from each other, by their likeness.

    Args:
        scores: (n,).
        rows: unit, f32 (n, d).
        share: of a score, that is the mean of the others' scores by their positive cosines.
        most: how many of the best lend; the lowest of them keeps its score, so that they stay
            before all others.

    Returns:
        f64 (n,).

    >>> rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    >>> lent(np.array([3.0, 1.0, 2.0]), rows, share=0.25).tolist()
    [2.0, 1.0, 1.5]
    """
    made = np.array(scores, np.float64)
    best = np.argsort(-made, kind="stable")[:most]
    near = np.maximum(rows[best] @ rows[best].T, 0).astype(np.float64)  # (b, b)
    np.fill_diagonal(near, 0)
    whole = near.sum(axis=1)
    others = near @ made[best] / np.maximum(whole, _LEAST)
    mixed = np.where(whole > _LEAST, (1 - share) * made[best] + share * others, made[best])
    if len(best):
        made[best] = mixed - mixed.min() + made[best].min()
    return made


@dataclass(frozen=True, eq=False)
class Feedback:
    """A query and its marks, as vectors.

    Attributes:
        query: unit, f32 (d,), as it was asked.
        liked, disliked: unit rows f32 (p, d) and f32 (n, d).
        words: the query is mostly words.
        homes: of each mark, the liked first, where its medium lies, f32 (p + n, d).
    """

    query: Floats
    liked: Floats
    disliked: Floats
    words: bool
    homes: Floats

    @property
    def vector(self) -> Floats:
        """The moved query, unit, f32 (d,)."""
        return moved(self.query, self.liked, self.disliked, *PULL[self.words])

    def rescored(
        self, asked: Floats, rows: Floats, sample: Floats, before: Floats, after: Floats
    ) -> Floats:
        """Scores of one medium by what the query says and the marks taught.

        Args:
            asked: scores of the query, as it was asked, with some items, f32 (c,).
            rows: their unit vectors f32 (c, d).
            sample: unit vectors of some of the medium's items, f32 (s, d).
            before, after: their scores by the query as it was asked and as it moved, f32 (s,).

        Returns:
            f32 (c,), on the scale of the moved query's scores.
        """
        lesson, centre = LESSONS[self.words], home(sample)
        marks = _directions(np.concatenate([self.liked, self.disliked]) - self.homes)
        signs = np.repeat(np.array([1.0, -1.0]), [len(self.liked), len(self.disliked)])
        middle, wide = float(before.mean()), max(float(before.std()), _LEAST_SPREAD)

        def judged(scores: Floats, directions: Floats) -> Doubles:
            prior = (scores.astype(np.float64) - middle) / wide
            return prior + lesson.learned(directions, marks, signs)

        places = _directions(rows - centre)
        alone = judged(asked, places)
        found = np.empty_like(alone)
        # Means of scores lie nearer together: what is alike says who comes first, and not how
        # strong the first are, who would all seem weak.
        found[np.argsort(-lent(alone, places), kind="stable")] = np.sort(alone)[::-1]
        usual = judged(before, _directions(sample - centre))
        standard = (found - usual.mean()) / max(float(usual.std()), _LEAST)
        return np.asarray(after.mean() + after.std() * standard, np.float32)


def toward(before: Floats, after: Floats, words: Floats, k: int = 5) -> tuple[Places, Places]:
    """Which words a query moved towards, and from which away.

    Args:
        before, after: unit, f32 (d,).
        words: unit rows f32 (w, d).
        k: how many of both, at most.

    Returns:
        Places among the words, those of the largest change first; what hardly changed is none.

    >>> e = np.eye(3, dtype=np.float32)
    >>> [places.tolist() for places in toward(e[0], e[1], e)]
    [[1], [0]]
    """
    change = words @ (after - before)
    order = np.argsort(-change, kind="stable")
    least = max(_LEAST, 0.5 * float(np.abs(change).max(initial=0)))
    gained = order[:k][change[order[:k]] > least]
    lost = order[::-1][:k]
    return gained, lost[change[lost] < -least]


def _directions(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, _LEAST), np.float32)
