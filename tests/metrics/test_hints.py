"""What a register of gear says of activities in other files."""

from kneewatch.metrics.hints import apply_hints
from kneewatch.model import Hint, NotActivity

REGISTER = NotActivity(
    "x_gear.json", "a register of shoes", hints=(Hint("garmin 7", {"shoe": "Ghost 15"}),)
)


def row(shoe: str = "", *keys: str) -> dict[str, object]:
    return {"id": "a", "shoe": shoe, "shoe_source": "none", "keys": keys, "filled_from": {}}


def test_the_shoe_of_the_register_and_where_it_is_from():
    (run,) = apply_hints([row("", "garmin 7")], [REGISTER])
    assert (run["shoe"], run["shoe_source"]) == ("Ghost 15", "file")
    assert run["filled_from"] == {"shoe": "x_gear.json"}


def test_what_a_row_says_of_itself_stays():
    assert apply_hints([row("Own", "garmin 7")], [REGISTER]) == [row("Own", "garmin 7")]


def test_another_activity_gets_nothing():
    assert apply_hints([row("", "garmin 8")], [REGISTER]) == [row("", "garmin 8")]


def test_of_two_hints_the_first_counts():
    second = NotActivity("y.json", "", hints=(Hint("garmin 7", {"shoe": "Other"}),))
    (run,) = apply_hints([row("", "garmin 7")], [REGISTER, second])
    assert (run["shoe"], run["filled_from"]) == ("Ghost 15", {"shoe": "x_gear.json"})
