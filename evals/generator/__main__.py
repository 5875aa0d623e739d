"""python -m evals.generator --seed 11 --projects 40 --mechanism queue --horizon 2026-09-11 --out DIR [--poor]."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from evals.generator.mechanisms import MECHANISMS
from evals.generator.run import Recipe, generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evals.generator")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--projects", type=int, default=28)
    parser.add_argument("--mechanism", choices=sorted(MECHANISMS), default="queue")
    parser.add_argument("--horizon", type=date.fromisoformat, required=True)
    parser.add_argument("--months", type=int, default=14)
    parser.add_argument("--name", default=Recipe.name)
    parser.add_argument("--poor", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    generate(
        Recipe(args.seed, args.projects, args.mechanism, args.horizon, args.months, args.poor, args.name), args.out
    )


if __name__ == "__main__":
    main()
