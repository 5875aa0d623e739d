"""Every form is read whole; what is no transcript is an `Invalid`, never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Invalid
from summarizer.forms import parse_transcript
from summarizer.summary import summarize
from tests.summarizer.days import HELD_ON
from tests.summarizer.meeting import ANNA, FORMS, LINES

TIMED = ("zoom_vtt", "teams_vtt", "srt", "fireflies")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_words_of_the_same_speakers(form: str) -> None:
    read = parse_transcript("call", FORMS[form]())
    assert read.form == form
    assert [(cue.speaker, cue.text) for cue in read.cues] == list(LINES)
    assert [cue.number for cue in read.cues] == list(range(1, len(LINES) + 1))


@pytest.mark.parametrize("form", TIMED)
def test_times_are_those_of_the_file(form: str) -> None:
    cue = parse_transcript("call", FORMS[form]()).cues[1]
    assert (cue.start_ms, cue.end_ms) == (10_000, 14_000)


def test_a_meet_call_begins_with_its_first_entry() -> None:
    cues = parse_transcript("call", FORMS["meet"]()).cues
    assert (cues[0].start_ms, cues[1].start_ms, cues[1].end_ms) == (0, 5_000, 9_500)


def test_a_time_before_a_heading_is_no_speaker() -> None:
    read = parse_transcript("call.vtt", b"WEBVTT\n\n1\n00:01.000 --> 00:02.500\n10:30 Meeting: welcome\n")
    assert (read.cues[0].speaker, read.cues[0].text, read.cues[0].end_ms) == ("", "10:30 Meeting: welcome", 2_500)


def test_wrapped_lines_and_entities_are_one_text() -> None:
    content = b"WEBVTT\n\nx/1\n00:00:01.000 --> 00:00:02.000 line:0\n<v Al B>this &amp; that\n<i>and</i> more</v>\n"
    read = parse_transcript("call.vtt", content)
    assert (read.cues[0].speaker, read.cues[0].text) == ("Al B", "this & that and more")


def test_a_label_that_comes_back_is_a_speaker_however_it_is_written() -> None:
    block = "00:00:01.000 --> 00:00:02.000\nzed the third of somewhere: hello\n\n"
    read = parse_transcript("call.vtt", ("WEBVTT\n\n" + block * 3).encode())
    assert read.speakers == ("zed the third of somewhere",)


def test_a_cue_whose_times_cannot_be_read_is_counted() -> None:
    content = b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAl: hi\n\n2\nxx --> 00:00:03.000\nAl: lost\n"
    read = parse_transcript("call.vtt", content)
    assert (len(read.cues), read.unread) == (1, 1)
    assert any("cannot be read" in note for note in summarize(read, held_on=HELD_ON).notes)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"WEBVTT",
        b"WEBVTT\n\n1\nno times\n",
        b"{",
        b"[]",
        b'{"transcript": 1}',
        b'{"transcriptEntries": [{}]}',
        b'{"sentences": [1, null]}',
        b"[" * 100_000,
        b"\x00\x01\x02\x03" * 50,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_transcript_is_invalid(content: bytes) -> None:
    with pytest.raises(Invalid):
        parse_transcript("call", content)


@given(
    form=st.sampled_from(sorted(FORMS)),
    at=st.floats(0, 1),
    length=st.integers(0, 40),
    junk=st.one_of(st.binary(max_size=20), st.sampled_from([b"-->", b"\r", b"<v", b'"', b"\xff", b": ", b"{"])),
)
def test_a_broken_file_is_read_or_invalid(form: str, at: float, length: int, junk: bytes) -> None:
    whole = FORMS[form]()
    start = int(at * len(whole))
    try:
        read = parse_transcript("call", whole[:start] + junk + whole[start + length :])
    except Invalid:
        return
    found = summarize(read, held_on=HELD_ON)
    assert all(any(item.quote in cue.text for cue in read.cues) for item in found.items)


@given(st.text(max_size=300))
def test_any_text_is_read_or_invalid(text: str) -> None:
    try:
        read = parse_transcript("call.txt", text.encode())
    except Invalid:
        return
    summarize(read, held_on=HELD_ON)


def test_a_fathom_invitee_of_the_house_speaks_for_the_vendor() -> None:
    read = parse_transcript("call.json", FORMS["fathom"]())
    assert [(person.name, person.side) for person in read.participants] == [(ANNA, "vendor")]
