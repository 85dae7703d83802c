"""Examples of every command, as its help shows them."""

from __future__ import annotations

from collections.abc import Iterator

import click

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": ("curate run conf/local.toml crawl/ --root runs",),
    "stage": ("curate stage rules conf/local.toml --root runs",),
    "plan": ("curate plan conf/local.toml crawl/ --root runs",),
    "config": ("curate config conf/local.toml",),
    "why": (
        "curate why https://www.example.org/a --root runs",
        "curate why example.org/a --root runs --batch 2026-30",
        "curate why 0f0e4c2d9b1a4e6f8c7d5b3a29180716 --root runs",
    ),
    "sample": (
        "curate sample --root runs --stage quality",
        "curate sample --root runs --stage quality --score 0.15..0.25 -n 50",
        "curate sample --root runs --stage rules --reason list_page --language zh --seed 2",
        "curate sample --root runs --site example.org --out sample.html",
        "curate sample --root runs --score measures.words=..60 -n 1000 --out short.jsonl",
    ),
    "whatif": (
        "curate whatif quality.min_quality=0.3 --root runs",
        "curate whatif rules.en.max_digit_ratio=0.25 rules.zh.max_digit_ratio=0.3 --root runs",
        "curate whatif fuzzy_dedup.min_similarity=0.8 --root runs",
        "curate whatif balance.rates.sports_news=0.5 balance.max_copies=2 --root runs",
    ),
    "diff": (
        "curate diff local/2026-29 local/2026-30 --root runs",
        "curate diff local/default runs-of-trial/local/default --root runs",
    ),
    "report": ("curate report --root runs --out report.html",),
    "sites": ("curate sites --root runs --top 1000 --out sites.csv",),
    "balance": (
        "curate balance conf/local.toml --root runs --dry-run",
        "curate balance conf/local.toml --root runs --set stage.balance.zh_per_en=0.5",
        "curate balance mine.toml --root runs --batch 2026-30 --phase annealing",
    ),
    "pack": ("curate pack conf/local.toml --root runs --sequence-length 4096",),
    "push": ("curate push runs/local/default/08-export-1f0e2d3c4b5a my-name/my-corpus",),
    "verify": ("curate verify --root runs --deep", "curate verify copied-shards/"),
    "repair": ("curate repair conf/local.toml --root runs",),
    "history": ("curate history --root runs --port 18080",),
    "doctor": ("curate doctor conf/local.toml --root runs",),
    "confusion": ("curate confusion labelled.jsonl",),
    "sample-crawl": ("curate sample-crawl crawl/ --pages 5000",),
    "batches": ("curate batches --root runs",),
    "withdraw": ("curate withdraw 2026-05 --root runs",),
    "takedown": (
        "curate takedown list.txt --root runs --dry-run",
        "curate takedown list.txt --root runs",
    ),
    "compact": ("curate compact --root runs",),
    "lines": ("curate lines --root runs --top 100 --out lines.csv",),
    "label": (
        "curate label export quality --root runs -n 2000 --out quality.jsonl",
        "curate label page quality.jsonl --out quality.html",
        (
            "curate label ask quality.jsonl --endpoint http://localhost:8000/v1 --model NAME"
            " --out asked.jsonl"
        ),
        "curate label import quality.anna.jsonl asked.jsonl --root runs",
    ),
    "label export": (
        "curate label export page_type --root runs -n 2000 --out page_type.jsonl",
        "curate label export quality --root runs --batch 2026-30 -n 200 --out - | less",
    ),
    "label page": (
        "curate label page quality.jsonl --out quality.html",
        "curate label page clutter.jsonl",
    ),
    "label import": (
        "curate label import anna.jsonl wang.jsonl --root runs",
        "curate label import asked.jsonl --root runs --skip-refused",
    ),
    "label ask": (
        (
            "curate label ask quality.jsonl --endpoint http://localhost:8000/v1 --model NAME"
            " --out asked.jsonl"
        ),
        (
            "curate label ask quality.jsonl --endpoint https://api.example.com/v1 --model NAME"
            " --key-env API_KEY --prompt-price 0.15 --completion-price 0.6 --max-cost 5"
            " --out asked.jsonl"
        ),
    ),
    "train": ("curate train quality --labels quality.jsonl --root runs --base bge-m3 --out model",),
    "distil": ("curate distil quality --root runs --checkpoint large --out weights",),
}


def commands_below(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_below(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def show_examples(group: click.Group) -> None:
    """Add its examples to the help of every command that has some here."""
    for name, command in {**group.commands, **dict(commands_below(group))}.items():
        if shown := EXAMPLES.get(name):
            title = "Example:" if len(shown) == 1 else "Examples:"
            command.epilog = "\n".join(["\b", title, *(f"  {line}" for line in shown)])
