"""Strava's bulk export, in the language of the account.

English, German, French and Czech headers, and what stands in the columns of a run, a walk and a
session in the gym, are those of public exports; Hungarian stands for a language that the reader
does not know, and only the order of its columns is real.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exports.history import BPM, SPM, Run, fit_bytes, gpx_bytes, tcx_bytes

FIRST_ACTIVITY, FIRST_UPLOAD = 8266525121, 8860310457

ENGLISH = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade,Average Grade,"
    "Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence,Max Heart Rate,"
    "Average Heart Rate,Max Watts,Average Watts,Calories,Max Temperature,Average Temperature,"
    "Relative Effort,Total Work,Number of Runs,Uphill Time,Downhill Time,Other Time,"
    "Perceived Exertion,Type,Start Time,Weighted Average Power,Power Count,"
    "Prefer Perceived Exertion,Perceived Relative Effort,Commute,Total Weight Lifted,From Upload,"
    "Grade Adjusted Distance,Weather Observation Time,Weather Condition,Weather Temperature,"
    "Apparent Temperature,Dewpoint,Humidity,Weather Pressure,Wind Speed,Wind Gust,Wind Bearing,"
    "Precipitation Intensity,Sunrise Time,Sunset Time,Moon Phase,Bike,Gear,"
    "Precipitation Probability,Precipitation Type,Cloud Cover,Weather Visibility,UV Index,"
    "Weather Ozone,Jump Count,Total Grit,Average Flow,Flagged,Average Elapsed Speed,Dirt Distance,"
    "Newly Explored Distance,Newly Explored Dirt Distance,Activity Count,Total Steps,Carbon Saved,"
    "Pool Length,Training Load,Intensity,Average Grade Adjusted Pace,Timer Time,Total Cycles,"
    "Recovery,With Pet,Competition,Long Run,For a Cause,With Kid,Downhill Distance,Total Sets,"
    "Total Reps,Media"
)
GERMAN = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,"
    "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,"
    "Hinweis zur Privatsphäre für Aktivitäten,Aktivitätsausrüstung,Dateiname,Sportlergewicht,"
    "Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,"
    "Durchschnittliche Geschwindigkeit,Höhenzunahme,Höhenunterschied,Min. Höhe,Max. Höhe,"
    "Max. Steigung,Durchschnittliche Steigung,Durchschnittliche positive Steigung,"
    "Durchschnittliche negative Steigung,Max. Tritt-/Schrittfrequenz,"
    "Durchschnittliche Trittfrequenz,Max. Herzfrequenz,Durchschnittliche Herzfrequenz,Max. Watt,"
    "Durchschnittliche Watt,Kalorien,Max. Temperatur,Durchschnittliche Temperatur,"
    "Relative Leistung,Gesamtarbeit,Anzahl Läufe,Bergaufzeit,Bergabzeit,Andere Zeit,"
    "Gefühlte Anstrengung,Art,Startzeit,Gewichtete durchschnittliche Leistung,Leistungszahl,"
    "Gefühlte Anstrengung verwenden,Gefühlte relative Leistung,Pendeln,"
    "Insgesamt gestemmtes Gewicht,Von Upload,Auf Steigung angepasste Distanz,"
    "Wetterbeobachtungszeit,Wetterlage,Wetter: Temperatur,Scheinbare Temperatur,Taupunkt,"
    "Luftfeuchtigkeit,Wetter: Druck,Windgeschwindigkeit,Windböe,Windrichtung,"
    "Niederschlagsintensität,Sonnenaufgangszeit,Sonnenuntergangszeit,Mondphase,Fahrrad,Ausrüstung,"
    "Niederschlagswahrscheinlichkeit,Niederschlagsart,Wolkendecke,Wetter: Sichtbarkeit,UV-Index,"
    "Wetter: Ozon,Sprunganzahl,Schwierigkeit insgesamt,Durchschnittlicher Flow,Markiert,"
    "Durchschnittsgeschwindigkeit im Aufzeichnungszeitraum,Auf Schotter zurückgelegte Distanz,"
    "Neu getestete Distanz,Neu getestete Schotterdistanz,Aktivitätsanzahl,Schritte insgesamt,"
    "Eingesparte CO₂-Emissionen,Pool-Länge,Trainingsbelastung,Intensität,"
    "Durchschnittliches auf Steigung angepasstes Tempo,Medien"
)
FRENCH = (
    "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,"
    "Description de l'activité,Temps écoulé,Distance,Fréquence cardiaque max.,Effort relatif,"
    "Déplacement-transport,Note privée sur les activités,Matériel utilisé pour l'activité,"
    "Nom du fichier,Poids de l'athlète,Poids du vélo,Temps écoulé,Durée de déplacement,Distance,"
    "Vitesse max.,Vitesse moyenne,Dénivelé positif,Dénivelé négatif,Altitude min.,Altitude max.,"
    "Pente max.,Pente moyenne,Pente positive moyenne,Pente négative moyenne,Cadence max.,"
    "Cadence moyenne,Fréquence cardiaque max.,Fréquence cardiaque moyenne,Puissance max.,"
    "Puissance moyenne,Calories,Température max.,Température moyenne,Effort relatif,Effort total,"
    "Nombre de sorties course à pied,Temps de montée,Temps de descente,Autres temps,"
    "Effort ressenti,Type,Heure de début,Puissance moyenne pondérée,"
    "Nombre d'échantillons de puissance,Utiliser l'Effort ressenti,Effort relatif ressenti,"
    "Déplacement-transport,Poids total soulevé,À partir du téléchargement,"
    "Distance ajustée selon la pente,Heure d'observation de la météo,Conditions météo,"
    "Température selon les prévisions météo,Température ressentie,Point de rosée,Humidité,"
    "Pression atmosphérique,Vitesse du vent,Rafale de vent,Direction du vent,"
    "Intensité des précipitations,Heure de lever du soleil,Heure de coucher du soleil,"
    "Phase de la lune,Vélo,Matériel,Probabilité de précipitations,Type de précipitations,"
    "Couverture nuageuse,Visibilité selon les prévisions météo,Indice UV,"
    "Ozone selon les prévisions météo,Nombre de sauts,Grit total,Flow moyen,Signalé,"
    "Vitesse moyenne (temps écoulé),Distance sur chemin,Distance récemment découverte,"
    "Distance sur chemin récemment découverte,Nombre d'activités,Nombre total de pas,"
    "CO2 économisé,Longueur de piscine,Charge d’entraînement,Intensité,"
    "Vitesse moyenne ajustée selon la pente,Temps enregistré par le chronomètre,"
    "Nombre total de cycles,Récupération,Avec mon animal de compagnie,Compétition,Sortie longue,"
    "Pour la bonne cause,Avec enfant,Distance en descente,Nombre total de séries,"
    "Nombre total de répétitions,Support"
)
CZECH = (
    "ID aktivity,Datum aktivity,Název aktivity,Typ aktivity,Popis aktivity,Uplynulý čas,"
    "Vzdálenost,Maximální tepová frekvence,Relativní úsilí,Dojíždění,Soukromá poznámka k aktivitě,"
    "Vybavení na aktivitu,Název souboru,Hmotnost sportovce,Hmotnost kola,Uplynulý čas,Aktivní čas,"
    "Vzdálenost,Maximální rychlost,Průměrná rychlost,Nastoupaná výška,Naklesaná výška,"
    "Nejnižší nadmořská výška,Nejvyšší nadmořská výška,Maximální sklon,Průměrný sklon,"
    "Průměrný pozitivní sklon,Průměrný záporný sklon,Maximální kadence,Průměrná kadence,"
    "Maximální tepová frekvence,Průměrná tepová frekvence,Maximální výkon ve wattech,"
    "Průměrný výkon ve wattech,Kalorie"
)
HUNGARIAN = ",".join(
    [
        "Tevékenység azonosítója,Tevékenység dátuma,Tevékenység neve,Tevékenység típusa",
        "Tevékenység leírása,Eltelt idő,Távolság",
        *(f"Oszlop {number}" for number in range(8, 16)),
        "Eltelt idő,Mozgásban töltött idő,Távolság",
        *(f"Oszlop {number}" for number in range(19, 104)),
    ]
)

MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "hu": "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
}


def month(language: str, when: datetime) -> str:
    """Name of a month as the language's dates have it."""
    return MONTHS[language].split()[when.month - 1]


