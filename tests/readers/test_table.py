from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import table
from kneewatch.units import System

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
MILE = 1609.344


def readings(text: str | bytes, units: System | None = None) -> list[Reading]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(table.read(Source("log.csv", data), units))


def activities(text: str | bytes, units: System | None = None) -> list[Activity]:
    found = readings(text, units)
    assert all(isinstance(reading, Recording) for reading in found), found
    return [reading.activity for reading in found if isinstance(reading, Recording)]


def only(text: str | bytes, units: System | None = None) -> Activity:
    [found] = activities(text, units)
    return found


# One table a vendor and language ---------------------------------------------------------------

GARMIN_EN = """\
Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Aerobic TE,Avg Run Cadence,\
Max Run Cadence,Avg Pace,Best Pace,Total Ascent,Total Descent,Avg Stride Length,Avg GCT Balance,\
Steps,Body Battery Drain,Best Lap Time,Number of Laps,Moving Time,Elapsed Time,Min Elevation
Trail Running,2024-03-15 06:45:12,false,"Hills, early","12.23","812","01:06:06","151","172","3.4",\
"164","182","5:24","4:10","1,204","1,198","1.12","51.8% L / 48.2% R","9,894","'-12",\
"00:08:02.2","13","01:05:50","01:10:21","--"
Strength Training,2024-03-14 18:00:00,false,"Gym","0.00","200","00:40:00","110","140","1.0",\
"--","--","--","--","--","--","0.00","--","--","'-4","00:40:00","1","00:00:00","00:40:00","--"
Summary,,,,"12.23",,"01:46:06",,,,,,,,,,,,,,,,,,
"""
GARMIN_EN_OLD = """\
Activity Type,Date,Title,Distance,Time,Avg HR,Avg Run Cadence,Avg Pace,Elev Gain,Elev Loss,\
Avg Run Cadence
Running,2016-05-12 20:17:47,Evening,"8.00",43:12,150,168,5:24,55,60,0
"""
GARMIN_DE = """\
\ufeffAktivitätstyp;Datum;Favorit;Titel;Distanz;Kalorien;Zeit;Ø Herzfrequenz;\
Ø Schrittfrequenz (Laufen);Ø Pace;Anstieg gesamt;Abstieg gesamt;Schritte;Zeit in Bewegung;\
Verstrichene Zeit
Laufbandtraining;2024-01-09 18:00:05;false;Laufband;8,05;500;00:45:00;140;160;5:35;--;--;7.210;\
00:44:58;00:46:00
Laufen;2024-01-07 08:00:05;false;Wald;10,10;600;00:55:00;145;162;5:27;1.020;1.033;8.900;\
00:54:30;00:56:10
"""
GARMIN_FR = """\
Type d'activité,Date,Favori,Titre,Distance,Calories,Durée,Fréquence cardiaque moyenne,\
Cadence de course moyenne,Allure moyenne,Ascension totale,Descente totale,\
Temps de contact moyen avec le sol,Pas,Température minimale,Temps de déplacement
Course à pied,2026-08-10 10:52:21,false,"Sortie du matin","3.95","407","00:35:20","151","121",\
"8:57","7","5","250","4,404","31.0","00:35:08"
Randonnée,2026-05-16 13:18:54,false,"Forêt","9.70","943","02:49:38","105","65","17:29","322",\
"329","--","12,426","--","01:57:11"
"""
GARMIN_ES = """\
Tipo de actividad,Fecha,Título,Distancia,Calorías,Tiempo,Frecuencia cardiaca media,Ritmo medio,\
Ascenso total
Carrera,2026-07-11 06:30:54,"Metepec Carrera","8,68","630","01:06:47","124","7:42","230"
"""
GARMIN_PT = """\
Tipo de atividade,Data,Título,Distância,Calorias,Tempo total,FC Média,Cadência de corrida média,\
Ritmo médio,Subida total,Descida total,Passos,Tempo em movimento,Tempo transcorrido
Corrida em esteira,2026-07-10 17:55:15,"Esteira","2.49","296","00:44:17","119","116","17:46",\
"137","143","5,312","00:44:07","00:49:23"
"""
GARMIN_IT = """\
Tipo di attività,Data,Titolo,Distanza,Calorie,Tempo,FC Media,Cadenza di corsa media,Passo medio,\
Ascesa totale,Discesa totale,Tempo in movimento,Tempo trascorso
Corsa,2024-02-03 09:10:11,Parco,"10,02",600,00:52:00,149,168,5:11,40,41,00:51:40,00:53:00
"""
GARMIN_JA = """\
アクティビティタイプ,日付,お気に入り,タイトル,距離,カロリー,タイム,平均心拍数,最大心拍数,平均ピッチ,\
平均ペース,総上昇量,総下降量,ステップ,ラップ数,移動時間,経過時間,シューズ
ラン,2026-10-06 08:00:00,false,那覇市 ラン,10.0,600,00:52:00,160,178,176,5:12,20,21,5000,10,\
00:51:00,00:53:00,Nike Pegasus
"""
GARMIN_ZH = """\
活动类型,日期,我的最爱,标题,距离,热量消耗,时间,平均心率,最大心率,平均步频,累计爬升,累计下降,步数,\
圈数,移动时间,全程耗时
跑步机,2026-08-14 16:11:56,false,"跑步机","0.71","37","00:05:00.6","121","138","167","--","--",\
"848","1","00:05:00","00:05:00.6"
越野跑,2026-08-22 16:14:45,false,"衢州市","6.55","364","00:33:02","155","172","172","9","7",\
"5,660","8","00:33:00","00:38:47"
"""
GARMIN_NL = """\
Activiteittype,Datum,Titel,Afstand,Tijd,Gem. HS,Gem. loopcadans,Gemiddeld tempo,Totale stijging,\
Totale daling,Stappen,Tijd bewogen,Verstreken tijd
Hardlopen,2024-05-05 10:00:00,Duinen,"7,50",00:41:15,148,170,5:30,30,31,6.900,00:41:00,00:42:00
"""

