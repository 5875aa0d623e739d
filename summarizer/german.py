"""Marker words and days of German."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from summarizer.dates import Said, after, next_date, next_numbered, week_day
from summarizer.marked import Words
from summarizer.sentences import rx

_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
)
_STEMS = (
    *("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft"),
    *("dreizehnt", "vierzehnt", "fünfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst"),
    *(f"{unit}undzwanzigst" for unit in ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")),
    *("dreißigst", "einunddreißigst"),
)
_NUMBER = r"(?P<number>\d{1,2}\.|(?:" + "|".join(sorted(_STEMS, key=len, reverse=True)) + r")e[nrms]?)"
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_DAY = "(?P<day>" + "|".join(_DAYS) + ")"

_FULL = re.compile(rf"\b{_NUMBER}\s+{_MONTH}\b", re.IGNORECASE)
_BARE = re.compile(rf"\b(?:der|am|zum|den)\s+{_NUMBER}(?!\s*\w*\s*(?:Monat|Mal|Generation|Schritt))", re.IGNORECASE)
_RELATIVE = (
    (r"\b(?:bis )?ende (?:des|dieses) monats|\bmonatsende\b", "month"),
    (rf"\bende {_MONTH}\b", "named month"),
    (r"\bende nächster woche\b", "next friday"),
    (r"\bende (?:der|dieser) woche\b", "friday"),
    (rf"\b{_DAY} (?:in einer woche|über eine woche)\b", "day and a week"),
    (rf"\b{_DAY} (?:der )?(?:nächster|nächste|nächsten|kommender) woche\b", "day of next week"),
    (rf"\bnächste[nr]? {_DAY}\b", "day of next week"),
    (rf"\bdiese[nr]? {_DAY}\b", "day of this week"),
    (r"\bheute in einer woche\b|\bin einer woche\b", "week"),
    (r"\bin zwei wochen\b|\bin 14 tagen\b", "fortnight"),
    (r"\bübermorgen\b", "two days"),
    (r"(?<!guten\x20)\b(?<!heute\x20)morgen\b(?! zusammen)", "tomorrow"),
    (r"\bheute(?: noch| abend)?\b", "today"),
    (rf"\b{_DAY}\b", "day"),
)
_PATTERNS = tuple((rx(pattern), meaning) for pattern, meaning in _RELATIVE)


def days_in(text: str, held_on: date) -> list[Said]:
    """Days named in German words, by the same conventions as in English."""
    found: list[Said] = []

    def add(match: re.Match[str], day: date | None, *, is_full: bool = False, is_bare: bool = False) -> None:
        if day is not None and not any(match.start() < said.end and said.start < match.end() for said in found):
            found.append(Said(day=day, start=match.start(), end=match.end(), is_full=is_full, is_bare=is_bare))

    for match in _FULL.finditer(text):
        month = _MONTHS.index(match["month"].casefold()) + 1
        add(match, next_date(month, _number(match["number"]), held_on), is_full=True)
    for match in _BARE.finditer(text):
        add(match, next_numbered(_number(match["number"]), held_on), is_bare=True)
    for pattern, meaning in _PATTERNS:
        for match in pattern.finditer(text):
            add(match, _resolved(match, meaning, held_on))
    return sorted(found, key=lambda said: said.start)


def _number(text: str) -> int:
    if text[0].isdigit():
        return int(text.rstrip("."))
    return _STEMS.index(re.sub(r"e[nrms]?$", "", text.casefold())) + 1


def _resolved(match: re.Match[str], meaning: str, held_on: date) -> date | None:
    named = match.groupdict()
    weekday = _DAYS.index(named["day"].casefold()) if named.get("day") else 0
    month = _MONTHS.index(named["month"].casefold()) + 1 if named.get("month") else held_on.month
    year = held_on.year + (month < held_on.month)
    week = timedelta(days=7)
    return {
        "month": date(year, month, monthrange(year, month)[1]),
        "named month": date(year, month, monthrange(year, month)[1]),
        "next friday": week_day(4, held_on, weeks=1),
        "friday": week_day(4, held_on),
        "day and a week": after(weekday, held_on) + week,
        "day of next week": week_day(weekday, held_on, weeks=1),
        "day of this week": week_day(weekday, held_on),
        "week": held_on + week,
        "fortnight": held_on + 2 * week,
        "two days": held_on + timedelta(days=2),
        "tomorrow": held_on + timedelta(days=1),
        "today": held_on,
        "day": after(weekday, held_on),
    }[meaning]


GERMAN = Words(
    days=days_in,
    vendor=rx(
        r"\bich leite bei\b|\bprojektleiter(?:in)?\b|\btechnische einführung\b|\bverkauft sind\b"
        r"|\bnicht im (?:auftrag|festpreis)\b"
        r"|\bnachtragsangebot\b|\bim (?:auftrag|angebot) ste(?:ht|hen)\b|\bberater\b"
        r"|\bwarum machen sie\b|\bworan würden sie\b"
    ),
    customer=rx(
        r"\bgeschäftsf(?:ührung|ührerin|ührer)\b|\bpersonal\. |\bich mache die löhne\b|\bbei uns\b"
        r"|\bkönnte ihr\b|\bihrem vertrieb\b"
        r"|\bich möchte, dass wir\b|\bwir wollen\b|\bseit \w+ jahren hier\b|\bfür das stammwerk\b"
        r"|\bunser(?:e|en)? (?:kunden|werk|lager)\b"
    ),
    accepts=rx(
        r"^\W*(?:ja|gut|gerne?|sehr gern|klar|perfekt|in ordnung|okay|das wäre|genau|bitte|super|passt"
        r"|einverstanden)\b"
    ),
    recap=rx(r"\bich fasse\b.*\bzusammen\b|\bzusammenfassend\b|\bnoch einmal zusammen\b|\bzusammengefasst\b"),
    why=rx(r"\bwarum machen sie\b|\bwas (?:soll|möchten|wollen|erhoffen)\b|\bziele?\b|\bwarum (?:jetzt|dieses)\b"),
    success=rx(r"\bworan (?:würden|werden|merken)\b|\berfolg\b|\bgelohnt\b|\bder erste moment\b"),
    want=rx(
        r"\b(?:ich|wir) (?:möchten?|wollen|will|brauchen?|hätten?)\b|\bziel ist\b|\buns geht es\b"
        r"|\bsoll(?:en)? (?:endlich|künftig)\b"
    ),
    picture=rx(r"^\W*(?:(?:also|na|ehrlich|für mich|dann)\W+)*(?:wenn|sobald|der tag|der moment|das erste mal)\b"),
    sold=rx(
        r"\bverkauft (?:sind|ist|wurde)\b|\bim umfang\b|\bim festpreis\b|\bkalkuliert\b"
        r"|\benthalten (?:sind|ist)\b|\bbeauftragt (?:sind|ist)\b"
        r"|\bausgeschlossen\b|\bnicht teil\b|\bfestpreis\b|\bobergrenze\b|\bmaximal\b"
    ),
    request=rx(r"\b(?:könnten?|können|kann|ginge|wäre) (?:\w+ ){0,3}"),
    priced=rx(
        r"\bnachtrag|\bnicht verkauft\b|\bänderungsauftrag\b|\bkostet extra\b|\bzusätzlich (?:kosten"
        r"|beauftrag)|\bgesondert\b"
    ),
    declined=rx(
        r"\babsagen\b|\bmachen wir nicht\b|\bgibt es bei uns (?:gar )?nicht\b|\bleider (?:nicht"
        r"|nein)\b|\bdas geht nicht\b|^\W*nein\b"
    ),
    granted=rx(
        r"\bohne aufpreis\b|\bkostenlos\b|\bnehmen wir mit rein\b|\bauf kulanz\b"
        r"|\bist (?:schon )?(?:mit )?drin\b"
    ),
    opened=rx(
        r"\boffene (?:frage|punkt)|\boffener punkt\b|\blassen wir (?:das )?offen\b|\bbleibt offen\b"
        r"|\bist noch offen\b"
    ),
    decides=rx(
        r"\b(?:legen|legt) (?:wir )?fest\b|\bbeschlossen\b|\bdas entscheide ich\b"
        r"|\bwir entscheiden uns\b|\bentschieden\b|\bentscheidung\b"
        r"|\bwir warten .* ab und\b|\bwir nehmen\b|\bwir bleiben bei\b|\bwir gehen mit\b"
    ),
    undecided=rx(
        r"\bnicht entsch|\bnoch nicht (?:beschl|entsch)|\bkeine entscheidung\b"
        r"|\bentscheide ich (?:das )?dann\b"
    ),
    takes_back=rx(r"\bdann doch nicht\b|\bdoch nicht\b|\bich nehme das zurück\b|\bwobei, moment\b"),
    risk=rx(r"\brisiko\b|\brisiken\b|\bsorgen? macht?\b|\bmacht mir .*sorgen\b|\bgefahr\b|\bbefürchte\b"),
    feared=rx(r"^\W*(?:und |aber )?wenn\b|\bsonst\b"),
    stops=rx(
        r"\bsolange\b.*\b(?:nicht|kein\w*)\b.*\b(?:darf|kann|können|dürfen|geht)\b.*\b(?:nicht|nichts"
        r"|kein\w*)\b|\b(?:kann|können|darf) (?:ich|wir|nichts|nicht)\b.*\bbis\b"
        r"|\bblockiert\b"
    ),
    event=rx(
        r"\bproduktivstart\b|\bgo-?live\b|\bparallelbetrieb\b|\bpilot\w*\b|\bworkshop\b"
        r"|\bschulung(?:en)?\b|\binbetriebnahme\b|\bumstellung\b|\babnahme\b"
        r"|\bstart(?:et)? am\b|\beinführung\b"
    ),
    promise=rx(
        r"\bich (?:\w+ )?(?:kläre|schicke|sende|melde|mache|lege|bestelle|prüfe|liefere|bringe|rufe"
        r"|bereite|stelle|erstelle|kümmere|besorge|gebe|werde)\b"
        r"|\b(?:kläre|schicke|sende|melde|lege|prüfe|liefere|bringe|erstelle|besorge|gebe) ich\b"
        r"|\bkann ich ihnen schicken\b|\bdann sagen wir\b"
    ),
    empty=rx(r"\bich mache die\b|\bschreibe ich\b|\bnotiere\b|\bnehme ich auf\b|\bich gebe ihnen recht\b"),
    offer=rx(r"\bsoll ich\b|\bsollen wir\b|\bwürde es helfen, wenn ich\b|\bdarf ich ihnen\b"),
    might=rx(
        r"\b(?:vielleicht|eventuell|womöglich|unter umständen|könnte ich|ich könnte|versuche"
        r"|kann ich nicht versprechen|ohne gewähr)\b"
    ),
    first=rx(r"\bich\b"),
    somebody=rx(
        r"\b(?:muss|müsste|soll|sollte) (?:da )?(?:noch )?jemand\b|\bjemand (?:von|aus|muss|müsste"
        r"|sollte)\b.*\b(?:muss|müsste|sollte|ran)?\b"
    ),
    named=re.compile(
        r"\b(?:Der |Die |der |die )?(?P<name>(?:Herr|Frau) [A-ZÄÖÜ][\wäöüß]+)\s+(?:richtet|schickt"
        r"|sendet|liefert|klärt|macht|prüft|unterschreibt|wird|übernimmt|bestellt|meldet)\b"
    ),
    approval=rx(
        r"\bunterschr\w+|\bfreigabe\b|\bfreigeben\b|\bgenehmig\w+|\bbetriebsrat\b"
        r"|\bbetriebsvereinbarung\b|\babnahme\b|\bzustimm\w+|\bvereinbarung nicht\b"
    ),
    role=rx(
        r"\b(?:vorsitzende[rn]?|leiter(?:in)?|chef(?:in)?|geschäftsführer(?:in)?|beauftragte[rn]?"
        r"|anwält(?:in|e)|anwalt|prüfer(?:in)?|steuerberater(?:in)?|prokurist(?:in)?)\b"
    ),
    moved=rx(r"\bim angebot steht\b|\bwar geplant\b|\bursprünglich\b"),
    wish=rx(r"\bvielleicht\b|\beventuell\b|\bwäre schön\b|\bwäre\b.*\?"),
)