@dataclass(frozen=True)
class Language:
    """How an account in a language has its table.

    Attributes
    ----------
    header : str
    kinds : tuple of str
        A run, a run on trails, a walk.
    date : callable
        The moment in UTC as it is written.
    mark : str
        Decimal mark of the distance for the eye; machines' numbers have points.
    """

    header: str
    kinds: tuple[str, str, str]
    date: Callable[[datetime], str]
    mark: str = ","


LANGUAGES = {
    "en": Language(
        ENGLISH,
        ("Run", "Trail Run", "Walk"),
        lambda when: f"{when:%b} {when.day}, {when.year}, {when.hour % 12 or 12}:{when:%M:%S %p}",
        ".",
    ),
    "de": Language(
        GERMAN, ("Lauf", "Traillauf", "Spaziergang"), lambda when: f"{when:%d.%m.%Y, %H:%M:%S}"
    ),
    "fr": Language(
        FRENCH,
        ("Course à pied", "Trail", "Marche"),
        lambda when: f"{when.day} {month('fr', when)} {when:%Y, %H:%M:%S}",
    ),
    "cs": Language(
        CZECH,
        ("Běh", "Trailový běh", "Chůze"),
        lambda when: f"{when.day}. {when.month}. {when:%Y} {when.hour}:{when:%M:%S}",
    ),
    "hu": Language(
        HUNGARIAN,
        ("Szaladás", "Terepszaladás", "Séta"),
        lambda when: f"{when.year}. {month('hu', when)} {when.day}. {when:%H:%M:%S}",
    ),
}

