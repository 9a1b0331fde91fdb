"""Garmin's three ways out: the account export, the watch itself, the web site's table.

The account export follows records of a real one that are public (units, names, nesting); its
folders and the register of gear follow what its public readers read.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exports.history import BPM, SPM, Run, fit_bytes, other_fit_bytes

MAIL = "runner@example.org"
FIRST_ACTIVITY = 24251846565
FIRST_UPLOAD = 987654321
KINDS = {"treadmill": "treadmill_running", "trail": "trail_running", "generic": "running"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_garmin_account(
    folder: Path, runs: Sequence[Run], *, page: int = 1000, gear: dict[str, Any] | None = None
) -> Path:
    """The zip that Garmin sends on request: pages, gear, and zips of FIT files within it."""
    path = folder / "4f1c3c5e-0000-4000-8000-000000000000_1.zip"
    entries = [garmin_entry(index, run) for index, run in enumerate(runs)]
    fitness = "DI_CONNECT/DI-Connect-Fitness"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        pages = [entries[begin : begin + page] for begin in range(0, len(entries), page)]
        for number, some in enumerate(pages):
            name = f"{fitness}/{MAIL}_{number * 1000 + bool(number)}_summarizedActivities.json"
            archive.writestr(name, json.dumps([{"summarizedActivitiesExport": some}]))
        register = gear if gear is not None else garmin_gear(runs)
        archive.writestr(f"{fitness}/{MAIL}_gear.json", json.dumps([register]))
        archive.writestr(f"{fitness}/{MAIL}_personalRecord.json", json.dumps(_records(entries)))
        for name, said in _OTHER_JSON.items():
            archive.writestr(f"DI_CONNECT/{name}", json.dumps(said))
        archive.writestr(
            "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip", _uploads(runs)
        )
    return path


def garmin_entry(index: int, run: Run) -> dict[str, Any]:
    """One activity of a page: centimetres, milliseconds, tenths of metres a second."""
    milliseconds = round((run.start - EPOCH).total_seconds() * 1000)
    return {
        "activityId": FIRST_ACTIVITY + index,
        "uuidMsb": -7412 - index,
        "name": run.title,
        "description": run.notes or None,
        "activityType": KINDS[run.sub_sport],
        "sportType": "RUNNING",
        "userProfileId": 4711,
        "timeZoneId": 124,
        "beginTimestamp": milliseconds,
        "startTimeGmt": float(milliseconds),
        "startTimeLocal": float(milliseconds + run.offset_s * 1000),
        "duration": run.duration_s * 1000 + 0.962890625,
        "elapsedDuration": run.duration_s * 1000 + 0.962890625,
        "movingDuration": run.duration_s * 1000.0,
        "distance": run.distance_m * 100,
        "avgSpeed": run.distance_m / run.duration_s / 10,
        "elevationGain": None if run.indoors else run.ascent_m * 100,
        "elevationLoss": None if run.indoors else run.descent_m * 100,
        "avgHr": float(BPM),
        "steps": float(run.steps),
        "avgDoubleCadence": float(SPM),
        "avgStrideLength": 102.6199951171875,
        "calories": 2543.3421399999997,
        "deviceId": 3613943939 if run.recorded else 0,
        "manufacturer": "GARMIN" if run.recorded else None,
        "parent": False,
        "splits": [{"startTimeGMT": milliseconds, "measurements": [{"value": 1.0}]}],
    }


def garmin_gear(runs: Sequence[Run]) -> dict[str, Any]:
    """Shoes in order of their first run, each with the activities it was worn in; and a bike."""
    shoes = list(dict.fromkeys(run.shoe for run in runs if run.shoe))
    gear, links = [], {}
    for index, shoe in enumerate(shoes):
        pk = 44700764 + index
        mine = [(i, run) for i, run in enumerate(runs) if run.shoe == shoe]
        gear.append(
            {
                "gearPk": pk,
                "uuid": f"f5292a2743d14d7b9f5b3017419156{index:02x}",
                "gearTypeName": "Shoes",
                "gearStatusName": "active",
                "customMakeModel": shoe,
                "displayName": None,
                "dateBegin": f"{mine[0][1].local_start:%Y-%m-%d}T00:00:00.0",
                "dateEnd": None,
                "maximumMeters": 643737.6,
            }
        )
        links[str(pk)] = [{"activityId": FIRST_ACTIVITY + i, "gearPk": pk} for i, _ in mine]
    bike = {"gearPk": 1, "gearTypeName": "Bike", "customMakeModel": "Gravel", "maximumMeters": 0}
    return {"gearDTOS": [*gear, bike], "gearActivityDTOs": links | {"1": []}}


_OTHER_JSON: dict[str, Any] = {
    "DI-Connect-User/user_profile.json": {"userName": MAIL, "gender": "FEMALE", "maxHr": 188},
    "DI-Connect-Wellness/2025-03-01_2025-06-09_1234_sleepData.json": [
        {"calendarDate": "2025-03-03", "deepSleepSeconds": 5400, "sleepStartTimestampGMT": "x"}
    ],
    "DI-Connect-Aggregator/UDSFile_2025-03-01_2025-06-09.json": [
        {"calendarDate": "2025-03-03", "totalSteps": 12034, "totalDistanceMeters": 9800}
    ],
    "DI-Connect-Metrics/ActivityVo2Max_20250301.json": [
        {"activityId": FIRST_ACTIVITY, "sport": "RUNNING", "vo2MaxValue": 51.0}
    ],
}


def _records(entries: Sequence[dict[str, Any]]) -> Any:
    best = {"activityId": entries[0]["activityId"], "personalRecordType": "Best 5km Run"}
    return [{"personalRecords": [best | {"value": 1500.0, "prStartTimeGMT": "2025-03-03"}]}]


def _uploads(runs: Sequence[Run]) -> bytes:
    """A zip of FIT files under numbers of their upload, a day's monitoring between any two."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, run in enumerate(runs):
            number = FIRST_UPLOAD + 2 * index
            if run.recorded:
                archive.writestr(f"{MAIL}_{number}.fit", fit_bytes(run))
            monitoring = other_fit_bytes("monitoring_b", run.start)
            archive.writestr(f"{MAIL}_{number + 1}.fit", monitoring)
    return packed.getvalue()


