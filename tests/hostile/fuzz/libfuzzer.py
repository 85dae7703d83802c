"""``python -m tests.hostile.fuzz.libfuzzer TARGET SECONDS FOLDER``: one process under atheris.

Of our packages what the target is about is instrumented, but for functions that numba compiles: no coverage
is seen in those, nor in libraries written in C. What raises is kept, an input for each kind, and the fuzzer goes on; what ends the process
stands in the file of its state (`tests.hostile.fuzz.guided` starts another one).
"""

from __future__ import annotations

import gc
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FunctionType

from numba.core.dispatcher import Dispatcher

from tests.hostile.fuzz import forms, trial
from tests.hostile.fuzz.state import MAX_INPUT_BYTES, State
from tests.hostile.fuzz.targets import Target

SCOPES: Mapping[str, Sequence[str]] = {
    "warc": ("curation.sources",),
    "http": ("curation.sources",),
    "charset": ("stages.extract",),
    "extraction": ("stages.extract", "models.main_content", "models.text"),
    "url": ("stages.url_filter", "stages.hosts", "stages.sites"),
    "configuration": ("curation.config", "conf", "stages", "tomllib"),
    "labels": ("curation.labelling", "curation.storage"),
    "report": ("curation.inspect", "curation.summaries", "curation.parts"),
}
"""Whose branches and comparisons lead the fuzzer, by target."""
NEVER_S = 1 << 30
"""libFuzzer's own deadline is by the clock on the wall: a busy machine would miss it."""


def main(target: str, seconds: float, folder: Path) -> None:
    """Damage the corpus and let the target read it until so much processor time is spent."""
    import atheris

    run = trial.warm(target)
    instrumented(SCOPES[target], atheris.instrument_func)
    state = State(folder / "state")
    corpus, words = folder / "corpus", folder / "dictionary"
    words.write_text(forms.dictionary(target))
    trial.limit_memory()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    until = time.process_time() + seconds  # from here: a fresh checkout compiles for 20 s and more

    def read(given: bytes) -> None:
        state.begin(given)
        signal.setitimer(signal.ITIMER_PROF, trial.MAX_CPU_S)
        try_input(partial(forms.unfold, target), run, given, folder / "failures")
        if time.process_time() > until:
            state.end()

    def mutator(given: bytes, max_bytes: int, seed: int) -> bytes:
        signal.setitimer(signal.ITIMER_PROF, 0)
        return forms.mutate(
            target, given, max_bytes, seed, lambda content: atheris.Mutate(content, max_bytes - 1)
        )

    options = {
        "max_len": MAX_INPUT_BYTES,
        "timeout": NEVER_S,
        "rss_limit_mb": 0,
        "reload": 0,
        "seed": 1,
    }
    flags = [f"-{name}={value}" for name, value in options.items()]
    flags += [f"-dict={words}", f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup([sys.argv[0], *flags], read, custom_mutator=mutator)
    atheris.Fuzz()


def try_input(
    unfold: Callable[[bytes], tuple[str, bytes]], run: Target, given: bytes, failures: Path
) -> None:
    """Read what an input stands for, and keep the input if it is the first of a kind that fails."""
    try:
        run(*unfold(given))
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
        path = failures / kind_of(error)
        if not path.exists():
            path.write_bytes(given)
            sys.stdout.write(f"FAILED {path.name}: {error!r:.300}\n")
            sys.stdout.flush()


def kind_of(error: BaseException) -> str:
    """What was raised and where, as the name of a file."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}-{Path(place.filename).name}-{place.lineno}"


def instrumented(scope: Sequence[str], instrument: Callable[[FunctionType], object]) -> int:
    """Instrument every function of these packages that is not compiled; how many there are.

    Those that are loaded already, inner functions too: what was compiled or cached stays as it is.
    What a proxy stands for is not asked, for it may be gone.
    """
    known = gc.get_objects()
    compiled = {id(one.py_func) for one in known if issubclass(type(one), Dispatcher)}
    found = [
        one
        for one in known
        if type(one) is FunctionType
        and f"{one.__module__}.".startswith(tuple(f"{name}." for name in scope))
        and id(one) not in compiled
    ]
    for function in found:
        instrument(function)
    return len(found)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
