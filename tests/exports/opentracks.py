"""OpenTracks: one track a file, as GPX, as KML or as KMZ, with the same id in each."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from uuid import UUID

from exports.history import Run, local_stamp

Kind = Literal["gpx", "kml", "kmz"]


def write_opentracks(folder: Path, runs: Sequence[Run], kind: Kind) -> None:
    """Write the tracks in one of the formats."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, run in enumerate(runs):
        place = folder / f"{run.local_start:%Y-%m-%d_%H-%M}.{kind}"
        if kind == "gpx":
            place.write_text(gpx(run, number), encoding="utf-8")
        elif kind == "kml":
            place.write_text(kml(run, number), encoding="utf-8")
        else:
            with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("doc.kml", kml(run, number))


def track_id(number: int) -> UUID:
    """The id of a track, the same whatever it is written as."""
    return UUID(int=0x_7002_101E << 96 | number)


def gpx(run: Run, number: int = 0) -> str:
    """A GPX file with what a foot pod counted since the point before."""
    points, before, rows = run.points(), 0.0, []
    for second, lat, lon, ele, way in zip(
        points.time_s,
        points.lat_deg,
        points.lon_deg,
        points.altitude_m,
        points.distance_m,
        strict=True,
    ):
        step = round(float(way) - before, 1)
        rows.append(
            f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}">\n<ele>{ele:.1f}</ele>\n'
            f"<time>{local_stamp(run, float(second))}</time>\n"
            "<extensions><gpxtpx:TrackPointExtension>\n"
            f"<gpxtpx:speed>{run.distance_m / run.duration_s:.2f}</gpxtpx:speed>\n"
            f"<gpxtpx:hr>150</gpxtpx:hr>\n<gpxtpx:cad>85</gpxtpx:cad>\n"
            f"<opentracks:distance>{step:.1f}</opentracks:distance>\n"
            f"<cluetrust:distance>{step:.1f}</cluetrust:distance>\n"
            "</gpxtpx:TrackPointExtension></extensions>\n</trkpt>\n"
        )
        # So that what is rounded off does not add up, as it would at a speed that never changes.
        before += step
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="OpenTracks"\n'
        'xmlns="http://www.topografix.com/GPX/1/1"\n'
        'xmlns:opentracks="http://opentracksapp.com/xmlschemas/v1"\n'
        'xmlns:cluetrust="http://www.cluetrust.com/Schemas/"\n'
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">\n<trk>\n'
        f"<name><![CDATA[{run.title}]]></name>\n<desc><![CDATA[calm]]></desc>\n"
        f"<type><![CDATA[{run.sport}]]></type>\n<extensions>\n"
        f"<opentracks:trackid>{track_id(number)}</opentracks:trackid>\n"
        f"</extensions>\n<trkseg>\n{''.join(rows)}</trkseg>\n</trk>\n</gpx>\n"
    )


def kml(run: Run, number: int = 0) -> str:
    """A KML file of version 2.3."""
    points = run.points()
    rows = "".join(
        f"<when>{local_stamp(run, float(second))}</when>\n<coord>{lon} {lat} {ele:.1f}</coord>\n"
        for second, lat, lon, ele in zip(
            points.time_s, points.lat_deg, points.lon_deg, points.altitude_m, strict=True
        )
    )
    lists = {
        "trackpoint_type": ["TRACKPOINT"] * len(points.time_s),
        "speed": [f"{run.distance_m / run.duration_s:.1f}"] * len(points.time_s),
        "cadence": ["85"] * len(points.time_s),
        "heart_rate": ["", *["150"] * (len(points.time_s) - 1)],
    }
    told = "".join(
        f'<SimpleArrayData name="{name}">\n'
        + "".join(f"<value>{v}</value>\n" if v else "<value />\n" for v in values)
        + "</SimpleArrayData>\n"
        for name, values in lists.items()
    )
    begin = local_stamp(run)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n<kml xmlns="http://www.opengis.net/kml/2.3"\n'
        '    xmlns:atom="http://www.w3.org/2005/Atom"\n'
        '    xmlns:opentracks="http://opentracksapp.com/xmlschemas/v1">\n\n<Document>\n'
        f"<name><![CDATA[{run.title}]]></name>\n"
        "<atom:generator><![CDATA[OpenTracks]]></atom:generator>\n"
        '<Schema id="schema">\n<SimpleArrayField name="speed" type="float">\n'
        "<displayName><![CDATA[Speed (m/s)]]></displayName>\n</SimpleArrayField>\n</Schema>\n"
        f"<Placemark>\n<name><![CDATA[Marker]]></name>\n<TimeStamp><when>{begin}</when>"
        "</TimeStamp>\n<Point>\n<coordinates>16.4,48.2</coordinates>\n</Point>\n</Placemark>\n"
        f"<Placemark>\n<name><![CDATA[{run.title}]]></name>\n"
        "<description><![CDATA[calm]]></description>\n<icon><![CDATA[RUN]]></icon>\n"
        f"<opentracks:trackid>{track_id(number)}</opentracks:trackid>\n"
        "<styleUrl>#track</styleUrl>\n<ExtendedData>\n"
        f'<Data name="type"><value><![CDATA[{run.sport}]]></value></Data>\n</ExtendedData>\n'
        "<MultiTrack>\n<altitudeMode>absolute</altitudeMode>\n<interpolate>1</interpolate>\n"
        f'<Track>\n{rows}<ExtendedData>\n<SchemaData schemaUrl="#schema">\n{told}'
        "</SchemaData>\n</ExtendedData>\n</Track>\n</MultiTrack>\n</Placemark>\n"
        "</Document>\n</kml>\n"
    )
