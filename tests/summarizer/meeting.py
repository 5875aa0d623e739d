"""One made-up meeting, written in every form."""

from __future__ import annotations

import html
import json

from summarizer.forms import parse_transcript
from summarizer.items import Summary
from summarizer.summary import summarize
from summarizer.transcript import Transcript
from tests.summarizer.days import HELD_ON

ANNA, BEN, CARO = "Anna Vendor", "Ben Buyer", "Caro Client"
LINES: tuple[tuple[str, str], ...] = (
    (ANNA, "Hello all. I'm Anna, I'm the project manager at Example Vendor."),
    (BEN, "Ben Buyer, operations director. I signed it."),
    (CARO, "Caro, I look after IT & telephones."),
    (ANNA, "Ben, why are you doing this? What are the goals?"),
    (BEN, "I want one stock figure by the end of the year, not three."),
    (ANNA, "And how will you know that it's worked?"),
    (BEN, "The day we ship an order without anybody ringing the stores first."),
    (ANNA, "So the scope. What you bought is stock and purchasing for the two sites."),
    (ANNA, "The budget is forty days, of which five are training."),
    (CARO, "Could you do the payroll export as well?"),
    (ANNA, "No, I'm sorry, we don't do payroll."),
    (ANNA, "I need an extract of the item master. Caro, is that you?"),
    (CARO, "I'll send the extract by next Tuesday."),
    (CARO, "I might be able to get you the supplier list by Friday, but no promises."),
    (ANNA, "Okay. Shall I send you the template tomorrow?"),
    (CARO, "Yes, please."),
    (ANNA, "Somebody has to brief the warehouse before the first workshop."),
    (BEN, "Somebody does. I don't have a name yet."),
    (ANNA, "Then dates. Go-live is the first of July?"),
    (BEN, "No, that's the stock count. Go-live is the sixth of July."),
    (ANNA, "Who else has a say?"),
    (BEN, "Dora Lead, she's our company secretary. Dora will ring the insurers by the end of next week."),
    (CARO, "I can't give anybody access until our insurers have okayed it. It's stuck at the moment."),
    (ANNA, "If the insurers say no, we lose three weeks. I'd call that a risk."),
    (BEN, "We've decided to go with one warehouse first."),
    (CARO, "Do we re-key the open orders or do you move them?"),
    (ANNA, "Let's leave that open."),
    (ANNA, "Let me read back. Caro, the extract, next Tuesday."),
    (ANNA, "I'll send the notes round tonight."),
)


def clock(seconds: int, mark: str = ".") -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}000"


def zoom(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    blocks = (
        f"{number}\n{clock(number * 5)} --> {clock(number * 5 + 4)}\n{name}: {text}\n"
        for number, (name, text) in enumerate(lines, 1)
    )
    return ("WEBVTT\n\n" + "\n".join(blocks)).encode()


def teams(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    blocks = (
        f"0f0f0f0f-0000-4000-8000-000000000000/{number}-0\n"
        f"{clock(number * 5)} --> {clock(number * 5 + 4)} align:start\n"
        f"<v{'.loud' if number % 3 == 0 else ''} {name}>{html.escape(text)}{'</v>' if number % 2 else ''}\n"
        for number, (name, text) in enumerate(lines, 1)
    )
    return ("\ufeffWEBVTT\n\nNOTE made up\n\n" + "\n".join(blocks)).replace("\n", "\r\n").encode()


def srt(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    blocks = (
        f"{number}\n{clock(number * 5, ',')} --> {clock(number * 5 + 4, ',')}\n{name}: {text}\n"
        for number, (name, text) in enumerate(lines, 1)
    )
    return "\n".join(blocks).encode()


def meet(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    names = list(dict.fromkeys(name for name, _ in lines))
    users = ("signedinUser", "anonymousUser", "phoneUser")
    people = [{"name": f"p/{at}", users[at % 3]: {"displayName": name}} for at, name in enumerate(names)]
    entries = [
        {
            "name": f"e/{number}",
            "participant": f"p/{names.index(name)}",
            "text": text,
            "languageCode": "en-GB",
            "startTime": f"2026-03-05T14:{number * 5 // 60:02}:{number * 5 % 60:02}Z",
            "endTime": f"2026-03-05T14:{(number * 5 + 4) // 60:02}:{(number * 5 + 4) % 60:02}.5Z",
        }
        for number, (name, text) in enumerate(lines, 1)
    ]
    return json.dumps({"participants": people, "transcriptEntries": entries}).encode()


def fathom(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    entries = [
        {
            "speaker": {
                "display_name": name,
                "matched_calendar_invitee_email": f"{name.split()[0].lower()}@example.com",
            },
            "text": text,
            "timestamp": clock(number * 5)[:8],
        }
        for number, (name, text) in enumerate(lines, 1)
    ]
    invitees = [{"name": ANNA, "email": "anna@example.com", "is_external": False}]
    return json.dumps({"title": "Kickoff", "calendar_invitees": invitees, "transcript": entries}).encode()


def fireflies(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    sentences = [
        {"speaker_name": name, "text": text, "start_time": number * 5.0, "end_time": number * 5 + 4.0}
        for number, (name, text) in enumerate(lines, 1)
    ]
    return json.dumps({"data": {"transcript": {"title": "Kickoff", "sentences": sentences}}}).encode()


def plain(lines: tuple[tuple[str, str], ...] = LINES) -> bytes:
    return "\n\n".join(f"{name}: {text}" for name, text in lines).encode()


FORMS = {
    "zoom_vtt": zoom,
    "teams_vtt": teams,
    "srt": srt,
    "meet": meet,
    "fathom": fathom,
    "fireflies": fireflies,
    "plain": plain,
}


def transcript(*lines: tuple[str, str]) -> Transcript:
    return parse_transcript("call.vtt", zoom(lines or LINES))


def summary(*lines: tuple[str, str]) -> Summary:
    return summarize(transcript(*lines), held_on=HELD_ON, timezone="Europe/London")