STRAVA_HEADER_EN = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Average Cadence,Average Heart Rate,Type,Start Time,Bike,Gear,"
    "translation missing: en-US.lib.export.x,Dirt Distance,Total Steps,Downhill Distance,Media\n"
)
STRAVA_EN = STRAVA_HEADER_EN + (
    '1001,"May 18, 2023, 1:14:30 PM",Lunch Run,Run,"easy,\nlegs ""heavy""\n\nsecond part",1900,'
    "6.22,171.0,50,false,left knee tight,Hoka Speedgoat 5 Blue,activities/1001.fit.gz,,,"
    "1900.0,1802.0,10010.5,4.5,3.3,120.2,118.9,84.5,150.2,,,,12345.0,,250.0,9004.0,3100.0,\n"
    '1002,"May 19, 2023, 6:00:00 AM",Tread,VirtualRun,,1800,3.11,,,false,,,,,,1800.0,1800.0,'
    "5000.0,,,0.0,0.0,,,,,,,,,,,\n"
)
STRAVA_DE = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,"
    "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Aktivitätsausrüstung,Dateiname,"
    "Verstrichene Zeit,Bewegungszeit,Distanz,Höhenzunahme,Höhenunterschied,"
    "Durchschnittliche Herzfrequenz,Schritte insgesamt\n"
    '7,"09.12.2022, 15:24:49",Runde,Lauf,,3010,"9,44",172,Brooks Ghost,activities/7.gpx,'
    '3010,2980,"9441,5","55,1","54,0",149,\n'
)
STRAVA_CS = (
    "ID aktivity,Datum aktivity,Název aktivity,Typ aktivity,Popis aktivity,Uplynulý čas,"
    "Vzdálenost,Soukromá poznámka k aktivitě,Vybavení na aktivitu,Název souboru,Uplynulý čas,"
    "Aktivní čas,Vzdálenost,Nastoupaná výška,Naklesaná výška,Průměrná tepová frekvence\n"
    '9,"6. 9. 2026 11:18:40",Ranní běh,Běh,"popis,\nna dva řádky",1850,"5,01",,Boty A,'
    "activities/9.gpx.gz,1850.0,1800.0,5010.0,35.0,33.0,151.0\n"
)
STRAVA_ES = (
    "ID de actividad,Fecha de la actividad,Nombre de la actividad,Tipo de actividad,"
    "Tiempo transcurrido,Distancia,Equipamiento de la actividad,Nombre del archivo,"
    "Tiempo transcurrido,Tiempo en movimiento,Distancia,Desnivel positivo,Desnivel negativo\n"
    '5,"2 de ene. de 2025, 7:05:00",Mañana,Carrera,1500,"4,00",,,1500,1490,4001.5,10,11\n'
)
STRAVA_FR = (
    "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,"
    "Description de l'activité,Temps écoulé,Distance,Matériel utilisé pour l'activité,"
    "Nom du fichier,Temps écoulé,Durée de déplacement,Distance,Dénivelé positif,"
    "Dénivelé négatif,Nombre de pas\n"
    '6,"15 mar. 2024, 6:45:12",Matin,Course à pied,,3600,"10,00",,activities/6.fit.gz,3600,3500,'
    "10001.0,45.5,44.5,\n"
)
STRAVA_NL = (
    "Activiteits-ID,Datum van activiteit,Naam activiteit,Activiteitstype,Verstreken tijd,Afstand,"
    "Uitrusting voor activiteit,Bestandsnaam,Verstreken tijd,Beweegtijd,Afstand,Totale stijging,"
    "Totale daling\n"
    '8,"15 mrt 2024, 6:45:12",Ochtend,Hardloopsessie,1800,"5,50",Saucony,,1800,1790,5500.0,3,4\n'
)
STRAVA_2019 = """\
id,date,name,type,description,elapsed_time,distance,commute,gear,filename
55,2018-04-01 07:30:00,Parkrun,Run,,1500,5012.3,false,Old shoes,activities/55.gpx
"""
RUNKEEPER = """\
Activity Id,Date,Type,Route Name,Distance (mi),Duration,Average Pace,Average Speed (mph),\
Calories Burned,Climb (ft),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File
a1,2013-12-29 11:36:13,Running,Loop,3.02,26:42,8:50,6.79,384.0,71.14,150,,"Whoooo",x-1136.gpx
a2,2013-12-27 12:54:43,Walking,,7.16,1:56:06,16:14,3.7,899.0,142.91,,,,
"""
RUNKEEPER_SPREADSHEET = """\
Date;Type;Distance (km);Duration;Average Pace;Climb (m)
22.08.2019 20:44;Walking;1.7;35:47:00;21:06;11
27.08.2019 19:00;Dance;0;01:00:00;;0
29.10.2016 09:47;Running;9.63;30:09:00;03:08;53
02.09.2016 09:30;Cycling;21.25;07:30:47;21:13;124
"""
MAPMYFITNESS = """\
Date Submitted,Workout Date,Activity Type,Calories Burned (kcal),Distance (mi),\
Workout Time (seconds),Avg Pace (min/mi),Max Pace (min/mi),Avg Speed (mi/h),Max Speed (mi/h),\
Avg Heart Rate,Steps,Notes,Source,Link
"May 8, 2025","May 6, 2025",Indoor Run / Jog,400,4.00,2280,9.5,8.1,6.3,7.4,149,6400,\
"Shoes: UA Velociti 3",Map My Fitness,http://x
"""
TRAININGPEAKS = """\
Title,WorkoutType,WorkoutDescription,PlannedDuration,PlannedDistanceInMeters,WorkoutDay,\
CoachComments,DistanceInMeters,PowerAverage,TimeTotalInHours,AthleteComments,HeartRateAverage,\
CadenceAverage,Rpe,Feeling
Easy,Run,do it easy,1,10000,2024-03-15,good,10250.5,,0.95,calf tight,141,84,3,3
Long,Run,later,2,20000,2030-03-17,,,,,,,,,
"""
INTERVALS = """\
id,start_date_local,name,type,moving_time,distance,elapsed_time,total_elevation_gain,max_speed,\
average_speed,has_heartrate,average_heartrate,average_cadence,trainer
i1,2024-03-15T06:45:12,Morning,Run,2400,8012.5,2450,44.0,4.4,3.3,true,148,85.1,false
i2,2024-03-16T06:45:12,Inside,Run,2400,8000,2400,0,4.4,3.3,true,148,85.1,true
"""
POLAR = """\
Name,Sport,Date,Start time,Duration,Total distance (km),Average heart rate (bpm),Notes
A,RUNNING,20-06-2018,11:17:03,00:30:08,4.48,156,"warm, slow"
Sample rate,Time,HR (bpm),Speed (km/h),Pace (min/km),Cadence,Altitude (m),Distances (m)
1,00:00:00,95,3.7,16:13,0,116,0.70
,00:00:01,96,3.8,16:03,0,116,1.70
"""
BY_HAND = """\
date\tkm\ttime\tshoe\tsurface\tnotes\trpe
2024-03-15\t10\t55\tPegasus 40\tgravel\teasy\t3
2024-03-16\t\t\t\t\trest\t
2024-03-17\t5,5\t31:10\tPegasus 40\ttreadmill\t\t4
"""