SHOES = {"Ghost 15": ("Brooks", "Ghost 15", ""), "Speedgoat 5": ("Hoka", "Speedgoat 5", "Blue")}
"""Brand, model and name of a shoe; any other is a model without a brand."""


def gear_text(shoe: str) -> str:
    """A shoe as Strava's activities name it."""
    return " ".join(part for part in SHOES.get(shoe, ("", shoe, "")) if part)


def write_strava(
    folder: Path, runs: Sequence[Run], language: str = "en", *, zipped: bool = False
) -> Path:
    """The whole export, as a folder or as the zip that comes by mail."""
    files = dict(_files(runs, LANGUAGES[language]))
    if zipped:
        path = folder / "export_1234567.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return path
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def file_name(index: int, run: Run) -> str:
    """Where the recording lies: FIT, GPX and TCX by turns, none for a run entered by hand."""
    if not run.recorded:
        return ""
    suffix = "fit" if run.indoors else ("fit", "gpx", "tcx")[index % 3]
    return f"activities/{FIRST_UPLOAD + index}.{suffix}.gz"


def _files(runs: Sequence[Run], language: Language) -> list[tuple[str, bytes]]:
    files = [("activities.csv", activities_csv(runs, language).encode())]
    for index, run in enumerate(runs):
        if name := file_name(index, run):
            write = {"fit": fit_bytes, "gpx": gpx_bytes, "tcx": tcx_bytes}[name.split(".")[1]]
            # Strava packs some, and leaves those alone that came as they are.
            packed = gzip.compress(write(run), mtime=0) if index % 4 else write(run)
            files.append((name if index % 4 else name.removesuffix(".gz"), packed))
    shoes = list(dict.fromkeys(run.shoe for run in runs if run.shoe))
    register = [[SHOES.get(shoe, ("", shoe, ""))[i] for i in (2, 0, 1)] + [""] for shoe in shoes]
    head = ["Shoe Name", "Shoe Brand", "Shoe Model", "Shoe Default Sport Types"]
    files.append(("shoes.csv", _table([head, *register]).encode()))
    return [*files, *((name, text.encode()) for name, text in OTHER_TABLES.items())]


