"""The audit: what the rules would have said, held against what was noted afterwards."""

from kneewatch.audit.history import Period, look_back
from kneewatch.audit.hold import hold
from kneewatch.audit.memory import Memory
from kneewatch.audit.noted import pain_by_day
from kneewatch.audit.outcome import Audit, History
from kneewatch.audit.squad import runners
from kneewatch.audit.triggers import Triggers, find_triggers
from kneewatch.audit.verdicts import Verdict

__all__ = [
    "Audit",
    "History",
    "Memory",
    "Period",
    "Triggers",
    "Verdict",
    "find_triggers",
    "hold",
    "look_back",
    "pain_by_day",
    "runners",
]
