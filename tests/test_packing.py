"""What a file gave survives the way into the cache and back, under whatever name it lies then."""

from kneewatch.cache.packing import pack, unpack
from kneewatch.model import FileResult, Hint, NotActivity, Pair


def test_hints_and_pairs_survive():
    register = NotActivity(
        "a/gear.json",
        "a register of shoes",
        hints=(Hint("garmin 7", {"shoe": "Ghost 15"}),),
        pairs=(Pair("Ghost 15", since="2024-01-02", retired=True, limit_m=700_000.0),),
    )
    result = FileResult("a/gear.json", not_activities=(register,))
    again = unpack(*pack(result), "b/gear.json", "key")
    (other,) = again.not_activities
    assert (other.source, other.reason) == ("b/gear.json", register.reason)
    assert (other.hints, other.pairs) == (register.hints, register.pairs)
