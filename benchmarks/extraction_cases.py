"""How many of the pages that were written as cases each tool reads right, by kind.

    python -m benchmarks.extraction_cases [--peer PYTHON] [--tool NAME] [--set blind_6] [--faults]

A case is a page, in the markup of one piece of software, for one thing that can go wrong: strings
that its text must hold, as it has them with line ends and indentation, and strings that it must
not. They were written by language models which knew the policy of ``docs/stages/extract.md`` and
nothing of how it is followed. Those of the set ``seen`` were looked at while faults were mended;
those of ``blind`` and, after each had taught what it could, of ``blind_2`` to ``blind_6`` were
scored before anybody had. PYTHON is as for ``benchmarks.extraction``.
"""

from __future__ import annotations

import argparse
import json
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extraction import choose_tools
from benchmarks.extraction_tools import OURS, open_peers, shipped

CASES = Path(__file__).with_name("written_cases")


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and what its text must and must not hold."""

    name: str
    kind: str
    set: str
    url: str
    body: bytes
    must_hold: tuple[str, ...]
    must_not_hold: tuple[str, ...]

    def faults_of(self, text: str) -> list[str]:
        """What is wrong with a text of the page; none if it is right."""
        missing = [f"lost {part!r}" for part in self.must_hold if part not in text]
        return missing + [f"holds {part!r}" for part in self.must_not_hold if part in text]


def read_cases(folder: Path = CASES) -> Iterator[Case]:
    """All cases, by file."""
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            yield Case(
                row["name"],
                path.stem,
                row["set"],
                row["url"],
                b64decode(row["body"]) if "body" in row else row["html"].encode(),
                tuple(row["must_hold"]),
                tuple(row["must_not_hold"]),
            )


def print_table(right: Mapping[str, Mapping[str, list[bool]]]) -> None:
    """Cases and those that each tool reads right, by kind and in all."""
    kinds = sorted({kind for by_kind in right.values() for kind in by_kind})
    for kind in (*kinds, "all"):
        shares = []
        for name, by_kind in right.items():
            chosen = kinds if kind == "all" else [kind]
            found = [one for own in chosen for one in by_kind[own]]
            shares.append(f"{name} {sum(found)}/{len(found)}")
        print(f"{kind:12} {'   '.join(shares)}")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="a Python that has rs-trafilatura")
    parser.add_argument("--tool", action="append", help="ask this one (ours) and no others")
    parser.add_argument(
        "--set",
        choices=["seen", "blind", *(f"blind_{number}" for number in range(2, 7))],
        help="those alone",
    )
    parser.add_argument("--faults", action="store_true", help="say what is wrong with our texts")
    options = parser.parse_args()
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    with open_peers(options.peer) as peers:
        tools = choose_tools({**shipped(), **peers}, options.tool)
        for case in read_cases():
            if options.set not in {None, case.set}:
                continue
            for name, tool in tools.items():
                faults = case.faults_of(tool(case.body, case.url).text)
                right[name][case.kind].append(not faults)
                if faults and options.faults and name == OURS:
                    print(f"{case.kind}: {case.name}: {'; '.join(faults)}")
    print_table(right)


if __name__ == "__main__":
    main()
