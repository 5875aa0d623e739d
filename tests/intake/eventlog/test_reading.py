"""XES and CSV files, good and bad, as cases."""

import datetime as dt
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.eventlog.cases import Case, Tally
from intake.eventlog.facts import cases_of
from intake.eventlog.mapping import EventLogMapping
from intake.eventlog.xes import raw_cases
from store.errors import Invalid
from tests.intake.eventlog.logs import CSV_LOG, MAPPING, ONE_CASE, Line, mapping, packed, xes

GOOD = xes(ONE_CASE)
CSV = mapping(extra=CSV_LOG)
HEADER = "case;what;when;role;nr\n"


def read(content: bytes, known: EventLogMapping | None = None) -> tuple[list[Case], Tally]:
    tally = Tally("log")
    return list(cases_of(BytesIO(content), known or mapping(), tally)), tally


def codes(tally: Tally) -> list[str]:
    return [problem.code for problem in tally.problems]


@pytest.mark.parametrize("content", [GOOD, packed(GOOD), packed(GOOD[:200]) + packed(GOOD[200:])])
def test_a_log_reads_the_same_plain_and_gzipped(content: bytes) -> None:
    (case,), tally = read(content)
    assert case.case_id == "A1"
    assert [event.activity for event in case.events] == [line[0] for line in ONE_CASE["A1"]]
    assert case.events[0].at == dt.datetime(2024, 4, 25, 7, tzinfo=dt.UTC)
    assert (tally.cases, tally.rows, tally.refused, tally.problems) == (1, 9, 0, [])
    assert tally.last_at == dt.datetime(2024, 5, 9, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("namespace", ['xmlns="http://www.xes-standard.org/"', ""])
def test_the_namespace_may_differ_or_be_missing(namespace: str) -> None:
    (case,), _tally = read(GOOD.replace(b'xmlns="http://www.xes-standard.org"', namespace.encode()))
    assert len(case.events) == 9


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xes_empty"),
        (b"case,activity\n1,Start\n", "xes_not_xml"),
        (b"<html><trace/></html>", "xes_wrong_root"),
        (GOOD[:-40], "xes_broken"),
        (GOOD.replace(b"</trace>", b""), "xes_broken"),
        (GOOD + b"<log/>", "xes_broken"),
        (DOCTYPE + b"<log><trace><string key='concept:name' value='&a;'/>&f;</trace></log>", "xes_doctype"),
        (xes({"Málaga": []}).decode().encode("latin-1"), "xes_encoding"),
        (packed(GOOD)[:-9], "gzip_truncated"),
        (packed(GOOD)[:60], "gzip_truncated"),
        (packed(GOOD)[:40] + b"\x00\x99\x99" + packed(GOOD)[43:], "gzip_broken"),
        (b"\x1f\x8bnot gzip at all", "gzip_broken"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_an_error_with_a_remedy(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(content)
    assert caught.value.code == code
    assert caught.value.detail
    assert caught.value.remedy


def test_a_trace_without_end_is_refused_before_it_fills_the_memory() -> None:
    bomb = [b"<log><trace>", *[b"<event/>" * 1000] * 3]
    with pytest.raises(Invalid) as caught:
        list(raw_cases(bomb, mapping().log, max_case_bytes=10_000))
    assert caught.value.code == "xes_case_too_large"


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(Invalid) as caught:
        read(packed(HEADER.encode() + b"x" * 3_000_000), CSV)
    assert caught.value.code == "csv_too_large"


def test_latin_1_reads_when_it_is_declared() -> None:
    (case,), _tally = read(xes({"Málaga": [("Start", "2024-01-01T00:00:00Z")]}, encoding="ISO-8859-1"))
    assert case.case_id == "Málaga"


@pytest.mark.parametrize(
    ("activity", "at", "code"),
    [
        ("", "2024-01-01T00:00:00Z", "event_without_activity"),
        ("Start", "", "timestamp_missing"),
        ("Start", "yesterday", "timestamp_unreadable"),
        ("Start", "1969-12-31T12:00:00Z", "timestamp_out_of_range"),
        ("Start", "0001-01-01T00:00:00+14:00", "timestamp_unreadable"),
        ("Start", "2200-01-02", "timestamp_out_of_range"),
    ],
)
def test_an_event_that_cannot_be_understood_is_reported_and_the_rest_goes_on(activity: str, at: str, code: str) -> None:
    (case,), tally = read(xes({"A1": [(activity, at), ("End", "2024-01-02T00:00:00Z")]}))
    assert [event.activity for event in case.events] == ["End"]
    assert (codes(tally), tally.rows, tally.refused) == ([code], 2, 1)
    assert tally.problems[0].line == 5
    assert tally.problems[0].remedy


def test_a_second_trace_of_a_case_is_left_out_and_reported() -> None:
    content = GOOD.replace(b"</log>", GOOD[GOOD.index(b"<trace>") :])
    cases, tally = read(content)
    assert (len(cases), codes(tally), tally.rows, tally.refused) == (1, ["case_twice"], 18, 9)


def test_a_trace_without_a_name_or_without_events_is_reported() -> None:
    cases, tally = read(xes({"": [("Start", "2024-01-01")], "A2": []}))
    assert (cases, codes(tally)) == ([], ["case_without_id", "case_without_events"])


def test_problems_are_counted_beyond_those_that_are_kept() -> None:
    _cases, tally = read(xes({"A1": [("Start", "never")] * 1500}))
    assert (len(tally.problems), tally.refused) == (1000, 1500)


def test_events_of_one_instant_stay_in_the_order_of_the_file() -> None:
    at = "2024-01-02T00:00:00Z"
    lines: list[Line] = [("End", at), ("Start", at), ("Reminder", "2024-01-01T00:00:00Z"), ("Delivered", at)]
    (case,), _tally = read(xes({"A1": lines}))
    assert [event.activity for event in case.events] == ["Reminder", "End", "Start", "Delivered"]


def test_a_timestamp_without_a_zone_is_local_to_the_tenant() -> None:
    (case,), _tally = read(xes({"A1": [("Start", "2024-01-02"), ("End", "2024-07-02T10:00:00")]}))
    assert [event.at.isoformat() for event in case.events] == ["2024-01-01T23:00:00+00:00", "2024-07-02T08:00:00+00:00"]


def test_the_lines_of_a_csv_are_gathered_by_case_and_ordered_by_instant_and_number() -> None:
    lines = "2;End;02/01/2024 10:00;us;3\n1;Start;01/01/2024 10:00;us;1\n2;Start;02/01/2024 10:00;us;2\n"
    cases, tally = read((HEADER + lines).encode("utf-8-sig"), CSV)
    found = {case.case_id: [event.activity for event in case.events] for case in cases}
    assert found == {"2": ["Start", "End"], "1": ["Start"]}
    assert (tally.rows, tally.problems) == (3, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "csv_empty"),
        ("case,what,when\n", "csv_column_missing"),
        (HEADER.replace("role", "case"), "csv_column_twice"),
        (HEADER + '1;"Start;01/01/2024 10:00;us;1\n', "csv_broken"),
        (HEADER + "1;Málaga;01/01/2024 10:00;us;1\n", "csv_encoding"),
        (HEADER + "1;Start;01/01/2024 10:00;us;\xf1", "csv_encoding"),
    ],
)
def test_a_csv_that_cannot_be_read_is_an_error_with_a_remedy(content: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(content.encode("latin-1"), CSV)
    assert caught.value.code == code
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("line", "code", "refused"),
    [
        ("1;Start;01/01/2024 10:00;us\n", "csv_wrong_width", 1),
        ("1;Start;01/01/2024 10:00;us;1;more\n", "csv_wrong_width", 1),
        (";Start;01/01/2024 10:00;us;1\n", "case_without_id", 1),
        ("1;;01/01/2024 10:00;us;1\n", "event_without_activity", 1),
        ("1;Start;2024-01-01;us;1\n", "timestamp_unreadable", 1),
        ("1;Start;01/01/2024 10:00;us;first\n", "order_unreadable", 0),
    ],
)
def test_a_bad_line_is_reported_by_its_number_and_the_rest_goes_on(line: str, code: str, refused: int) -> None:
    cases, tally = read((HEADER + line + "2;End;01/01/2024 10:00;us;1\n").encode(), CSV)
    assert cases[-1].case_id == "2"
    assert (codes(tally), tally.rows, tally.refused) == ([code], 2, refused)
    assert tally.problems[0].line == 2


def test_latin_1_reads_when_the_mapping_says_so() -> None:
    known = mapping(extra=CSV_LOG + 'encoding = "latin-1"\n')
    (case,), _tally = read((HEADER + "Málaga;Start;01/01/2024 10:00;us;1\n").encode("latin-1"), known)
    assert case.case_id == "Málaga"


def test_unlisted_attributes_are_reported_once() -> None:
    line = ("Start", "2024-01-01", {"budget": "1", "total_cost": "2", "colour": "red", "org:role": "us"})
    known = mapping(MAPPING)
    _cases, tally = read(xes({"A1": [line, line]}), known)
    assert tally.unknown_columns(known) == ("colour",)


@given(st.data())
def test_a_mutilated_log_is_read_or_refused_but_never_surprises(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from([GOOD, packed(GOOD)]))
    at = data.draw(st.integers(0, len(content)))
    until = data.draw(st.integers(at, min(len(content), at + 40)))
    mutilated = content[:at] + data.draw(st.binary(max_size=8)) + content[until:]
    for known in (mapping(), CSV):
        with suppress(Invalid):
            read(mutilated, known)
