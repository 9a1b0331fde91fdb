"""The runner's own words, kept as plain text beside the data: pain, injuries, weekly answers.

``pain.csv``, ``injuries.csv`` and ``ostrc.csv`` are read with patience and only ever added to.
"""

from __future__ import annotations

from kneewatch.diary.asked import (
    heard,
    home,
    injury_end_of,
    injury_of,
    is_points,
    pain_of,
    weekly_of,
)
from kneewatch.diary.entries import (
    ANSWERS,
    BACK,
    SIDES,
    WHENS,
    WHERES,
    Diary,
    Doubt,
    Injury,
    Pain,
    Weekly,
)
from kneewatch.diary.finding import find, locate
from kneewatch.diary.lines import FILES, INJURY_FILE, PAIN_FILE, WEEKLY_FILE
from kneewatch.diary.reading import read
from kneewatch.diary.tags import tagged, with_tags
from kneewatch.diary.writing import add_injury, add_pain, add_weekly

__all__ = [
    "ANSWERS",
    "BACK",
    "FILES",
    "INJURY_FILE",
    "PAIN_FILE",
    "SIDES",
    "WEEKLY_FILE",
    "WHENS",
    "WHERES",
    "Diary",
    "Doubt",
    "Injury",
    "Pain",
    "Weekly",
    "add_injury",
    "add_pain",
    "add_weekly",
    "find",
    "heard",
    "home",
    "injury_end_of",
    "injury_of",
    "is_points",
    "locate",
    "pain_of",
    "read",
    "tagged",
    "weekly_of",
    "with_tags",
]
