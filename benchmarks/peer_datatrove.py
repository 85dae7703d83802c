"""datatrove 0.10.1 from WARC to deduplicated documents, as its FineWeb example has it.

    LID_MODEL=lid.176.ftz python benchmarks/peer_datatrove.py WARC_FOLDER OUT_FOLDER

Runs in an environment of its own with ``datatrove[processing]==0.10.1`` and spaCy, not in ours, on
one worker and without a network: URL filter, trafilatura, language, Gopher repetition and quality,
C4 and FineWeb filters, then MinHash at 128 bands of 16 in its four steps. Prints one JSON object:
the records read and the documents kept.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

import tldextract
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
    LanguageFilter,
    URLFilter,
)
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.hashing import HashConfig
from huggingface_hub import cached_assets_path
from loguru import logger

LID_FILE = "https:__dl.fbaipublicfiles.com_fasttext_supervised-models_lid.176.bin"


def place_language_model(model: str) -> None:
    """Put the model where datatrove looks for what it would download."""
    folder = cached_assets_path("datatrove", namespace="lid", subfolder="ft176")
    shutil.copy(model, folder / LID_FILE)
    (folder / f"{LID_FILE}.completed").touch()


def run(pipeline: Sequence[Any], logs: Path, tasks: int = 1) -> list[dict[str, Any]]:
    """Run one of its pipelines; its statistics, one entry for each of its steps."""
    LocalPipelineExecutor(list(pipeline), tasks=tasks, workers=1, logging_dir=str(logs)).run()
    stats: list[dict[str, Any]] = json.loads((logs / "stats.json").read_text())
    return stats


def main() -> None:
    logger.remove()
    place_language_model(os.environ["LID_MODEL"])
    warcs, out = sys.argv[1], Path(sys.argv[2])
    url_filter = URLFilter()
    url_filter.tldextractor = tldextract.TLDExtract(suffix_list_urls=())
    filters = [
        url_filter,
        Trafilatura(favour_precision=True),
        LanguageFilter(languages=["en"]),
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter(),
    ]
    reader = WarcReader(warcs, glob_pattern="*.warc.gz", default_metadata={"dump": "pages"})
    filtered = str(out / "filtered")
    read = run([reader, *filters, JsonlWriter(filtered)], out / "log_filters")[0]
    config = MinhashConfig(
        hash_config=HashConfig(precision=64), num_buckets=128, hashes_per_bucket=16, n_grams=5
    )
    signatures, buckets, removed = (str(out / name) for name in ("sig", "buckets", "removed"))
    signer = MinhashDedupSignature(output_folder=signatures, config=config)
    run([JsonlReader(filtered), signer], out / "log_1")
    grouper = MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=config)
    run([grouper], out / "log_2", tasks=128)
    run([MinhashDedupCluster(buckets, removed, config=config)], out / "log_3")
    kept = run(
        [JsonlReader(filtered), MinhashDedupFilter(removed), JsonlWriter(str(out / "kept"))],
        out / "log_4",
    )[-1]
    figures = {"read": read["stats"]["documents"]["total"], "kept": kept["stats"]["total"]}
    print(json.dumps(figures, default=str))


if __name__ == "__main__":
    main()
