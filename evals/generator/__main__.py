"""`python -m evals.generator --seed 11 --mechanism queue --horizon 2026-09-11 --out DIR`, or `--sample NAME`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from evals.generator.mechanisms import MECHANISMS
from evals.generator.run import SAMPLES, Recipe, generate


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m evals.generator", description="Writes a sample portfolio to DIR and its truth to DIR.truth."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--sample", choices=sorted(SAMPLES), help="a sample of the repository; the rest is then fixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=28)
    parser.add_argument("--mechanism", choices=sorted(MECHANISMS), default="queue")
    parser.add_argument("--horizon", type=date.fromisoformat, default=date(2026, 9, 11), help="the last day on record")
    parser.add_argument("--months", type=int, default=14, help="how far the history reaches back")
    parser.add_argument("--name", default=Recipe.name)
    parser.add_argument("--poor", action="store_true", help="the copy in which little is kept")
    args = parser.parse_args()
    recipe = Recipe(args.seed, args.projects, args.mechanism, args.horizon, args.months, args.poor, args.name)
    generate(SAMPLES.get(args.sample, recipe), args.out)


if __name__ == "__main__":
    main()
