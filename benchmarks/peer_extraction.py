"""Extractors that are no dependency of the project, for ``benchmarks.extraction --peer PYTHON``.

Run by the peers' own Python, which has ``rs-trafilatura``. Prints the names of what it has as a
JSON list, then answers each line of standard input (tool, url, body in base64) with one: text,
confidence and seconds of processor time. A tool that raises has found nothing.
"""

import json
import sys
import time
from base64 import b64decode
from collections.abc import Callable

try:
    import rs_trafilatura
except ImportError:
    rs_trafilatura = None

Found = tuple[str, float | None]


def by_rs_trafilatura(body: bytes, url: str) -> Found:
    """With the address, from which it guesses the page's type too; its estimate of its own F1."""
    found = rs_trafilatura.extract_bytes(body, url=url or None)
    return found.main_content or "", found.extraction_quality


TOOLS: dict[str, Callable[[bytes, str], Found]] = (
    {"rs-trafilatura": by_rs_trafilatura} if rs_trafilatura else {}
)


def main() -> None:
    print(json.dumps(list(TOOLS)), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        body = b64decode(asked["body"])
        started = time.process_time()
        try:
            text, confidence = TOOLS[asked["tool"]](body, asked["url"])
        except Exception as error:  # noqa: BLE001 -- whatever a peer raises, the others go on
            print(f"{asked['tool']}, {asked['url']}: {error!r}", file=sys.stderr)
            text, confidence = "", None
        seconds = time.process_time() - started
        print(json.dumps({"text": text, "confidence": confidence, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