OTHER_TABLES = {
    "bikes.csv": "Bike Name,Bike Brand,Bike Model,Bike Default Sport Types\n"
    "Commuter,Demo,U8,Ride\n",
    "components.csv": "Bike Name,Component Type,Component Brand,Component Model\n"
    "Commuter,Chain,,\n",
    "profile.csv": "Athlete ID,Email Address,First Name,Last Name,Sex,Description,Weight\n"
    "9000001,demo@example.org,Demo,Runner,F,,61.0\n",
    "goals.csv": "Goal Type,Activity Type,Goal,Start Date,End Date,Segment ID,Time Period,"
    'Interval Time\nDistance Goal,Run,30000.0,"Jul 15, 2024, 5:21:10 AM",,,Week\n',
    "monthly_recap_achievements.csv": "XOMS,LOCAL LEGENDS,GOALS MET,CHALLENGES COMPLETED,"
    "TOP 10 TIMES,BEST EFFORTS,PRS,Segment ID,Segment Name,Elapsed Time,Start Date\n"
    '0,1,8,7,0,10,12,2166379,"Climb",346,"Aug 6, 2024, 7:48:37 PM"\n',
    "segments.csv": "Segment Name,Activity ID,Starting Latitude,Starting Longitude,"
    "Ending Latitude,Ending Longitude\nMile,,-30.07,-51.05,-30.07,-51.05\n",
    "routes.csv": "Route Name,Route Filename\nLong one,routes/1.gpx\n",
    "events.csv": 'Event Title,Event Description,Start Time\nRace,,"Sep 8, 2024, 7:00:00 AM"\n',
    "metering.csv": "Promotion Seen,Timestamp\nNavigationTabHome,1671406424\n",
    "messaging.json": '{"conversations": []}',
}
"""Some of the forty other files, as public exports have them."""


def activities_csv(runs: Sequence[Run], language: Language) -> str:
    """The index, by order of upload; runs are followed by a walk and a session in the gym."""
    english = ENGLISH.split(",")
    width = language.header.count(",") + 1
    rows = []
    for index, run in enumerate(runs):
        cells = run_cells(index, run, language)
        by_name = [
            cells.get((name, english[:at].count(name)), "") for at, name in enumerate(english)
        ]
        # A shorter table lacks what came later; the last column is always that of pictures.
        rows.append([*by_name[: width - 1], by_name[-1]])
    return language.header + "\n" + _table(rows)


def run_cells(index: int, run: Run, language: Language) -> dict[tuple[str, int], str]:
    """Cells of a run, by the name of the column and how many of that name stand before it."""
    name = file_name(index, run)
    if name and not index % 4:
        name = name.removesuffix(".gz")
    kind = language.kinds[1 if run.sub_sport == "trail" else 0]
    cells = {
        "Activity ID": str(FIRST_ACTIVITY + index),
        "Activity Date": language.date(run.start),
        "Activity Name": run.title,
        "Activity Type": kind,
        "Activity Description": run.notes,
        "Elapsed Time": f"{run.duration_s:.0f}",
        "Distance": f"{run.distance_m / 1000:.2f}".replace(".", language.mark),
        "Commute": "false",
        "Activity Gear": gear_text(run.shoe),
        "Filename": name,
        "Moving Time": f"{run.duration_s:.1f}",
        "Average Speed": f"{run.distance_m / run.duration_s}",
        "Elevation Gain": "0.0" if run.indoors else f"{run.ascent_m}",
        "Elevation Loss": "" if run.indoors else f"{run.descent_m}",
        "From Upload": "1.0" if run.recorded else "0.0",
        "Grade Adjusted Distance": f"{run.distance_m * 1.01}",
        "Average Heart Rate": f"{BPM}.4",
        "Average Cadence": f"{SPM / 2}",
        "Gear": "12345.0" if run.shoe else "",
        "Flagged": "0.0",
        # A zero where nothing is known as well.
        "Dirt Distance": f"{run.distance_m * 0.7}" if run.sub_sport == "trail" else "0.0",
        "Total Steps": str(run.steps) if run.recorded else "",
        "Long Run": "0.0",
    }
    found = {(name, 0): cell for name, cell in cells.items()}
    return found | {
        ("Elapsed Time", 1): f"{run.duration_s:.1f}",
        ("Distance", 1): f"{run.distance_m}",
        ("Commute", 1): "0.0",
    }


def _table(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
