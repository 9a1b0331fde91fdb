"""The shape of a rule: a generator with a code, a name, a picture, and its documentation."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kneewatch.model import Answer
from kneewatch.picture import Picture
from kneewatch.rules.facts import Facts

Judge = Callable[[Facts], Iterator[Answer]]
Draw = Callable[[Facts], Picture]


@dataclass(frozen=True)
class Rule:
    """One rule of the book.

    Attributes
    ----------
    code, name : str
        ``KW102`` and ``session-spike``.
    needs : tuple of str
        Columns of ``columns.ACTIVITIES`` (or WEEKS, SHOES) that it reads.
    picture : callable
        Facts to the picture that shows it.
    judge : callable
        Facts to answers; at least one.
    """

    code: str
    name: str
    needs: tuple[str, ...]
    picture: Draw
    judge: Judge

    @property
    def doc(self) -> str:
        """The documentation: the judge's docstring without its advice."""
        return inspect.cleandoc(self.judge.__doc__ or "").partition("\n\nTry:")[0]

    @property
    def title(self) -> str:
        """First line of the documentation."""
        return self.doc.partition("\n")[0]

    @property
    def advice(self) -> str:
        """What to try: the ``Try:`` line of the docstring."""
        text = inspect.cleandoc(self.judge.__doc__ or "").partition("\n\nTry:")[2]
        return re.sub(r"\s+", " ", text).strip()


BOOK: dict[str, Rule] = {}
"""All rules by code, filled as the modules of this package are imported."""


def rule(
    code: str, name: str, *, needs: tuple[str, ...], picture: Draw
) -> Callable[[Judge], Judge]:
    """Enter a judge into the book.

    Raises
    ------
    ValueError
        If the code is taken.
    """

    def enter(judge: Judge) -> Judge:
        if code in BOOK:
            raise ValueError(f"two rules with the code {code}")
        BOOK[code] = Rule(code, name, needs, picture, judge)
        return judge

    return enter
