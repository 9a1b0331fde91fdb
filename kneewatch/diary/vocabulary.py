"""Words of the diary's files in six languages: names of columns, places, sides, times, signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from kneewatch import evidence
from kneewatch.diary.entries import SIDES, WHENS


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, listed in table.items() for word in listed.split()}


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


COLUMNS = _by_word(
    {
        "date": "date day datum tag jour fecha dia giorno data",
        "score": "score pain nrs vas schmerz schmerzwert schmerzen wert douleur dolor dolore dor",
        "when": "when wann zeitpunkt quand moment cuando momento quando",
        "where": "where place site location bodypart ort stelle wo lieu endroit ou zone donde "
        "lugar zona dove luogo onde local",
        "side": "side seite cote lado lato",
        "signs": "signs sign symptom symptoms zeichen anzeichen warnzeichen symptome symptomes "
        "signe signes signo signos sintoma sintomas segno segni sintomi sinal sinais",
        "note": "note notes comment comments notiz notizen bemerkung bemerkungen kommentar "
        "anmerkung remarque remarques commentaire nota notas comentario comentarios "
        "observaciones commento observacoes",
        "from": "from since begin von ab seit beginn de depuis debut desde inicio da inizio",
        "to": "to until end bis ende fin jusqua hasta fino fine ate fim",
        "q1": "q1",
        "q2": "q2",
        "q3": "q3",
        "q4": "q4",
    }
)
"""Column of ours by a heading, folded and without blanks."""

SIDE_WORDS = _by_word(
    {
        "left": "left links linke linker linkes linken gauche izquierda izquierdo izq sinistra "
        "sinistro esquerda esquerdo esq",
        "right": "right rechts rechte rechter rechtes rechten droite droit derecha derecho destra "
        "destro direita direito",
        "both": "both bilateral beide beiden beidseits deux ambas ambos entrambi entrambe",
    }
)

SIDE_LETTERS = _by_word({"left": "l lt li g sx", "right": "r rt re d dx der dir", "both": "b"})
"""Short forms, of which some are other words where they stand in a sentence."""

WHEN_WORDS = _by_word(
    {
        "morning": "morning mornings morgen morgens matin manana mattina mattino manha",
        "during": "during while wahrend waehrend dabei pendant durante",
        "after": "after afterwards nach nachher danach apres despues dopo depois apos",
    }
)

PART_WORDS = _by_word(
    {
        "inner": "inner inside medial inward innen innere innerer inneren interne interieur "
        "interno interna interior",
        "middle": "middle mid central centre center mitte mittig mittlere milieu medio centro "
        "mezzo meio",
        "outer": "outer outside lateral outward aussen aussere ausserer ausseren aeussere externe "
        "exterieur externo externa exterior esterno esterna",
    }
)

_OF_BACK = _listed(
    "back behind rear posterior popliteal popliteus poplitea poplite fossa hollow hinten hinter "
    "hintere hinterer kniekehle kehle rueckseite ruckseite arriere derriere creux detras corva "
    "dietro posteriore atras tras"
)
_OF_KNEE = _listed("knee knees knie knies genou rodilla ginocchio joelho")
_OF_FRONT = _listed("front anterior kneecap patella patellar vorn vorne kniescheibe")
_OF_CALF = _listed("calf calves wade waden mollet pantorrilla polpaccio panturrilha")
_OF_THIGH = _listed("thigh thighs hamstring hamstrings oberschenkel cuisse muslo coscia coxa")
_OF_HEIGHT = _listed("upper lower high low deep top bottom oben unten obere untere")
_FILL = _listed(
    "of the at in on my side region area part end a an and der die das des dem den am im "
    "du de la le les l d el del di il dello da do dos"
)
_ELSEWHERE = _listed("elsewhere other anderswo ailleurs altrove")

_NOTHING = _listed(
    "none no nil nothing na 0 false keine kein keins nein nichts aucun aucune non ninguno ninguna "
    "nessuno nessuna nenhum nenhuma nao"
)
"""What people write into a cell to say that there is nothing."""

_DENIAL = _listed("no not without kein keine ohne nicht pas sans sin senza sem")

_ASIDE = frozenset(SIDE_WORDS) | _FILL | _OF_KNEE | _listed("new with some bit slight")
"""Words beside a sign that do not make it another."""


_WORDS = (
    frozenset((*SIDE_WORDS, *WHEN_WORDS, *PART_WORDS, "next", "nachsten", "naechsten"))
    | _OF_BACK
    | _OF_KNEE
    | _OF_CALF
    | _OF_THIGH
    | _FILL
)


def is_word(word: str) -> bool:
    """Whether a folded word may belong to a place, a side or a time."""
    return word in _WORDS


def fold(said: str) -> str:
    """Lower case without accents: ``Während`` and ``wahrend`` are one word."""
    spread = unicodedata.normalize("NFKD", said.casefold())
    return "".join(letter for letter in spread if unicodedata.category(letter) != "Mn")


def column_of(heading: str) -> str:
    """The column that a heading means; the heading itself where it is none of ours."""
    word = re.sub(r"[\W_]+", "", fold(heading))
    return COLUMNS.get(word, fold(heading).strip())


def when_of(said: str) -> str:
    """``during``, ``after`` or ``morning``; other words are kept."""
    found = {WHEN_WORDS[word] for word in _words(said) if word in WHEN_WORDS}
    # "The morning after" speaks of the morning.
    return next((when for when in reversed(WHENS) if when in found), fold(said).strip())


def side_of(said: str) -> str:
    """``left``, ``right`` or ``both``; other words are kept."""
    word = fold(said).strip(" .")
    known = {**SIDE_WORDS, **SIDE_LETTERS}.get(word)
    return known or next((side for side in SIDES if word and side.startswith(word)), word)


def place_of(said: str) -> str:
    """A place of ours where it is one, its side left out; other words are kept."""
    return place_and_side(said)[0]


def place_and_side(said: str, side: str = "") -> tuple[str, str]:
    """A place of ours, whatever the order of its words, and the side.

    Parameters
    ----------
    side : str
        What was said of the side elsewhere; it comes before what the place says.

    >>> place_and_side("behind the left knee")
    ('back', 'left')
    """
    words = _words(said)
    sides = {SIDE_WORDS[word] for word in words if word in SIDE_WORDS}
    rest = {word for word in words if word not in SIDE_WORDS and word not in _FILL}
    own = "both" if len(sides) > 1 else "".join(sides)
    place = _place(rest) if rest else ""
    if rest and not place:
        place = "-".join(fold(said).replace("_", " ").split())
    return place, side_of(side) or own


def _place(rest: set[str]) -> str:
    """The place that a set of words names, empty where it is none of ours."""
    parts = {PART_WORDS[word] for word in rest if word in PART_WORDS}
    bare = rest - PART_WORDS.keys()
    if bare and bare <= _ELSEWHERE:
        return "elsewhere"
    for name, of in (("calf", _OF_CALF), ("thigh", _OF_THIGH)):
        if bare & of and bare <= of | _OF_BACK | _OF_HEIGHT:
            return name
    if bare & _OF_FRONT and bare <= _OF_FRONT | _OF_KNEE:
        return "knee"
    if not bare <= _OF_BACK | _OF_KNEE:
        return ""
    # The parts are those of the back of the knee; "outer knee" alone is another side of it.
    if bare & _OF_BACK or not bare:
        return f"{parts.pop()}-back" if len(parts) == 1 else "back"
    return "knee"


def signs_of(said: str) -> tuple[str, ...]:
    """Names of signs, each once; neighbouring words are joined as far as they name one.

    Signs stand apart by commas, semicolons, strokes, plus signs or blanks. What names none is kept
    as it is.

    >>> signs_of("Calf_Swelling, chest pain")
    ('calf-swelling', 'chest-pain')
    """
    if re.sub(r"\W+", "", fold(said)) in _NOTHING:
        return ()
    found: dict[str, None] = {}
    for part in re.split(r"[;,|+/&\n]+", fold(said)):
        words = [word for word in map(_bare, part.split()) if word]
        found |= dict.fromkeys(_signs_in(words))
    return tuple(found)


def unknown_signs(names: Iterable[str]) -> list[str]:
    """Those that are no sign of the list, so that no rule looks at them."""
    return [name for name in names if evidence.load().sign(name) is None]


def _signs_in(words: list[str]) -> Iterator[str]:
    """Signs in a row of words; a word that names none stays where it is no mere filling."""
    found: list[str] = []
    other: list[str] = []
    at = 0
    while at < len(words):
        denied = words[at] in _DENIAL
        name, end = _longest(words, at)
        if not name and denied and (denied_name := _longest(words, at + 1))[0]:
            # "No swelling" is neither a sign nor to be read as one.
            other.append("-".join(words[at : denied_name[1]]))
            at = denied_name[1]
            continue
        (found if name else other).append(name or words[at])
        at = end if name else at + 1
    if not found:
        yield from ["-".join(other)] if other else []
        return
    yield from found
    yield from (word for word in other if word not in _ASIDE)


def _longest(words: list[str], at: int) -> tuple[str, int]:
    """The sign that most of the words from here on name, in any order, and where they end."""
    for end in range(len(words), at, -1):
        gist = _gist(words[at:end])
        # A word that comes twice belongs to two signs.
        once = len(gist) == sum(len(_gist([word])) for word in words[at:end])
        name = _names().get(gist) if once else None
        if name:
            return name, end
    return "", at


def _gist(words: Iterable[str]) -> frozenset[str]:
    """The words that make a sign what it is."""
    return frozenset(part for word in words for part in word.split("-")) - _ASIDE


@cache
def _names() -> dict[frozenset[str], str]:
    """Every name of a sign by its words."""
    signs = evidence.load().signs.values()
    by: dict[frozenset[str], str] = {}
    for name in (*(sign.key for sign in signs), *(name for sign in signs for name in sign.also)):
        by.setdefault(_gist([name]), name)
    return by


def _bare(word: str) -> str:
    """A word without quotes and stops, its parts joined with hyphens."""
    word = re.sub(r"['’`´]", "", word).replace("_", "-")
    return re.sub(r"-{2,}", "-", re.sub(r"[^\w-]+", "", word)).strip("-")


def _words(said: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", fold(said))