# The watch ---------------------------------------------------------------------------------------

DEVICE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<Device xmlns="http://www.garmin.com/xmlschemas/GarminDevice/v2">
<Model><PartNumber>006-B4315-00</PartNumber><Description>Forerunner 965</Description></Model>
<Id>3900112233</Id><MassStorageMode><DataType><Name>FIT_TYPE_4</Name><File>
<Location><Path>GARMIN/Activity</Path><FileExtension>FIT</FileExtension></Location>
</File></DataType></MassStorageMode></Device>
"""

COURSE_GPX = b"""<?xml version="1.0"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1"><rte><name>Round</name>
<rtept lat="48.2" lon="16.3"/><rtept lat="48.3" lon="16.3"/></rte></gpx>"""


def write_garmin_watch(folder: Path, runs: Sequence[Run]) -> Path:
    """A watch plugged in as a drive, with all that lies on it beside the activities."""
    root = folder / "GARMIN"
    moment = runs[0].start
    files: dict[str, bytes] = {
        "GarminDevice.xml": DEVICE_XML.encode(),
        "Monitor/M3C00000.FIT": other_fit_bytes("monitoring_b", moment),
        "Sleep/S3C00000.FIT": other_fit_bytes(49, moment),
        "HRVStatus/H3C00000.FIT": other_fit_bytes(68, moment),
        "Settings/Settings.fit": other_fit_bytes(2, moment),
        "Sports/Running.fit": other_fit_bytes(3, moment),
        "Workouts/intervals.fit": other_fit_bytes("workout", moment),
        "Courses/round.fit": other_fit_bytes("course", moment),
        "Schedule/Schedule.fit": other_fit_bytes(7, moment),
        "Totals/Totals.fit": other_fit_bytes(10, moment),
        "Records/Records.fit": other_fit_bytes(29, moment),
        "Location/Lctns.fit": other_fit_bytes(8, moment),
        "Device.fit": other_fit_bytes(1, moment),
        "NewFiles/round.gpx": COURSE_GPX,
        "Text/EN.LNG": bytes(range(256)) * 8,
        "RemoteSW/GUPDATE.GCD": b"GARMINd\x00" + bytes(4096),
        "Apps/DATA/A1B2.DAT": bytes(64),
        "Debug/ERR_LOG.BIN": b"\xff" * 32,
        "startup.txt": b"<display = 0>\r\n",
    }
    for run in runs:
        if run.recorded:
            files[f"Activity/{run.local_start:%Y-%m-%d-%H-%M-%S}.fit"] = fit_bytes(run)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


# The web site's table -----------------------------------------------------------------------------

CSV_HEADERS = {
    "en": "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Aerobic TE,"
    "Avg Run Cadence,Max Run Cadence,Avg Pace,Best Pace,Total Ascent,Total Descent,"
    "Avg Stride Length,Steps,Number of Laps,Moving Time,Elapsed Time,Min Elevation,Max Elevation,"
    "Gear",
    "de": "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø Herzfrequenz,"
    "Maximale Herzfrequenz,Aerober TE,Ø Schrittfrequenz (Laufen),Max. Schrittfrequenz (Laufen),"
    "Ø Pace,Beste Pace,Anstieg gesamt,Abstieg gesamt,Ø Schrittlänge,Schritte,Anzahl der Runden,"
    "Zeit in Bewegung,Verstrichene Zeit,Minimale Höhe,Maximale Höhe,Schuhe",
    "fr": "Type d'activité,Date,Favori,Titre,Distance,Calories,Durée,Fréquence cardiaque moyenne,"
    "Fréquence cardiaque maximale,TE aérobie,Cadence de course moyenne,"
    "Cadence de course maximale,Allure moyenne,Meilleure allure,Ascension totale,"
    "Descente totale,Longueur moyenne des foulées,Pas,Nombre de tours,Temps de déplacement,"
    "Temps écoulé,Altitude minimale,Altitude maximale,Chaussures",
    "es": "Tipo de actividad,Fecha,Favorito,Título,Distancia,Calorías,Tiempo,"
    "Frecuencia cardiaca media,FC máxima,TE aeróbico,Cadencia de carrera media,"
    "Cadencia de carrera máxima,Ritmo medio,Mejor ritmo,Ascenso total,Descenso total,"
    "Longitud media de zancada,Pasos,Número de vueltas,Tiempo en movimiento,"
    "Tiempo transcurrido,Altura mínima,Altura máxima,Calzado",
    "it": "Tipo di attività,Data,Preferita,Titolo,Distanza,Calorie,Tempo,FC Media,FC max,"
    "TE attività aerobica,Cadenza di corsa media,Cadenza di corsa max,Passo medio,"
    "Passo migliore,Ascesa totale,Discesa totale,Lunghezza media passo,Passi,Numero di Lap,"
    "Tempo in movimento,Tempo trascorso,Quota minima,Quota massima,Scarpe",
    "pt": "Tipo de atividade,Data,Favorito,Título,Distância,Calorias,Tempo total,FC Média,"
    "FC máxima,TE aeróbico,Cadência de corrida média,Cadência de corrida máxima,Ritmo médio,"
    "Melhor ritmo,Subida total,Descida total,Comprimento médio da passada,Passos,"
    "Número de voltas,Tempo em movimento,Tempo transcorrido,Elevação mínima,Elevação máxima,"
    "Tênis",
    "ja": "アクティビティタイプ,日付,お気に入り,タイトル,距離,カロリー,タイム,平均心拍数,"
    "最大心拍数,有酸素TE,平均ピッチ,最高ピッチ,平均ペース,最高ペース,総上昇量,総下降量,平均歩幅,ステップ,"
    "ラップ数,移動時間,経過時間,最低高度,最高高度,シューズ",
    "zh": "活动类型,日期,我的最爱,标题,距离,热量消耗,时间,平均心率,最大心率,有氧效果,平均步频,"
    "最高步频,平均配速,最佳配速,累计爬升,累计下降,平均步长,步数,圈数,移动时间,全程耗时,最低海拔,"
    "最高海拔,跑鞋",
}
"""Headers as met in real exports, cut to what a run has; the column of shoes last."""

CSV_KINDS = {
    "en": ("Running", "Treadmill Running", "Trail Running"),
    "de": ("Laufen", "Laufbandtraining", "Trailrunning"),
    "fr": ("Course à pied", "Course à pied sur tapis roulant", "Trail"),
    "es": ("Carrera", "Carrera en cinta", "Trail running"),
    "it": ("Corsa", "Corsa su tapis roulant", "Trail running"),
    "pt": ("Corrida", "Corrida em esteira", "Corrida em trilha"),
    "ja": ("ラン", "トレッドミルランニング", "トレイルランニング"),
    "zh": ("跑步", "跑步机", "越野跑"),
}
"""A run, a run on a treadmill, a run on trails."""


def write_garmin_csv(
    folder: Path, runs: Sequence[Run], language: str = "en", *, decimal_comma: bool = False
) -> Path:
    """``Activities.csv`` of the web site, the last activity first; kilometres unsaid."""
    kinds = dict(zip(("generic", "treadmill", "trail"), CSV_KINDS[language], strict=True))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    text.write(CSV_HEADERS[language] + "\n")
    for run in sorted(runs, key=lambda run: run.start, reverse=True):
        writer.writerow(_csv_row(run, kinds[run.sub_sport], "," if decimal_comma else "."))
    path = folder / "Activities.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def _csv_row(run: Run, kind: str, mark: str) -> list[str]:
    pace = divmod(round(run.duration_s / run.distance_m * 1000), 60)
    long = str(timedelta(seconds=run.duration_s)).rjust(8, "0")
    thousands = "." if mark == "," else ","
    up, down = (f"{round(run.ascent_m)}", f"{round(run.descent_m)}")
    return [
        kind,
        f"{run.local_start:%Y-%m-%d %H:%M:%S}",
        "false",
        run.title,
        f"{run.distance_m / 1000:.2f}".replace(".", mark),
        "612",
        long,
        str(BPM),
        "171",
        f"3{mark}4",
        str(SPM),
        "182",
        f"{pace[0]}:{pace[1]:02d}",
        "4:10",
        "--" if run.indoors else up,
        "--" if run.indoors else down,
        f"1{mark}02",
        f"{run.steps:,}".replace(",", thousands),
        "10",
        long,
        long,
        "--" if run.indoors else "80",
        "--" if run.indoors else "140",
        run.shoe or "--",
    ]