VENDORS = {
    name: text
    for name, text in globals().items()
    if isinstance(text, str) and "\n" in text and name.isupper()
}


def test_garmin_english() -> None:
    run, gym = activities(GARMIN_EN)
    assert (run.sport, run.sub_sport, run.name) == ("running", "trail", "Hills, early")
    assert run.start == datetime(2024, 3, 15, 6, 45, 12)
    assert run.distance_m == pytest.approx(12230)
    assert (run.elapsed_s, run.moving_s) == (4221, 3950)
    assert (run.ascent_m, run.descent_m) == (1204, 1198)
    assert (run.steps, run.avg_hr_bpm, run.avg_cadence_spm) == (9894, 151, 164)
    assert run.assumed == "distance taken as kilometres: the table does not say"
    assert run.source == "log.csv row 2"
    assert (gym.sport, gym.sub_sport) == ("training", "strength_training")
    assert (gym.elapsed_s, gym.moving_s, gym.avg_cadence_spm) == (2400, None, None)


def test_garmin_units_are_the_users() -> None:
    run = activities(GARMIN_EN, "mi")[0]
    assert run.distance_m == pytest.approx(12.23 * MILE)
    assert run.ascent_m == pytest.approx(1204 * 0.3048)
    assert run.assumed == "heights taken as feet: the distances are in miles"
    assert activities(GARMIN_EN, "km")[0].assumed == ""


def test_garmin_with_a_second_cadence_of_zeros() -> None:
    run = only(GARMIN_EN_OLD)
    assert (run.avg_cadence_spm, run.elapsed_s, run.moving_s) == (168, 2592, None)
    assert (run.ascent_m, run.descent_m) == (55, 60)


def test_garmin_german_with_semicolons_and_decimal_commas() -> None:
    treadmill, run = activities(GARMIN_DE)
    assert (treadmill.sport, treadmill.sub_sport) == ("running", "treadmill")
    assert treadmill.distance_m == pytest.approx(8050)
    assert (treadmill.steps, treadmill.ascent_m) == (7210, None)
    assert (run.ascent_m, run.descent_m, run.avg_cadence_spm) == (1020, 1033, 162)
    assert (run.elapsed_s, run.moving_s) == (3370, 3270)


def test_garmin_french() -> None:
    run, hike = activities(GARMIN_FR)
    assert (run.sport, run.steps, run.descent_m, run.moving_s) == ("running", 4404, 5, 2108)
    assert run.distance_m == pytest.approx(3950)
    assert (hike.sport, hike.elapsed_s, hike.avg_cadence_spm) == ("hiking", 10178, 65)


def test_garmin_spanish() -> None:
    run = only(GARMIN_ES)
    assert (run.sport, run.name, run.elapsed_s) == ("running", "Metepec Carrera", 4007)
    assert run.distance_m == pytest.approx(8680)
    assert (run.ascent_m, run.avg_hr_bpm) == (230, 124)


def test_garmin_portuguese() -> None:
    run = only(GARMIN_PT)
    assert (run.sport, run.sub_sport, run.steps) == ("running", "treadmill", 5312)
    assert (run.elapsed_s, run.moving_s, run.descent_m) == (2963, 2647, 143)


def test_garmin_italian() -> None:
    run = only(GARMIN_IT)
    assert run.distance_m == pytest.approx(10020)
    assert (run.elapsed_s, run.moving_s, run.ascent_m, run.descent_m) == (3180, 3100, 40, 41)


def test_garmin_japanese() -> None:
    run = only(GARMIN_JA)
    assert (run.sport, run.sub_sport, run.gear) == ("running", "generic", "Nike Pegasus")
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (10000, 3180, 3060)
    assert (run.ascent_m, run.descent_m, run.avg_cadence_spm) == (20, 21, 176)


