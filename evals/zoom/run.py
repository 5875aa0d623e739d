"""`leeway eval zoom`: every transcript.vtt below a folder or in a .tar.xz, read by the product's own reader."""

from __future__ import annotations

import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec

from evals.zoom.scorers import Counted, counted
from store.errors import Invalid, LeewayError
from summarizer.forms import parse_transcript

NAME = "transcript.vtt"


@dataclass(slots=True)
class Result:
    """Counts over all calls; `cpu_seconds` is the reading alone, without the unpacking."""

    calls: int = 0
    complete: int = 0
    megabytes: float = 0.0
    cues: int = 0
    arrows: int = 0
    with_speaker: int = 0
    with_times: int = 0
    speakers: int = 0
    cpu_seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def run(data: Path) -> Result:
    result = Result()
    for name, content in files(data):
        started = time.process_time()
        try:
            transcript = parse_transcript(name, content)
        except LeewayError as error:
            result.faults.append(f"{name}: {error}")
            continue
        finally:
            result.calls += 1
            result.megabytes += len(content) / 1e6
            result.cpu_seconds += time.process_time() - started
        _add(result, name, counted(transcript, content))
    return result


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every transcript, in the order of their names."""
    archives = sorted(data.glob("*.tar.xz")) if data.is_dir() else [data]
    found = False
    for path in sorted(data.rglob(NAME)) if data.is_dir() else ():
        found = True
        yield str(path.relative_to(data)), path.read_bytes()
    for archive in () if found else archives:
        with tarfile.open(archive) as tar:
            for member in sorted(tar.getmembers(), key=lambda member: member.name):
                content = tar.extractfile(member) if Path(member.name).name == NAME else None
                if content is not None:
                    found = True
                    yield member.name, content.read()
    if not found:
        raise Invalid("eval_data_missing", f"There is no {NAME} there.", remedy="Give --data the folder or archive.")


def _add(result: Result, name: str, counts: Counted) -> None:
    result.cues += counts.cues
    result.arrows += counts.arrows
    result.with_speaker += counts.with_speaker
    result.with_times += counts.with_times
    result.speakers += counts.speakers
    result.complete += counts.is_complete
    if not counts.is_complete:
        result.faults.append(f"{name}: {counts}")


def main(data: Path, *, as_json: bool = False, write: Callable[[str], object] = sys.stdout.write) -> int:
    result = run(data)
    shown = asdict(result) | {"megabytes": round(result.megabytes, 2), "cpu_seconds": round(result.cpu_seconds, 3)}
    if as_json:
        write(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n")
    else:
        lines = [f"{key.replace('_', ' '):<14} {value}" for key, value in shown.items() if key != "faults"]
        write("\n".join([*lines, *(f"fault: {fault}" for fault in result.faults)]) + "\n")
    return 0
