"""Absences that somebody announced in a message: whose silence says nothing. Pure.

Words of leave in several languages beside two dates, or one date after "until". What reads otherwise
is left alone: a missed absence costs an alert too many, an invented one would hide a silence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

WORDS = re.compile(
    r"out of (?:the )?office|\booo\b"
    r"|\b(?:on|my|annual|parental|sick) leave\b|\bvacation\b|\bholidays?\b|\baway\b|\boff work\b"
    r"|\bnot available\b|\bunavailable\b|\burlaub\b|\babwesen|\bnicht im (?:büro|haus)\b|\bverreist\b|\bferien\b"
    r"|\bde vacaciones\b|\bvacaciones\b|\bausente\b|\bfuera de la oficina\b|\bde baja\b"
    r"|\bcong[ée]s?\b|\babsente?\b|\bvacances\b|\bferie\b|\bassente\b|\bafwezig\b|\bvakantie\b|\bf[ée]rias\b|\burlopie?\b",
    re.IGNORECASE,
)
UNTIL = re.compile(r"\b(?:until|till|through|bis|hasta|jusqu'au|fino al?|tot)\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[a-zA-Zà-ÿ)]{2}[.!?])\s+|\n+")
MONTHS = (
    "january enero janvier januar januari gennaio janeiro jan ene gen",
    "february febrero février februar februari febbraio fevereiro feb fév",
    "march marzo mars märz maart março mar mrz mär",
    "april abril avril aprile apr abr avr",
    "may mayo mai mei maggio maio",
    "june junio juin juni giugno junho jun giu",
    "july julio juillet juli luglio julho jul lug",
    "august agosto août augustus aug ago aoû",
    "september septiembre septembre settembre setembro sept sep set",
    "october octubre octobre oktober ottobre outubro oct okt ott out",
    "november noviembre novembre novembro nov",
    "december diciembre décembre dezember dicembre dezembro dec dic dez déc",
)
NUMBER_OF = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}
_NAME = "|".join(sorted(NUMBER_OF, key=lambda name: (-len(name), name)))
DATE = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})(?:[./](?P<y2>\d{4}|\d{2}))?"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?(?P<n3>{_NAME})\b\.?(?:,?\s+(?:de\s+)?(?P<y3>\d{{4}}))?"
    rf"|\b(?P<n4>{_NAME})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y4>\d{{4}}))?",
    re.IGNORECASE,
)
LONGEST = dt.timedelta(days=92)
FARTHEST = dt.timedelta(days=366)
Span = tuple[dt.date, dt.date]


def announced(text: str, said_on: dt.date) -> tuple[Span, ...]:
    """First and last days of the absences that the text announces, as said on that day."""
    return tuple(span for sentence in SENTENCE.split(text) for span in _of(sentence, said_on))


def _of(sentence: str, said_on: dt.date) -> Iterator[Span]:
    if not WORDS.search(sentence):
        return
    found = list(_dates(sentence, said_on))
    if len(found) == 1 and UNTIL.search(sentence):
        found.insert(0, said_on)
    if len(found) < 2:
        return
    first, last = found[:2]
    if said_on - LONGEST <= first <= said_on + FARTHEST and first <= last <= first + LONGEST:
        yield first, last


def _dates(sentence: str, said_on: dt.date) -> Iterator[dt.date]:
    for match in DATE.finditer(sentence):
        parts = match.groupdict()
        day = parts["d"] or parts["d2"] or parts["d3"] or parts["d4"]
        name = parts["n3"] or parts["n4"]
        month = NUMBER_OF[name.lower()] if name else int(parts["m"] or parts["m2"])
        year = parts["y"] or parts["y2"] or parts["y3"] or parts["y4"]
        if found := _date(year, month, int(day), said_on):
            yield found


def _date(year: str | None, month: int, day: int, said_on: dt.date) -> dt.date | None:
    """The date; day before month where both fit. Without a year the next one that is not long past."""
    if month > 12 >= day:
        day, month = month, day
    number = said_on.year if not year else int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = dt.date(number, month, day)
        return found.replace(year=number + 1) if not year and found < said_on - LONGEST else found
    except ValueError:
        return None