def test_garmin_chinese() -> None:
    treadmill, run = activities(GARMIN_ZH)
    assert treadmill.sub_sport == "treadmill"
    assert treadmill.elapsed_s == pytest.approx(300.6)
    assert (run.sub_sport, run.steps, run.elapsed_s) == ("trail", 5660, 2327)


def test_garmin_dutch() -> None:
    run = only(GARMIN_NL)
    assert run.distance_m == pytest.approx(7500)
    assert (run.steps, run.avg_cadence_spm, run.moving_s) == (6900, 170, 2460)
    assert (run.ascent_m, run.descent_m) == (30, 31)


def test_strava_english() -> None:
    run, virtual = activities(STRAVA_EN)
    assert run.start == datetime(2023, 5, 18, 13, 14, 30, tzinfo=UTC)
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (10010.5, 1900, 1802)
    assert (run.ascent_m, run.descent_m, run.steps) == (120.2, 118.9, 9004)
    assert run.notes == 'easy,\nlegs "heavy"\n\nsecond part\nleft knee tight'
    assert run.gear == "Hoka Speedgoat 5 Blue"
    assert run.file_hint == "activities/1001.fit.gz"
    assert (run.avg_cadence_spm, run.avg_hr_bpm) == (169, 150.2)
    assert run.assumed == ""
    assert (virtual.sub_sport, virtual.gear, virtual.file_hint) == ("virtual_activity", "", "")
    assert virtual.source == "log.csv row 3"


@pytest.mark.parametrize(
    ("text", "start", "metres", "ascent", "descent", "gear"),
    [
        (
            STRAVA_DE,
            datetime(2022, 12, 9, 15, 24, 49, tzinfo=UTC),
            9441.5,
            55.1,
            54,
            "Brooks Ghost",
        ),
        (STRAVA_CS, datetime(2026, 9, 6, 11, 18, 40, tzinfo=UTC), 5010, 35, 33, "Boty A"),
        (STRAVA_ES, datetime(2025, 1, 2, 7, 5, tzinfo=UTC), 4001.5, 10, 11, ""),
        (STRAVA_FR, datetime(2024, 3, 15, 6, 45, 12, tzinfo=UTC), 10001, 45.5, 44.5, ""),
        (STRAVA_NL, datetime(2024, 3, 15, 6, 45, 12, tzinfo=UTC), 5500, 3, 4, "Saucony"),
    ],
)
def test_strava_in_other_languages(
    text: str, start: datetime, metres: float, ascent: float, descent: float, gear: str
) -> None:
    run = only(text)
    assert run.sport == "running"
    assert (run.start, run.distance_m, run.gear) == (start, metres, gear)
    assert (run.ascent_m, run.descent_m, run.assumed) == (ascent, descent, "")
    assert run.elapsed_s is not None
    assert run.moving_s is not None


def test_strava_before_2019() -> None:
    run = only(STRAVA_2019)
    assert run.start == datetime(2018, 4, 1, 7, 30, tzinfo=UTC)
    assert (run.distance_m, run.elapsed_s, run.gear) == (5012.3, 1500, "Old shoes")


def test_strava_where_the_distance_in_metres_is_missing() -> None:
    text = STRAVA_EN.replace("10010.5", "")
    assert activities(text, "mi")[0].distance_m == pytest.approx(6.22 * MILE)


def test_runkeeper() -> None:
    run, walk = activities(RUNKEEPER)
    assert run.start == datetime(2013, 12, 29, 11, 36, 13)
    assert run.distance_m == pytest.approx(3.02 * MILE)
    assert run.ascent_m == pytest.approx(71.14 * 0.3048)
    assert (run.elapsed_s, run.name, run.notes) == (1602, "Loop", "Whoooo")
    assert (run.file_hint, run.assumed) == ("x-1136.gpx", "")
    assert (walk.sport, walk.elapsed_s) == ("walking", 6966)


def test_runkeeper_after_a_spreadsheet() -> None:
    walk, dance, run, ride = activities(RUNKEEPER_SPREADSHEET)
    assert (walk.elapsed_s, dance.elapsed_s, run.elapsed_s) == (2147, 3600, 1809)
    # Slow, but its pace says the same.
    assert ride.elapsed_s == 27047
    assert walk.start == datetime(2019, 8, 22, 20, 44)


def test_mapmyfitness() -> None:
    run = only(MAPMYFITNESS)
    assert (run.start, run.sub_sport) == (datetime(2025, 5, 6), "indoor_running")
    assert run.distance_m == pytest.approx(4 * MILE)
    assert (run.elapsed_s, run.steps, run.gear) == (2280, 6400, "UA Velociti 3")


def test_trainingpeaks() -> None:
    done, planned = readings(TRAININGPEAKS)
    assert isinstance(done, Recording)
    run = done.activity
    assert (run.start, run.distance_m, run.elapsed_s) == (datetime(2024, 3, 15), 10250.5, 3420)
    assert (run.name, run.notes, run.avg_cadence_spm) == ("Easy", "calf tight", 168)
    assert planned == NotActivity("log.csv row 3", "planned, not done")


def test_intervals() -> None:
    run, inside = activities(INTERVALS)
    assert run.start == datetime(2024, 3, 15, 6, 45, 12)
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (8012.5, 2450, 2400)
    assert (run.ascent_m, run.avg_cadence_spm, run.sub_sport) == (44, 170.2, "generic")
    assert inside.sub_sport == "treadmill"


