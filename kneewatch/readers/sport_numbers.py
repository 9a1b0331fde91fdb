"""Numbers that vendors write for sports, by what ``sports`` knows each as.

Lists are one text with ``|`` between the sports.
"""

from __future__ import annotations


def _by_number(listed: str) -> dict[str, str]:
    return {number: name for number, _, name in (item.partition(":") for item in listed.split("|"))}


POLAR = _by_number(
    "1:running|2:cycling|3:walking|4:jogging|5:mountain biking|6:skiing|7:downhill skiing|"
    "8:rowing|9:nordic walking|10:skating|11:hiking|12:tennis|13:squash|14:badminton|"
    "15:strength training|17:treadmill running|18:indoor cycling|19:road running|"
    "20:circuit training|22:snowboarding|23:swimming|24:cross country skiing|"
    "25:cross country skiing|27:trail running|28:ice skating|29:inline skating|"
    "30:roller skating|33:yoga|34:crossfit|35:golf|36:track running|38:road cycling|"
    "39:soccer|47:football|50:futsal|52:dancing|54:horse riding|55:cross trainer|"
    "57:functional training|59:roller skating|60:roller skating|61:aerobics|65:pilates|"
    "66:stretching|67:dancing|68:triathlon|69:duathlon|70:triathlon|71:duathlon|"
    "84:orienteering|85:cross country skiing|86:mountain biking|87:cross country skiing|"
    "88:sailing|89:wheelchair|92:ultra running|94:climbing|95:kayaking|96:canoeing|"
    "100:kitesurfing|101:windsurfing|102:surfing|103:pool swimming|105:open water swimming|"
    "109:boxing|110:kickboxing|111:mobility|112:skiing|113:backcountry skiing|"
    "116:snowshoeing|117:indoor rowing|118:spinning|126:core training|127:mobility"
)
"""Of Polar Flow's list of 142: those that are a run, and those whose name says what they are."""

SUUNTO = _by_number(
    "2:multisport|3:running|4:cycling|5:mountain biking|6:swimming|8:skating|9:aerobics|"
    "10:yoga|11:trekking|12:walking|13:sailing|14:kayaking|15:rowing|16:climbing|"
    "17:indoor cycling|18:circuit training|19:triathlon|20:skiing|21:snowboarding|"
    "22:cross country skiing|23:weight training|24:basketball|25:soccer|28:football|"
    "33:tennis|34:badminton|36:racquetball|37:squash|39:boxing|51:other|52:other|"
    "61:other|64:cross trainer|65:dancing|66:golf|69:horse riding|70:ice skating|"
    "71:indoor rowing|72:canoeing|73:motorcycling|74:mountaineering|75:orienteering|"
    "78:ski touring|79:stretching|80:skiing|81:track running|82:trail running|"
    "83:open water swimming|84:nordic walking|85:snowshoeing|86:windsurfing|"
    "87:kettlebell|88:roller skating|89:stand up paddling|90:crossfit|91:kitesurfing|"
    "93:treadmill|95:training|96:hiking|99:other"
)
"""Of the list in Suunto's manual for watch apps; the numbers of its cloud are others."""
