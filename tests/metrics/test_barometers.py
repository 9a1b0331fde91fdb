"""Device models with and without a barometer."""

import pytest

from kneewatch.metrics.barometers import barometer_of


@pytest.mark.parametrize(
    ("maker", "product", "expected"),
    [
        ("garmin", "fr910xt", True),
        ("garmin", "fr910xt_china", True),
        ("garmin", "fenix3_hr", True),
        ("garmin", "fenix5", True),
        ("Garmin", "edge_1030", True),
        ("garmin", "vivo_active_hr", True),
        ("garmin", "fr245m_asia", False),
        ("garmin", "fr235", False),
        ("garmin", "fr255_small_music", True),
        ("garmin", "fr25", False),
        ("garmin", "edge200", False),
        ("garmin", "vivo_active", False),
        ("garmin", "venusq_music", False),
        ("garmin", "venu2s", True),
        ("garmin", 4565, True),
        ("garmin", 65001, None),
        ("garmin", "connect", None),
        ("coros", 802, True),
        ("zwift", 0, None),
        (None, "fenix5", None),
        ("garmin", None, None),
    ],
)
def test_known_devices(maker, product, expected):
    assert barometer_of(maker, product) is expected