def test_polar_table_ends_where_its_samples_begin() -> None:
    run = only(POLAR)
    assert run.start == datetime(2018, 6, 20, 11, 17, 3)
    assert (run.distance_m, run.elapsed_s, run.notes) == (4480, 1808, "warm, slow")


def test_by_hand() -> None:
    easy, rest, inside = readings(BY_HAND)
    assert isinstance(easy, Recording)
    assert isinstance(inside, Recording)
    run = easy.activity
    assert (run.sport, run.start) == ("running", datetime(2024, 3, 15))
    assert (run.distance_m, run.elapsed_s) == (10000, 3300)
    assert (run.gear, run.surface, run.notes) == ("Pegasus 40", "gravel", "easy")
    assert rest == NotActivity(
        "log.csv row 3", "neither distance nor duration: a rest day or a note"
    )
    assert inside.activity.distance_m == 5500
    assert inside.activity.sub_sport == "treadmill"


# What tables leave open ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    data = GARMIN_DE.removeprefix("\ufeff").encode(encoding)
    assert table.sniff("x", data[:4000])
    assert activities(data)[1].distance_m == pytest.approx(10100)


def test_encodings_of_spreadsheets_elsewhere() -> None:
    assert only(GARMIN_JA.encode("cp932")).gear == "Nike Pegasus"
    assert len(activities(GARMIN_ZH.encode("gb18030"))) == 2
    assert only(STRAVA_CS.encode("cp1250")).descent_m == 33


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    text = (
        mark.join(["date", "miles", "duration"]) + "\n" + mark.join(["2024-03-15", "3.1", "25:00"])
    )
    run = only(text)
    assert run.distance_m == pytest.approx(3.1 * MILE)
    assert run.elapsed_s == 1500


def test_spreadsheet_names_its_delimiter() -> None:
    assert only("sep=;\ndate;km\n2024-03-15;5,2\n").distance_m == 5200


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending: str) -> None:
    assert len(activities(RUNKEEPER.replace("\n", ending))) == 2


@pytest.mark.parametrize(
    ("cells", "starts", "noted"),
    [
        (("22/08/2019", "03/09/2019"), ((8, 22), (9, 3)), False),
        (("8/22/2019", "9/3/2019"), ((8, 22), (9, 3)), False),
        (("1/8/2019", "5/8/2019", "2/9/2019"), ((8, 1), (8, 5), (9, 2)), True),
        (("3/4/2019",), ((4, 3),), True),
        (("3/4/2019 6:45 PM",), ((4, 3),), True),
        (("3.4.2019", "5.4.2019"), ((4, 3), (4, 5)), False),
    ],
)
def test_order_of_day_and_month(
    cells: tuple[str, ...], starts: tuple[tuple[int, int], ...], noted: bool
) -> None:
    text = "datum;strecke (km)\n" + "".join(f"{cell};5,5\n" for cell in cells)
    found = activities(text)
    assert [(run.start.month, run.start.day) for run in found] == list(starts)
    assert all(("first" in run.assumed) == noted for run in found)


def test_month_first_where_the_language_and_the_miles_say_so() -> None:
    run = only("date,miles,time\n3/4/2019,3,30:00\n")
    assert (run.start.month, run.start.day) == (3, 4)
    assert run.assumed == "dates taken as month first: no number beyond 12 decides it"
    run = only("date,km,time\n3/4/2019 6:45 PM,3,30:00\n")
    assert run.start == datetime(2019, 3, 4, 18, 45)


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("May 18, 2023, 1:14:30 PM", datetime(2023, 5, 18, 13, 14, 30)),
        ("15 mar 2024, 6:45:12", datetime(2024, 3, 15, 6, 45, 12)),
        ("2 de ene. de 2025, 7:05:00", datetime(2025, 1, 2, 7, 5)),
        ("6. 9. 2026 11:18:40", datetime(2026, 9, 6, 11, 18, 40)),
        ("09.12.2022, 15:24:49", datetime(2022, 12, 9, 15, 24, 49)),
        ("27.08.2019 19:00", datetime(2019, 8, 27, 19)),
        ("9 déc. 2022 à 15:24:49", datetime(2022, 12, 9, 15, 24, 49)),
        ("15. März 2024 06:45", datetime(2024, 3, 15, 6, 45)),
        ("5 giu 2024, 07:00:01", datetime(2024, 6, 5, 7, 0, 1)),
        ("12 de março de 2024 às 06:10", datetime(2024, 3, 12, 6, 10)),
        ("15 mrt 2024", datetime(2024, 3, 15)),
        ("3. srp 2024 8:00:00", datetime(2024, 8, 3, 8)),
        ("mar. 5 nov. 2024 7:00", datetime(2024, 11, 5, 7)),
        ("2024年3月15日 下午6:45:12", datetime(2024, 3, 15, 18, 45, 12)),
        ("2024/03/15 6:45", datetime(2024, 3, 15, 6, 45)),
        ("20240315T064512", datetime(2024, 3, 15, 6, 45, 12)),
        ("12:30 AM Mar 4 2024", datetime(2024, 3, 4, 0, 30)),
        ("2024-03-15", datetime(2024, 3, 15)),
        ("2024-03-15T06:45:12Z", datetime(2024, 3, 15, 6, 45, 12, tzinfo=UTC)),
        ("2024-03-15 06:45:12 -0700", datetime(2024, 3, 15, 13, 45, 12, tzinfo=UTC)),
    ],
)
def test_dates(cell: str, start: datetime) -> None:
    run = only(f'date;km;duration\n"{cell}";5;25:00\n')
    assert run.start == start
    assert (run.start.tzinfo is None) == (start.tzinfo is None)


