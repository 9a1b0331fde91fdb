"""What the columns of an activity table are called, by what they mean to us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kneewatch.readers.sports import words

ALIASES: dict[str, str] = {
    # Strava's own name of the date; its dates are UTC, whatever the language of the account.
    "date_utc": "Activity Date|Aktivitätsdatum|Date de l'activité|Fecha de la actividad|"
    "Fecha de actividad|Data dell'attività|Data attività|Data da atividade|Datum aktivity|"
    "Datum van activiteit|Data aktywności|アクティビティ日付|アクティビティの日付|活动日期|"
    "Datum activiteit",
    "date": "start_date_local|Date|Datum|Fecha|Data|日付|日期|日時|Dato|Päivämäärä|Workout Date|"
    "WorkoutDay|Day|Tag|Jour|Día|Giorno|Dag|Den|Datetime|Date & Time|Timestamp|When|Dátum|Дата|"
    "Startdatum|Start Date|Date/Time|날짜|run_date|Datum en tijd|Fecha y hora|Date et heure|"
    "Data e ora",
    # A date or the time of the day, as the values say.
    "start": "Start|Start Time|Startzeit|Beginn|Begin|Uhrzeit|Heure|Hora|Ora|Heure de début|"
    "Hora de inicio|Ora di inizio|開始時間|开始时间|開始時刻|Starttijd|Time of Day|Clock|"
    "Čas startu|local_start|Início|Starttid",
    # A duration, a time of the day or a date, as the other columns and the values say.
    "time": "Time|Zeit|Temps|Tiempo|Tempo|Tijd|タイム|時間|时间|時間|Čas|Czas|Tid|Время|"
    "Tempo total|Tiempo total|Temps total|Tempo totale|Totale tijd|Gesamtzeit|Aika|시간|Total Time",
    "elapsed": "Elapsed Time|Elapsed|Duration|Verstrichene Zeit|Dauer|Durée|Temps écoulé|"
    "Tiempo transcurrido|Duración|Tempo trascorso|Durata|Tempo decorrido|Tempo transcorrido|"
    "Duração|経過時間|全程耗时|运动时长|持续时间|Verstreken tijd|Duur|Uplynulý čas|Doba trvání|"
    "Trvání|Workout Time|TimeTotal|Czas trwania|Varaktighet|Varighet|Kesto|总时间|Total Duration|"
    "Durée totale|Minutes|Hours|Minuten|Stunden",
    "moving": "Moving Time|Zeit in Bewegung|Bewegungszeit|Temps de déplacement|"
    "Durée de déplacement|Tiempo en movimiento|Tempo in movimento|Tempo em movimento|"
    "Tempo de movimentação|移動時間|移动时间|Beweegtijd|Tijd bewogen|Aktivní čas|Moving|Active|"
    "Active Time|Czas ruchu|Doba pohybu",
    "distance": "Distance|Distanz|Strecke|Entfernung|Distancia|Distanza|Distância|距離|距离|"
    "Afstand|Vzdálenost|Dystans|Dist|Distans|Matka|Дистанция|거리|Total Distance|Kilometers|"
    "Kilometer|Kilomètres|Kilómetros|Chilometri|Quilômetros|Quilómetros|Miles|Mileage|Meilen|Km|Mi|Metres|"
    "Laufstrecke|Sträcka|Gesamtdistanz|Distance totale|Distancia total|Kms",
    "unit": "Unit|Units|Distance Unit|Einheit|Unité|Unidad|Unità|Unidade|Eenheid|Jednotka",
    "sport": "Activity Type|Type|Sport|Activity|Sport Type|WorkoutType|Aktivitätstyp|"
    "Aktivitätsart|Sportart|Aktivität|Art|Typ|Type d'activité|Activité|Tipo de actividad|"
    "Actividad|Deporte|Tipo|Tipo di attività|Attività|Tipo de atividade|Atividade|"
    "アクティビティタイプ|種目|スポーツ|活动类型|运动类型|类型|Activiteittype|Activiteitstype|"
    "Typ aktivity|Typ aktywności|Exercise|Exercise Type|Workout|Discipline|Aktivitetstyp|"
    "Aktivitetstype|종류|활동 유형|Тип|Tipo attività|Rodzaj aktywności",
    "title": "Title|Activity Name|Name|Titel|Name der Aktivität|Titre|Nom de l'activité|Título|"
    "Nombre de la actividad|Titolo|Nome dell'attività|Nome attività|Nome da atividade|タイトル|"
    "アクティビティ名|标题|活动名称|Naam activiteit|Naam van activiteit|Název aktivity|Route Name|"
    "Nazwa aktywności|Bezeichnung|Workout Name|Nom|Nombre|Nome|Název|Naam",
    "ascent": "Total Ascent|Elevation Gain|Elev Gain|Ascent|Climb|Elevation|Anstieg gesamt|"
    "Anstieg|Positiver Höhenunterschied|Höhenzunahme|Höhenmeter|Ascension totale|"
    "Dénivelé positif|Dénivelé|D+|Ascenso total|Desnivel positivo|Desnivel|Ascesa totale|"
    "Dislivello positivo|Dislivello|Subida total|Ganho de elevação|Ascensão total|総上昇量|"
    "獲得標高|累计爬升|总爬升|总上升|Totale stijging|Hoogtewinst|Hoogtemeters|Nastoupaná výška|"
    "Převýšení|Celkové stoupání|total_elevation_gain|Hm|Elevation Gained|Gain|Vert|"
    "Przewyższenie|Höjdmeter",
    "descent": "Total Descent|Elevation Loss|Elev Loss|Descent|Abstieg gesamt|Abstieg|"
    "Negativer Höhenunterschied|Descente totale|Dénivelé négatif|D-|Descenso total|"
    "Desnivel negativo|Discesa totale|Dislivello negativo|Descida total|Perda de elevação|"
    "Perda de altitude|総下降量|下降高度|累计下降|总下降|Totale daling|Naklesaná výška|"
    "Celkové klesání|total_elevation_loss|Loss|Elevation Lost|Descent Total",
    # Strava says "difference in height" for the loss, beside its "gain in height".
    "descent_beside_gain": "Höhenunterschied",
    "steps": "Steps|Total Steps|Step Count|Schritte|Schritte insgesamt|Pas|Nombre de pas|Pasos|"
    "Pasos totales|Passi|Passi totali|Passos|Total de passos|ステップ|歩数|步数|总步数|Stappen|"
    "Totaal aantal stappen|Nombre total de pas|Kroky|Celkový počet kroků|Kroki|Steg|Skritt|걸음 수",
    "hr": "Avg HR|Average Heart Rate|Avg Heart Rate|HeartRateAverage|Average HR|HR|Heart Rate|"
    "Ø HF|Ø Herzfrequenz|Durchschnittliche Herzfrequenz|Puls|Herzfrequenz|"
    "Fréquence cardiaque moyenne|FC moyenne|Frecuencia cardiaca media|FC Media|FC Média|"
    "Frequenza cardiaca media|Frequência cardíaca média|平均心拍数|平均心率|Gem. HS|"
    "Gemiddelde hartslag|Průměrná tepová frekvence|Prům. ST|Tepová frekvence|Śr. tętno|"
    "Średnie tętno|Average Pulse|Avg Pulse|Snittpuls",
    # Steps a minute, by Garmin's own definition.
    "cadence": "Avg Run Cadence|Ø Schrittfrequenz (Laufen)|Cadence de course moyenne|"
    "Cadencia de carrera media|Cadenza di corsa media|Cadência de corrida média|平均ピッチ|"
    "平均步频|Gem. loopcadans|Průměrná kadence běhu",
    # Steps or strides a minute, or turns of a crank.
    "cadence_any": "Average Cadence|Avg Cadence|Cadence|average_cadence|CadenceAverage|"
    "Durchschnittliche Trittfrequenz|Schrittfrequenz|Ø Schrittfrequenz|Trittfrequenz|"
    "Cadence moyenne|Cadencia media|Cadencia|Cadenza media|Cadenza|Cadência média|Cadência|"
    "Gem. cadans|Gemiddelde cadans|Cadans|Průměrná kadence|Kadence|ケイデンス|ピッチ|步频|Kadencja",
    "notes": "Notes|Note|Activity Description|Activity Private Note|Description|Comments|Comment|"
    "AthleteComments|Notizen|Notiz|Bemerkung|Bemerkungen|Kommentar|Aktivitätsbeschreibung|"
    "Hinweis zur Privatsphäre für Aktivitäten|Description de l'activité|Commentaires|"
    "Commentaire|Remarques|Note privée sur les activités|Notas|Nota privada de actividad|"
    "Descripción de la actividad|"
    "Comentarios|Descrizione dell'attività|Commenti|Descrição da atividade|Observações|メモ|"
    "备注|活动描述|Beschrijving van activiteit|Privénotitie activiteit|Opmerkingen|Notities|"
    "Popis aktivity|Soukromá poznámka k aktivitě|Poznámka|Poznámky|Remarks|How it felt|Diary|"
    "Uwagi|Anteckningar|How did it feel",
    "gear": "Activity Gear|Shoe|Shoes|Gear|Footwear|Schuh|Schuhe|Laufschuh|Laufschuhe|"
    "Aktivitätsausrüstung|Ausrüstung|Matériel utilisé pour l'activité|Chaussures|Chaussure|"
    "Équipement|Zapatillas|Equipamiento de la actividad|Scarpe|Scarpa|"
    "Attrezzatura dell'attività|Attrezzatura attività|Attrezzatura|Equipamento|Equipamiento|Equipo|"
    "Material|Matériel|Materiaal voor activiteit|Calzado|Calzature|Calçado|Tênis|Sapatilhas|"
    "Equipamento da atividade|シューズ|ギア|跑鞋|鞋子|装备|運動裝備|运动装备|"
    "鞋|Schoenen|Schoen|Uitrusting voor activiteit|Vybavení na aktivitu|Boty|Obuv|Buty|Skor|Sko",
    # What Strava's map holds for unpaved.
    "dirt": "Dirt Distance|Auf Schotter zurückgelegte Distanz|Distance sur chemin",
    "surface": "Surface|Terrain|Ground|Untergrund|Belag|Gelände|Boden|Terreno|Superficie|"
    "Superfície|Fondo|Ondergrond|Povrch|Terén|路面|地面|Route Type|Nawierzchnia|Underlag|Sol",
    "file": "Filename|File Name|File|GPX File|Dateiname|Datei|Nom du fichier|Fichier|"
    "Nombre del archivo|Nombre de archivo|Archivo|Nome del file|Nome do arquivo|"
    "Nome do ficheiro|ファイル名|文件名|Bestandsnaam|Název souboru|Nazwa pliku",
    "pace": "Avg Pace|Average Pace|Pace|Ø Pace|Durchschnittspace|Allure moyenne|Allure|"
    "Ritmo medio|Ritmo|Passo medio|Ritmo médio|平均ペース|ペース|平均配速|配速|Gemiddeld tempo|"
    "Gem. tempo|Průměrné tempo|Pace Average|Laufpace|Śr. tempo",
    "trainer": "Trainer|Treadmill",
    "indoor": "Indoor|is_indoor",
    "person": "pid|Athlete|Athlete ID|Athlete Name|User|User ID|Userid|Username|Runner|Runner ID|"
    "Participant|Participant ID|Subject|Subject ID|Person|Athlet|Athlète|Atleta|Sportler|"
    "Läufer|Coureur|Corredor|Proband",
    "planned": "PlannedDuration|PlannedDistance|Planned Distance|Planned Duration|Planned|Geplant",
    # A table that has one of these is of laps or of samples.
    "lap": "Laps|Lap|Intervallo|Int.|Interval|Intervals|Runde|Runden|Circuits|Tours|Tour|Vueltas|"
    "Vuelta|Giro|Giri|Voltas|Volta|ラップ|圈|Ronde|Ronden|Okruhy|Okruh|Split|Splits|Step Type|"
    "Tipo di fase|Intervalle|Intervalo|Intervalos|Temps intermédiaires",
    "cumulative": "Cumulative Time|Tempo cumulato|Kumulierte Zeit|Temps cumulé|"
    "Tiempo acumulado|Tempo acumulado|累積時間|累计时间|Cumulatieve tijd|Kumulativní čas",
    "sample": "Latitude|Longitude|Lat|Lon|Lng|Long|position_lat|position_long|Sample Rate|"
    "latitude_deg|longitude_deg",
}
"""Every known header, by meaning: names with ``|`` between, without their units.

