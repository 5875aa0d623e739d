"""The same recipe gives the same bytes, here and in the repository."""

import filecmp
import subprocess
import sys
from pathlib import Path

import pytest

from evals.generator.run import SAMPLES, generate

ROOT = Path(__file__).parents[3]
SMALL = ("--seed", "3", "--projects", "5", "--months", "6", "--horizon", "2026-09-11")


def files(folder: Path) -> list[Path]:
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def assert_same(one: Path, two: Path) -> None:
    assert files(one) == files(two)
    _, differing, missing = filecmp.cmpfiles(one, two, [str(p) for p in files(one)], shallow=False)
    assert not differing
    assert not missing


def run(out: Path, hash_seed: str, *more: str) -> None:
    command = [sys.executable, "-m", "evals.generator", *SMALL, "--out", str(out), *more]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": hash_seed, "PATH": ""})


@pytest.mark.parametrize("more", [(), ("--poor",)], ids=["whole", "poor"])
def test_a_seed_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path, more: tuple[str, ...]) -> None:
    run(tmp_path / "one", "1", *more)
    run(tmp_path / "two", "2", *more)
    assert_same(tmp_path / "one", tmp_path / "two")
    assert_same(tmp_path / "one.truth", tmp_path / "two.truth")


def test_another_seed_gives_another_portfolio(tmp_path: Path) -> None:
    run(tmp_path / "one", "1")
    run(tmp_path / "two", "1", "--seed", "4")
    assert (tmp_path / "one" / "tasks.csv").read_bytes() != (tmp_path / "two" / "tasks.csv").read_bytes()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_in_the_repository_is_what_its_recipe_writes(tmp_path: Path, name: str) -> None:
    generate(SAMPLES[name], tmp_path / name)
    assert_same(tmp_path / name, ROOT / "samples" / name)
    assert_same(tmp_path / f"{name}.truth", ROOT / "samples" / f"{name}.truth")


def test_the_samples_stay_small() -> None:
    for name in SAMPLES:
        folder = ROOT / "samples" / name
        assert sum((folder / p).stat().st_size for p in files(folder)) < 1_500_000
