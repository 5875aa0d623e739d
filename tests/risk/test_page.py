"""docs/risk.md says of the features what the registry says."""

from pathlib import Path

from risk.assessment import SENTENCES
from risk.features import FEATURES
from risk.features.registry import STEP_FEATURE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "risk.md").read_text(encoding="utf-8")


def test_the_table_of_features_is_the_registrys() -> None:
    wanted = [
        f"| `{f.name}` | {f.unit} | {f.definition} | {f.needs} | {f.worse} | {f.who_can_act} |"
        for f in (*FEATURES, STEP_FEATURE)
    ]
    table = PAGE.split("## The features")[1].split("## The model")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == wanted


def test_every_reason_for_no_score_is_explained() -> None:
    assert all(f"| `{reason}` |" in PAGE for reason in SENTENCES)
