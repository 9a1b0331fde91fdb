"""The audit as data: plain dicts, the same keys in every version of schema 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kneewatch import __version__, evidence
from kneewatch.report.audit_words import CANNOT_SAY, method
from kneewatch.report.payload import SCHEMA, plain
from kneewatch.report.payload import dumps as as_json
from kneewatch.rules import BOOK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneewatch.audit.outcome import Audit
    from kneewatch.audit.triggers import Triggers
    from kneewatch.audit.verdicts import Verdict
    from kneewatch.rules import Symptoms


def audit(
    audited: Audit,
    found: Triggers | None = None,
    verdicts: Sequence[Verdict] = (),
    flagged: Sequence[str] = (),
) -> dict[str, Any]:
    """The audit; ``days`` of one runner only, since a squad's members stay unnamed.

    But for those with a red flag, who have to be found.
    """
    said = plain(audited)
    said["base_rates"] = [
        {"days": days, "share_with_onset": plain(rate)} for days, rate in audited.base_rates
    ]
    said["alarm_rates"] = [
        {
            "code": rate.code,
            "name": None if rate.code not in BOOK else BOOK[rate.code].name,
            "spoke": rate.spoke,
            "told": rate.told,
            "share": plain(rate.share),
            "stood": rate.stood,
            "stood_share": plain(rate.stood_share),
        }
        for rate in audited.alarm_rates
    ]
    said["onset_places"] = dict(audited.onset_places)
    return {
        "schema": SCHEMA,
        "program": {"version": __version__, "evidence": evidence.digest()},
        "red_flags": [*flagged],
        **said,
        "enough": audited.enough,
        "triggers": plain(found),
        "days": [plain(verdict) for verdict in verdicts],
        "method": method(audited),
        "cannot_say": CANNOT_SAY,
    }


def dumps(
    audited: Audit,
    found: Triggers | None = None,
    verdicts: Sequence[Verdict] = (),
    flagged: Sequence[str] = (),
) -> str:
    """The audit as JSON."""
    return as_json(audit(audited, found, verdicts, flagged))


def stopped(symptoms: Symptoms) -> str:
    """A red flag as JSON: while it stands nothing is audited."""
    return as_json({"schema": SCHEMA, "symptoms": plain(symptoms)})