def test_zone_of_a_date_is_kept() -> None:
    run = only("date,km\n2024-03-15T06:45:12+02:00,5\n")
    assert run.start == datetime(2024, 3, 15, 4, 45, 12, tzinfo=UTC)
    assert run.utc_offset_s == 7200


@pytest.mark.parametrize(
    ("cell", "km", "seconds"),
    [
        ("26:42", "5", 1602),
        ("1:06:06", "12", 3966),
        ("00:08:02.2", "1.5", 482.2),
        ("00:52.95.8", "0.2", 52.958),
        ("35:47:00", "6", 2147),
        ("1:05", "12", 3900),
        ("0:45", "8", 2700),
        ("55", "10", 3300),
        ("2700", "10", 2700),
        ("0.75", "8", 2700),
        ("48 min", "9", 2880),
        ("1h 5m 3s", "12", 3903),
        ("1h05", "12", 3900),
        ("45'30\"", "8", 2730),
        ("1時間5分3秒", "12", 3903),
        ("1小时5分3秒", "12", 3903),
        ("1 Std. 5 Min.", "12", 3900),
    ],
)
def test_durations(cell: str, km: str, seconds: float) -> None:
    quoted = cell.replace('"', '""')
    assert only(f'date;km;duration\n2024-03-15;{km};"{quoted}"\n').elapsed_s == pytest.approx(
        seconds
    )


def test_pace_decides_what_a_duration_means() -> None:
    head = "date,km,duration,pace\n2024-03-15,4,"
    assert only(head + "2:00:00,30:00\n").elapsed_s == 7200
    assert only(head + "24:00:00,6:00\n").elapsed_s == 1440
    assert only(head + "0:24,6:00\n").elapsed_s == 1440


@pytest.mark.parametrize(
    ("cells", "metres"),
    [
        (("5,25", "9,894"), (5250, 9894)),
        (("5.25", "10.500"), (5250, 10500)),
        (("5 km", "8000 m", "3 mi"), (5000, 8000, 3 * MILE)),
        (("5k", "10 K"), (5000, 10000)),
        (("'5.5",), (5500,)),
        (("５．５",), (5500,)),
    ],
)
def test_numbers(cells: tuple[str, ...], metres: tuple[float, ...]) -> None:
    text = "date;distance (km)\n" + "".join(f"2024-03-{i + 10};{c}\n" for i, c in enumerate(cells))
    assert [run.distance_m for run in activities(text)] == pytest.approx(list(metres))


def test_thousands_beside_decimals() -> None:
    rows = (
        'Pool Swim,2024-03-15 10:00:00,"1,650",00:35:00\nRunning,2024-03-16 10:00:00,8.25,44:00\n'
    )
    swim, run = activities("Activity Type,Date,Distance,Time\n" + rows)
    assert swim.distance_m == pytest.approx(1650)
    assert run.distance_m == pytest.approx(8250)
    assert "this row taken as metres" in swim.assumed
    swim, run = activities(
        "Activity Type,Date,Distance,Time\n" + rows + rows.split("\n")[0] + "\n"
    )[:2]
    assert run.distance_m == pytest.approx(8250)
    assert swim.distance_m == pytest.approx(1650)


def test_distance_in_metres_is_seen_by_its_speed() -> None:
    run = only("date,distance,duration\n2024-03-15,8012,44:00\n")
    assert run.distance_m == 8012
    assert run.assumed.startswith("distance taken as metres")


@pytest.mark.parametrize("cell", ["walk", "Other", "Day off", "Bike"])
def test_what_is_named_otherwise_is_no_run(cell: str) -> None:
    assert only(f"date,type,km,time\n2024-03-15,{cell},5,30:00\n").sport != "running"


@pytest.mark.parametrize("cell", ["easy", "6 x 800", "Tempo", "long", ""])
def test_kinds_of_runs_are_runs(cell: str) -> None:
    assert only(f"date,type,km,time\n2024-03-15,{cell},5,30:00\n").sport == "running"


def test_without_a_type_the_speed_must_be_that_of_a_run() -> None:
    runs = activities("date,km,time\n2024-03-15,5,30:00\n2024-03-16,30,1:00:00\n2024-03-17,5,\n")
    assert [run.sport for run in runs] == ["running", "unknown", "running"]
    assert only("date,title,km\n2024-03-15,Bike to work,9\n").sport == "cycling"


def test_unnamed_rows_among_other_sports_stay_unknown() -> None:
    rows = activities("date,type,km,time\n2024-03-15,Ride,20,1:00:00\n2024-03-16,thing,5,30:00\n")
    assert [row.sport for row in rows] == ["cycling", "unknown"]


def test_of_two_types_the_one_with_names_counts() -> None:
    text = "start_date_local,workout_type,type,distance_km\n2024-03-15T06:45:12,0,Ride,20\n"
    assert only(text).sport == "cycling"


def test_time_beside_a_duration_is_when_it_was() -> None:
    run = only("date,time,distance (km),duration\n2024-03-15,6:45 PM,5,30:00\n")
    assert run.start == datetime(2024, 3, 15, 18, 45)
    assert run.elapsed_s == 1800


def test_tempo_is_a_pace_in_german_and_a_time_in_italian() -> None:
    german = only("Datum;Strecke (km);Dauer;Tempo\n15.03.2024;10;55:00;5:30\n")
    assert german.elapsed_s == 3300
    assert only("Datum;Strecke (km);Tempo\n15.03.2024;10;5:30\n").elapsed_s is None
    assert only("Data;Distanza (km);Tempo\n15/03/2024;10;55:00\n").elapsed_s == 3300


