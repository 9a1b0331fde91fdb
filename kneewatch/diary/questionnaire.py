"""The weekly questionnaire on overuse problems, OSTRC-O2 (clarsen2013), in short words."""

from __future__ import annotations

from dataclasses import dataclass

from kneewatch.diary.entries import ANSWERS


@dataclass(frozen=True)
class Question:
    """A question and what its answers mean, from 0 to 25 points."""

    asks: str
    answers: tuple[str, str, str, str]

    @property
    def points(self) -> tuple[tuple[int, str], ...]:
        """Each answer with its points."""
        return tuple(zip(ANSWERS, self.answers, strict=True))


_EXTENT = ("to a minor extent", "to a moderate extent", "to a major extent")

QUESTIONS = (
    Question(
        "Difficulties taking part in training or races because of the problem, these 7 days?",
        (
            "took part in full, without a problem",
            "took part in full, with a problem",
            "took part less, because of it",
            "could not take part",
        ),
    ),
    Question(
        "How far did you change your training or races because of it, these 7 days?",
        ("not at all", *_EXTENT),
    ),
    Question(
        "How far did it affect your performance, these 7 days?",
        ("not at all", *_EXTENT),
    ),
    Question(
        "How much pain or other trouble did it give you, these 7 days?",
        ("none", "mild", "moderate", "severe"),
    ),
)
