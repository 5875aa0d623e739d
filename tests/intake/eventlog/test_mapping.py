"""A mapping says at once what is wrong with it."""

from pathlib import Path

import pytest

from intake.eventlog.mapping import parse_mapping
from intake.eventlog.patterns import Matcher
from intake.eventlog.playbook import Playbook
from store.errors import Invalid
from tests.intake.eventlog.logs import CSV_LOG, MAPPING, mapping

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "mappings"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_sample_mapping_is_valid(path: Path) -> None:
    assert parse_mapping(path.read_bytes()).steps


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ('source = "forms"', "", "mapping_invalid", "missing required field `source`"),
        ('source = "forms"', 'source = ""', "mapping_invalid", "need a name"),
        ('source = "forms"', 'sauce = "forms"', "mapping_invalid", "unknown field `sauce`"),
        ('source = "forms"', "source = ", "mapping_not_toml", "not TOML"),
        ('source = "forms"', "source = 7", "mapping_invalid", "$.source"),
        ('"Europe/Madrid"', '"Atlantis/Poseidonis"', "mapping_invalid", "Atlantis/Poseidonis"),
        ("[2024-05-02]", "[]\nweekdays = [0, 8]", "mapping_invalid", "1 (Monday)"),
        ("[2024-05-02]", "[]\nhours_per_day = 25", "mapping_invalid", "hours_per_day"),
        ('track = "customer"', 'track = "client"', "mapping_invalid", "$.steps[0].track"),
        ('id = "check"', 'id = "form"', "mapping_invalid", "'form' must be there once"),
        ('completes = ["Delivered"]', "", "mapping_invalid", "'delivery' needs activities"),
        ("committed_after_days = 2", "committed_after_days = 99999999", "mapping_invalid", "committed_after_days"),
        ('activities = ["Delivered"]', "activities = []", "mapping_invalid", "done needs"),
        ('budget = "budget"', 'budget = "total_budget"', "mapping_invalid", "listed as a leak"),
        ('note = "note"', 'note = "total_note"', "mapping_invalid", "listed as a leak"),
    ],
)
def test_a_wrong_mapping_names_the_place_and_what_belongs_there(old: str, new: str, code: str, told: str) -> None:
    assert old in MAPPING
    with pytest.raises(Invalid) as caught:
        mapping(MAPPING.replace(old, new, 1))
    assert (caught.value.code, caught.value.where) == (code, "mapping")
    assert told in caught.value.detail
    assert "docs/event-logs.md" in caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('delimiter = ";"', 'delimiter = "||"', "one character"),
        ('delimiter = ";"', 'encoding = "klingon"', "klingon"),
        ('"%d/%m/%Y %H:%M"', '"day first"', "strptime"),
    ],
)
def test_a_wrong_way_of_reading_is_refused(old: str, new: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        mapping(extra=CSV_LOG.replace(old, new))
    assert told in caught.value.detail


def test_done_after_a_milestone_needs_a_milestone() -> None:
    start = MAPPING.index("[milestone]")
    text = MAPPING[:start] + MAPPING[MAPPING.index("[done]") :]
    assert mapping(text).milestone is None
    with pytest.raises(Invalid, match=r"needs a \[milestone\]"):
        mapping(text.replace("[done]", '[done]\ncounts = "first_after_milestone"'))


def test_a_mapping_in_latin_1_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        parse_mapping('source = "Málaga"'.encode("latin-1"))
    assert caught.value.code == "mapping_not_utf8"


def test_an_exact_name_wins_over_a_pattern() -> None:
    playbook = Playbook(mapping(MAPPING.replace('"Reminder"]', '"Reminder", "Form lost by clerk"]')))
    assert playbook.part("Form lost by clerk").track == "internal"
    assert playbook.part("Form found by clerk").track == "approval"


def test_an_activity_nobody_named_is_internal_and_known_as_unknown() -> None:
    part = Playbook(mapping()).part("Tea")
    assert (part.track, part.is_known, part.moves) == ("internal", False, ())


@pytest.mark.parametrize(
    ("pattern", "name", "is_match"),
    [
        ("a*", "abc", True),
        ("a?c", "abc", True),
        ("a?c", "abbc", False),
        ("(case)_[x]*", "(case)_[x]1", True),
        ("(case)_[x]*", "(case)_x1", False),
        ("a*", "Abc", False),
    ],
)
def test_only_star_and_question_mark_are_special(pattern: str, name: str, is_match: bool) -> None:
    assert Matcher((pattern,)).matches(name) is is_match