# What is not an activity, and what cannot be read ----------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "id,name,km_12_13,owned\n1,NB minimus,617.8,0\n2,Asics,103.5,0\n",
        "Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\nBlue,Hoka,Speedgoat 5,Run\n",
        "pid,time,n,knee,leg,all\np01,2019-11-07T06:39:48.428Z,0,,,\n",
        "Intervallo,Lap,Tempo,Tempo cumulato,Distanza km,Passo medio min/km\n"
        "1,1,5:30,5:30,1.00,5:30\n",
        "Laps,Time,Cumulative Time,Distance,Avg Pace\n1,5:30,5:30,1.00,5:30\n",
        "time,latitude,longitude,distance\n2024-03-15T06:45:12Z,50.1,8.2,0\n",
        "timestamp,distance,heart_rate\n"
        + "".join(f"2024-03-15T06:45:{second}Z,{second},140\n" for second in range(10, 40)),
        "date,distance,time\n",
        "Date,Distance\nSummary,5\n",
    ],
)
def test_other_tables(text: str) -> None:
    [found] = readings(text)
    assert isinstance(found, NotActivity)
    assert found.source == "log.csv"


def test_several_people_are_a_problem() -> None:
    head = "pid,start,name,km,unit,duration_s,active_s,elevation_gain,avg_hr,logType\n"
    one = "p01,2019-11-05 22:40:41,Treadmill,3.846,Kilometer,1465.0,1460.0,38.4,144.0,tracker\n"
    [found] = readings(head + one + one.replace("p01", "p02"))
    assert isinstance(found, Problem)
    assert "2 people (p01, p02)" in found.reason
    run = only(head + one)
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (3846, 1465, 1460)
    assert (run.sub_sport, run.ascent_m) == ("treadmill", 38.4)


def test_bad_rows_do_not_stop_the_others() -> None:
    text = "date,km,time\n2024-03-15,5,25:00\n,5,25:00\n2024-03-16,abc,25:00\nyesterday,5,25:00\n"
    first, *bad, last = readings(text + "2024-03-17,-5,25:00\n2024-03-18,5,never\n")
    assert isinstance(first, Recording)
    assert bad == [
        Problem("log.csv row 3", "has no date"),
        Problem("log.csv row 4", "its distance 'abc' cannot be read"),
        Problem("log.csv row 5", "its date 'yesterday' cannot be read"),
        Problem("log.csv row 6", "its distance '-5' cannot be read"),
    ]
    assert isinstance(last, Recording)
    assert last.activity.elapsed_s is None
    assert last.activity.assumed == "duration 'never' left out: it cannot be read"


def test_unquoted_decimal_comma_is_a_problem_and_not_a_wrong_number() -> None:
    [found] = readings("date,km,time\n2024-03-15,5,2,25:00\n")
    assert found == Problem("log.csv row 2", "has 4 cells under a header of 3")


def test_open_quotation_mark_costs_one_row() -> None:
    rows = [f'2024-03-{day},5,25:00,"note {day}"' for day in range(10, 20)]
    rows[3] = '2024-03-13,5,25:00,"note'
    found = readings("date,km,time,notes\n" + "\n".join(rows) + "\n")
    assert sum(isinstance(reading, Recording) for reading in found) == 9
    assert [r for r in found if isinstance(r, Problem)] == [
        Problem("log.csv row 5", "a quotation mark is not closed")
    ]


def test_many_rows_that_are_the_same_are_no_samples() -> None:
    head, *rows = STRAVA_2019.splitlines(keepends=True)
    assert len(activities(head + "".join(rows) * 30)) == 30


def test_ids_are_the_rows_own() -> None:
    run, walk = activities(RUNKEEPER)
    lines = RUNKEEPER.splitlines(keepends=True)
    assert [a.id for a in activities(lines[0] + lines[2] + lines[1])] == [walk.id, run.id]
    twice = activities(RUNKEEPER + lines[1])
    assert [a.id for a in twice] == [run.id, walk.id, f"{run.id}-2"]
    assert len(run.id) == 12


def test_lines_of_a_note_are_no_rows() -> None:
    note = "warm, slow, long\none, two, three, four\n\nend"
    text = f'date,km,time,notes\n2024-03-15,5,25:00,"{note}"\n2024-03-16,5,25:00,x\n'
    assert [run.notes for run in activities(text)] == [note, "x"]


# Who claims what -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_every_table_is_claimed(name: str) -> None:
    data = VENDORS[name].encode()
    assert table.sniff("without.suffix", data)
    assert table.sniff("without.suffix", data[:8192])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"<?xml version='1.0'?><gpx>date,distance</gpx>",
        b'  {"date": 1, "distance": 2}',
        b'[{"date": 1, "distance": 2}]',
        b"PK\x03\x04date,distance\n2024-01-01,5",
        b"\x0e\x10\x43\x08\x00\x00\x00\x00.FIT,date,distance",
        b"# Kneewatch\n\nTime, distance and pace of your runs.\n",
        b"Kneewatch reads files, tables, and archives.\nIt is offline, local, and free.\n",
        b"Dear runner, this is a letter.\nWe hope, with all our hearts, you are well.\n",
        b"import os, sys\nimport re, csv\n\nx, y = 1, 2\nz, w = 3, 4\n",
        b"def read(source, units):\n    return date, distance, 5\n",
        b"2024-03-15 10:00:00,INFO,started\n2024-03-15 10:00:01,INFO,done\n",
        b"1,2,3\n4,5,6\n",
        b"[tool.ruff]\nline-length = 100\n",
        bytes(range(256)),
    ],
)
def test_what_is_not_claimed(data: bytes) -> None:
    assert not table.sniff("activities.csv", data)