Accents, capitals, blanks and signs are not compared, so one spelling of each is enough.
"""

UNITS = {
    "km": "km|kms|kilometer|kilometers|kilometre|kilometres|kilometern|kilomètres|kilómetros|"
    "chilometri|quilômetros|quilómetros|キロメートル|キロ|公里|千米|k",
    "mi": "mi|mile|miles|mileage|meilen|milles|millas|miglia|milhas|マイル|英里|mijl",
    "m": "m|meter|meters|metre|metres|metern|mètres|metros|metri|メートル|米|hm",
    "yd": "yd|yds|yard|yards",
    "ft": "ft|feet|foot|fuß|pieds|pies|piedi|pés|フィート|英尺",
    "s": "s|sec|secs|second|seconds|sekunden|sek|secondes|segundos|secondi|秒",
    "min": "min|mins|minute|minutes|minuten|minutos|minuti|分|分钟|mn",
    "h": "h|hr|hrs|hour|hours|stunden|std|heures|horas|ore|uur|時間|小时",
    "ms": "ms|millis|milliseconds",
    "kmh": "kmh|kph",
    "mph": "mph",
    "bpm": "bpm|ppm|spm|pam|rpm|deg|kcal|w|pro|per",
}
"""Words of a header or of a cell that are a unit."""


def _compact(text: str) -> str:
    return "".join(words(text.replace("D+", "Dplus").replace("D-", "Dminus")))


UNIT_WORDS = {_compact(word): unit for unit, listed in UNITS.items() for word in listed.split("|")}
_MEANINGS = {
    _compact(name): meaning for meaning, names in ALIASES.items() for name in names.split("|")
}
_ENGLISH = re.compile(
    r"\b(?:time|title|activity|elapsed|moving|workout|shoes?|miles?|mileage|pace|day|surface|"
    r"type|duration|comments?)\b"
)


@dataclass(frozen=True)
class Column:
    """A column that means something.

    Attributes
    ----------
    index : int
    meaning : str
        A key of ``ALIASES``.
    unit : str
        A key of ``UNITS``, several joined with a slash (``min/km``), empty where not said.
    """

    index: int
    meaning: str
    unit: str


Columns = dict[str, list[Column]]
"""Columns by meaning, from left to right."""


def columns_of(header: Sequence[str]) -> list[Column]:
    """Columns of a header that are known, from left to right."""
    found = (_column(index, cell) for index, cell in enumerate(header))
    columns = [column for column in found if column is not None]
    gain = any(column.meaning == "ascent" for column in columns)
    return [
        Column(column.index, "descent", column.unit) if column.meaning.endswith("_gain") else column
        for column in columns
        if gain or not column.meaning.endswith("_gain")
    ]


def meaning_of(name: str) -> str:
    """What a column of that name means, a key of ``ALIASES``; empty where it is not known."""
    column = _column(0, name)
    return column.meaning if column is not None else ""


def known_cells(header: Sequence[str]) -> int:
    """How many different things a header row tells."""
    return len({column.meaning for column in columns_of(header)})


def is_english(header: Sequence[str]) -> bool:
    """Whether the words of a header are English."""
    return any(_ENGLISH.search(" ".join(words(cell))) for cell in header)


def _column(index: int, cell: str) -> Column | None:
    spoken = words(cell.replace("D+", "Dplus").replace("D-", "Dminus"))[:12]
    units: list[str] = []
    while spoken:
        meaning = _MEANINGS.get("".join(spoken))
        if meaning is not None:
            # "km" is the name of a column and says its unit.
            unit = "/".join(units) or UNIT_WORDS.get("".join(spoken), "")
            return Column(index, meaning, unit)
        unit_word = UNIT_WORDS.get(spoken[-1])
        if unit_word is None and (spoken[-1] != "in" or not units):
            return None
        if unit_word is not None:
            units.insert(0, unit_word)
        spoken.pop()
    return None
