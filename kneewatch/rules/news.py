"""What of a review is new: a finding goes on being said for weeks, and is news once."""

from __future__ import annotations

from collections.abc import Sequence

from kneewatch.model import Finding

NOISE = 1e-9
"""Of arithmetic."""


def is_worse(finding: Finding, before: Finding | None) -> bool:
    """Whether a finding is new, or further beyond its limit than the one before."""
    if before is None or finding.severity > before.severity:
        return True
    return beyond(finding) > beyond(before) + NOISE


def beyond(finding: Finding) -> float:
    """How far a finding lies from its limit, in its unit."""
    return abs(finding.observed - finding.limit)


def is_news(finding: Finding, before: Sequence[Finding], window_from: str) -> bool:
    """Whether a finding about some weeks was not said in the review before, or is worse.

    It is the same finding where runs of it were among those of the other; one about all of the
    last weeks moves on with them, is the same as long as it is said, and new when it begins.

    Parameters
    ----------
    before : sequence of Finding
        Of the review before.
    window_from : str
        First of the weeks that findings speak of [ISO date].
    """
    moving = finding.start == window_from
    same = [
        other
        for other in before
        if other.code == finding.code
        and other.unit == finding.unit
        and (moving or not {*other.runs}.isdisjoint(finding.runs))
    ]
    if moving:
        return all(finding.severity > other.severity for other in same)
    return all(is_worse(finding, other) for other in same)
