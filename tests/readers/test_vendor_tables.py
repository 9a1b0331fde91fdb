"""Tables as vendors hand them out, with all their columns."""

from __future__ import annotations

from datetime import datetime

import pytest

from kneewatch.model import Activity, NotActivity, Reading, Recording, Source
from kneewatch.readers import claim, table

MILE = 1609.344

MAPMYFITNESS = """\
Date Submitted,Workout Date,Activity Type,Calories Burned (kcal),Distance ({far}),\
Workout Time (seconds),Avg Pace (min/{far}),Max Pace (min/{far}),Avg Speed ({far}/h),\
Max Speed ({far}/h),Avg Heart Rate,Steps,Notes,Source,Link
"Sept. 8, 2018","Sept. 8, 2018",Run,512,4.01,2310,9.6,7.1,6.24,8.4,,6411,\
"b'Felt good'",MapMyFitness Android,http://www.mapmyfitness.com/workout/1
"March 3, 2019","March 3, 2019",Regular Run,512,6.2,3410,9.1,7.1,6.24,8.4,151,,"b''",MapMyRun,x
"Jan. 13, 2019","Jan. 13, 2019",Indoor Run / Jog,300,3.0,1800,10.0,,6,,,4800,,,x
"Jan. 14, 2019","Jan. 14, 2019",Treadmill Run,300,3.0,1800,10.0,,6,,,,Shoes: Ghost 15,,x
"May 16, 2019","May 15, 2019",Bike Ride,100,10.0,2600,4.33,,3,,,,,,x
"May 17, 2019","May 17, 2019",Walk,100,1.0,1200,20.0,,3,,,,,,x
"""

TRAININGPEAKS = """\
"Title","WorkoutType","WorkoutDescription","PlannedDuration","PlannedDistanceInMeters",\
"WorkoutDay","CoachComments","DistanceInMeters","PowerAverage","PowerMax","Energy",\
"AthleteComments","TimeTotalInHours","VelocityAverage","VelocityMax","CadenceAverage",\
"CadenceMax","HeartRateAverage","HeartRateMax","TorqueAverage","TorqueMax","IF","TSS",\
"HRZone1Minutes","HRZone2Minutes","PWRZone1Minutes","Rpe","Feeling"
"Easy run","Run","Keep it easy","1","","2024-03-15","","10250.5","","","","calf tight",\
"0.95","2.99","4.1","84","96","141","160","","","0.71","48.2","10","40","","3","4"
"Tempo","Run","3 x 10 min","1.25","15000","2024-03-17","go","","","","","","","","","","","",\
"","","","","","","","","",""
"Ride","Bike","","","","2024-03-16","","40250","180","400","800","","1.5","7.4","15","85",\
"110","130","160","","","0.7","80","10","40","","5","3"
"Rest","Day Off","","","","2024-03-18","","","","","","","","","","","","","","","","","","",\
"","","",""
"""

INTERVALS = """\
id,start_date_local,name,type,moving_time,distance,elapsed_time,total_elevation_gain,max_speed,\
average_speed,has_heartrate,max_heartrate,average_heartrate,average_cadence,calories,\
device_watts,icu_average_watts,icu_training_load,icu_intensity,icu_rpe,trainer,commute,\
workout_type,gear,file_type
i53921234,2024-03-15T06:45:12{z},Morning Run,Run,2400,8012.5,2450,44.0,4.6,3.338,true,171,150,\
85.1,540,false,,51,81.2,4,,,,,fit
i53921235,2024-03-16T18:00:00{z},Belt,Run,1800,5000,1800,,3.1,2.77,true,160,145,,300,,,31,71,\
3,true,,,,
i53921236,2024-03-17T10:00:00{z},Ride,Ride,7200,60000,8000,500,15,8.3,false,,,,,,,,,,false,,,,
"""


def readings(text: str) -> list[Reading]:
    data = text.encode()
    assert claim("export.csv", data[:8192]) is table
    return list(table.read(Source("export.csv", data)))


def activities(text: str) -> list[Activity]:
    return [item.activity for item in readings(text) if isinstance(item, Recording)]


@pytest.mark.parametrize(("far", "metres"), [("mi", MILE), ("km", 1000.0)])
def test_mapmyfitness(far: str, metres: float) -> None:
    found = activities(MAPMYFITNESS.format(far=far))
    assert [(a.start, a.sport, a.sub_sport) for a in found] == [
        (datetime(2018, 9, 8), "running", "generic"),
        (datetime(2019, 3, 3), "running", "generic"),
        (datetime(2019, 1, 13), "running", "indoor_running"),
        (datetime(2019, 1, 14), "running", "treadmill"),
        (datetime(2019, 5, 15), "cycling", "generic"),
        (datetime(2019, 5, 17), "walking", "generic"),
    ]
    assert found[0].distance_m == pytest.approx(4.01 * metres)
    assert (found[0].elapsed_s, found[0].steps, found[0].notes) == (2310, 6411, "Felt good")
    assert (found[1].avg_hr_bpm, found[1].notes) == (151, "")
    assert found[3].gear == "Ghost 15"
    assert {a.assumed for a in found} == {""}


def test_trainingpeaks() -> None:
    run, planned, ride, rest = readings(TRAININGPEAKS)
    assert isinstance(run, Recording)
    activity = run.activity
    assert (activity.start, activity.sport) == (datetime(2024, 3, 15), "running")
    assert (activity.distance_m, activity.elapsed_s) == (10250.5, pytest.approx(3420))
    assert (activity.avg_hr_bpm, activity.avg_cadence_spm) == (141, 168)
    assert (activity.name, activity.notes, activity.assumed) == ("Easy run", "calf tight", "")
    assert planned == NotActivity("export.csv row 3", "planned, not done")
    assert isinstance(ride, Recording)
    assert ride.activity.sport == "cycling"
    assert isinstance(rest, NotActivity)


@pytest.mark.parametrize("z", ["", "Z"], ids=["bare", "with a zone that is none"])
def test_intervals(z: str) -> None:
    run, belt, ride = activities(INTERVALS.format(z=z))
    assert (run.start, run.utc_offset_s) == (datetime(2024, 3, 15, 6, 45, 12), None)
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (8012.5, 2450, 2400)
    assert (run.ascent_m, run.avg_hr_bpm, run.avg_cadence_spm) == (44, 150, 170.2)
    assert (belt.sub_sport, belt.distance_m) == ("treadmill", 5000)
    assert ride.sport == "cycling"
    assert {a.assumed for a in (run, belt, ride)} == {""}


STREAM = "{time},,82,110,{far:.1f},200.1,2.8,12\n"


@pytest.mark.parametrize(
    "text",
    [
        "time,watts,cadence,heartrate,distance,altitude,velocity_smooth,temp\n"
        + "".join(STREAM.format(time=second, far=2.8 * second) for second in range(100)),
        "time,heartrate\n" + "".join(f"{second},110\n" for second in range(100)),
        "time,heartrate,distance\n"
        + "".join(f"0:{s // 60:02d}:{s % 60:02d},110,{s * 2.8:.1f}\n" for s in range(100)),
    ],
    ids=["intervals.icu", "two columns", "with colons"],
)
def test_streams_of_one_activity_are_samples(text: str) -> None:
    reason = "samples of one activity, not one row an activity"
    assert readings(text) == [NotActivity("export.csv", reason)]


def test_times_that_do_not_count_up_are_no_samples() -> None:
    text = "time,distance\n" + "".join(f"{45 - n % 7},{8 + n % 3}\n" for n in range(30))
    assert readings(text) == [NotActivity("export.csv", "a table without a column of dates")]