def test_tables_of_other_things_are_claimed_to_be_named() -> None:
    assert table.sniff("x", b"id,name,km_12_13,owned\n0,Misc,0,1\n1,NB,617.8,0\n2,old,103.5,0\n")


# For any bytes at all --------------------------------------------------------------------------


def total(data: bytes) -> list[Reading]:
    table.sniff("x", data[:8192])
    found = readings(data)
    assert found
    for reading in found:
        assert isinstance(reading, Recording | Problem | NotActivity)
        if isinstance(reading, Recording):
            run = reading.activity
            assert run.distance_m is None or 0 <= run.distance_m <= 2e6
            assert run.elapsed_s is None or run.elapsed_s >= 0
            assert 1970 <= run.start.year <= 2101
    return found


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    total(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    total(data)


CELLS = st.sampled_from(
    [
        *("date", "time", "km", "distance", "2024-03-15", "3/4/24", "26:42", "35:47:00", "5,2", ""),
        *("99999999999999999999", "1e999", "nan", "-", "Run", "٣", "Ⅷ", "²", "0:0:0", "9:99:99"),
        *("00:52.95.8", "1.2.3", "--", "'", '"', "15 mar 2024", "24:00", "12 PM", "+99:99"),
        "2024-03-15T06:45:12+99:99",
    ]
)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_any_table_of_odd_cells(rows: list[list[str]], mark: str) -> None:
    total("\n".join(mark.join(row) for row in rows).encode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VENDORS)), st.data())
def test_any_prefix_and_any_broken_byte(name: str, data: st.DataObject) -> None:
    whole = VENDORS[name].encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    total(whole[:place])
    total(whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :])


# Real files ------------------------------------------------------------------------------------


def real(name: str) -> list[Reading]:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the shared corpus is not here: {name}")
    data = path.read_bytes()
    assert table.sniff(name, data[:8192])
    return list(table.read(Source(name, data)))


def runs_of(found: list[Reading]) -> list[Activity]:
    kept = [reading.activity for reading in found if isinstance(reading, Recording)]
    return [activity for activity in kept if activity.sport == "running"]


def test_real_runkeeper_in_miles() -> None:
    runs = runs_of(real("csv_exports/runkeeper_dangoldin/cardioActivities.csv"))
    assert len(runs) == 178
    # The last note of the year: "Whoooo 1000 miles!"
    assert sum(run.distance_m or 0 for run in runs) / MILE == pytest.approx(1000.57, abs=0.01)
    assert all(run.elapsed_s for run in runs)
    assert sum(1 for run in runs if not run.file_hint) >= 2


@pytest.mark.parametrize(
    ("name", "rows", "runs", "km"),
    [("cardioActivities.csv", 871, 595, 3870.45), ("cardioActivities_old.csv", 508, 459, 5224.5)],
)
def test_real_runkeeper_in_kilometres(name: str, rows: int, runs: int, km: float) -> None:
    found = real(f"csv_exports/runkeeper_kickbanignore/{name}")
    assert len(found) == rows
    assert len(runs_of(found)) == runs
    assert sum(run.distance_m or 0 for run in runs_of(found)) / 1000 == pytest.approx(km)
    assert all(isinstance(reading, Recording) for reading in found)
    slowest = min((r.distance_m or 0) / (r.elapsed_s or 1) for r in runs_of(found))
    fastest = max((r.distance_m or 0) / (r.elapsed_s or 1) for r in runs_of(found))
    # 35:47:00 left as hours would be a run at 0.05 m/s.
    assert 0.8 < slowest < fastest < 6


def test_real_strava() -> None:
    found = real("csv_exports/strava_fixture_HzaCode/activities.csv")
    runs = runs_of(found)
    assert (len(found), len(runs)) == (75, 56)
    assert sum(run.distance_m or 0 for run in runs) == pytest.approx(478_014)
    assert all(run.start.tzinfo is UTC and not run.assumed for run in runs)
    assert [run.file_hint for run in runs if run.file_hint] == [
        "activities/example.tcx",
        "activities/example.fit",
    ]
    assert runs[0].descent_m == 55


def test_real_tables_of_other_things() -> None:
    [shoes] = real("csv_exports/strava_gear_shoes_jedwards24/shoes.csv")
    [reports] = real("injury/pmdata_injury_reports_flat.csv")
    assert isinstance(shoes, NotActivity)
    assert isinstance(reports, NotActivity)


def test_real_table_of_several_people() -> None:
    name = "injury/pmdata_runs_flat.csv"
    [found] = real(name)
    assert isinstance(found, Problem)
    assert "15 people" in found.reason
    lines = (CORPUS / name).read_text().splitlines(keepends=True)
    runs = activities("".join([lines[0], *(line for line in lines if line.startswith("p01"))]))
    assert len(runs) == 25
    assert sum(run.distance_m or 0 for run in runs) == pytest.approx(103_403.061)
    assert all(run.sport == "running" and not run.assumed for run in runs)


def test_real_durations_after_a_spreadsheet_agree_with_the_speeds() -> None:
    name = "csv_exports/runkeeper_kickbanignore/cardioActivities.csv"
    found = real(name)
    # The column of speeds is not read, so it is a witness.
    speeds = [line[7] for line in rows_of(name)]
    compared = 0
    for reading, said in zip(found, speeds, strict=True):
        assert isinstance(reading, Recording)
        run = reading.activity
        if run.distance_m and run.distance_m > 1000 and said:
            assert run.elapsed_s
            assert 3.6 * run.distance_m / run.elapsed_s == pytest.approx(float(said), rel=0.02)
            compared += 1
    assert compared > 800


def rows_of(name: str) -> list[list[str]]:
    text = (CORPUS / name).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
