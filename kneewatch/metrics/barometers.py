"""Which device models measure altitude by air pressure."""

from __future__ import annotations

import re

_GARMIN_BAROMETER = re.compile(
    r"fenix|epix|enduro|tactix|marq|instinct_|instinct3|venu(?!sq)|vivo_?active_?(hr|3|4)"
    r"|fr(165|255|265|570|645|745|910xt|920xt|935|945|955|965|970)(?!\d)"
    r"|edge_?(130|500|510|520|530|540|800|810|820|830|840|1000|1030|1040|1050)(?!\d)"
)
_GARMIN_GPS_ONLY = re.compile(
    r"fr(10|15|25|30|35|45|55|110|210|220|225|230|235|245|310xt|405|610|620|630|735xt)(?!\d)"
    r"|edge_?(20|25|200)(?!\d)|vivo_active(_apac)?$|vivoactive[56]|venusq"
)
# Garmin's numbers newer than the FIT profile of fitdecode 0.11.
_GARMIN_NUMBERS = {
    4565: "fr970",
    4570: "fr570_large",
    4574: "fr570_small",
    4595: "fenix7_pro_solar_no_wifi",
    4603: "venu_x1",
    4631: "fenix8_pro",
    4643: "venu4",
    4644: "venu4s",
}
_OTHERS = {("coros", 802): True, ("wahoo_fitness", 28): True, ("wahoo_fitness", 31): True}


def barometer_of(manufacturer: str | None, product: str | int | None) -> bool | None:
    """Whether a device model has a barometer, None when that is not known.

    Parameters
    ----------
    manufacturer, product
        As the FIT file's `file_id` gives them in the profile's words ("garmin", "fenix3_hr"),
        the product as a number where the profile does not know it.
    """
    if manufacturer is None or product is None:
        return None
    maker = str(manufacturer).strip().lower()
    name = str(product).strip().lower()
    number = int(name) if name.isdecimal() else -1
    if maker != "garmin":
        return _OTHERS.get((maker, number))
    name = _GARMIN_NUMBERS.get(number, name)
    if _GARMIN_BAROMETER.match(name):
        return True
    return False if _GARMIN_GPS_ONLY.match(name) else None
