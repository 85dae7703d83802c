"""The ways to run that must not matter, each as files, arguments and environment of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.same_bytes.repacking import recompress, split

PARTITIONS = (1, 2, 7)
WITHOUT_AVX2 = {"NUMBA_CPU_NAME": "nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
"""Of processors that have more, numpy is told to leave it; ``nehalem`` has SSE 4.2."""
WITHOUT_AVX512 = {"NUMBA_CPU_NAME": "haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4"}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Variant:
    """A way to run; ``same_files`` says whether the crawl's files are those of the others.

    Where they are not, shards differ in the four columns that say where a record lies.
    """

    name: str
    files: Sequence[Path]
    arguments: Sequence[str] = ()
    master: str = "local[2,4]"
    environment: Mapping[str, str] = field(default_factory=dict)
    same_files: bool = True
    killed_in_step: int = 0


def variants(files: Sequence[Path], folder: Path) -> Iterable[Variant]:
    """All of them; the first is what the others are compared with."""
    size = sum(path.stat().st_size for path in files)
    yield Variant("as it comes", files)
    for count in PARTITIONS:
        arguments = (
            *("--set", f"part_bytes={-(-size // count)}"),
            *("--set", f'spark.settings={{"spark.sql.shuffle.partitions" = "{count}"}}'),
        )
        yield Variant(f"{count} partitions", files, arguments)
    yield Variant("local[1]", files, master="local[1,4]")
    yield Variant("local-cluster", files, master="local-cluster[2,1,1024]")
    yield Variant("files named in another order", files[::-1])
    yield Variant("recompressed", recompress(files, folder / "recompressed"), same_files=False)
    yield Variant("in 3 files", split(files, folder / "split", 3), same_files=False)
    for seed in ("1", "4242"):
        yield Variant(f"hash seed {seed}", files, environment={"PYTHONHASHSEED": seed})
    yield Variant("8 threads", files, environment=dict.fromkeys(THREADS, "8"))
    yield Variant("without AVX-512", files, environment=WITHOUT_AVX512)
    yield Variant("without AVX2", files, environment=WITHOUT_AVX2)
    yield Variant("killed in step 3, resumed", files, killed_in_step=3)
    yield Variant("killed in step 6, resumed", files, killed_in_step=6)
