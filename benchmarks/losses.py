"""What the document stages of a pipeline take from good text, by language, source and kind.

    python -m benchmarks.losses [DATA] [--held-out] [--until STAGE] [--show N] [--written FOLDER]
        [--as-collected]

Good text is the article pages of ``DATA/extraction`` whose main text is known, as captured, and the
texts that ship in ``curation/training/written/kinds``, as a source of texts gives them. By default
it is what thresholds may be set on: pages of sites that are not held out, and texts with an odd
number; ``--held-out`` takes the others, with the blogs. A page that was judged by reading
(``curation/training/labels``) is left out if it is no article or poor: collections have error
pages and made-up spam among theirs; ``--as-collected`` counts them all. All document stages judge
in order in this process. Corpus stages (copies, balance) are left out: what they take is no loss of
good text.

Printed: a table of what entered and what was lost to which stage and reason; the lines that
``clutter`` cut from what was kept, with those among them that are main text; and with ``--show``
the first losses, each with the detail of its verdict.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.stage_costs import document_chain
from curation.config import PipelineConfig, load_config
from curation.parts.reader import batched, crawled
from curation.training.document_labels import read_document_labels
from curation.training.documents import text_alone
from curation.training.examples import Known
from curation.training.labelled_pages import LabelledPage, read_pages
from curation.training.line_labels import label_lines
from curation.training.written_texts import KINDS, read_folder
from schemas.page import Page
from schemas.verdict import Decision
from stages.chain import Document, Link, run_chain

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDERS = {"en": ("en",), "zh": ("zh", "zh_blogs")}
BLOGS = "zh_blogs"
ARTICLE = ("article", "")
"""The types of page that count: few Chinese pages have one, and those without are articles."""

POOR = "poor"
"""What a reader calls a page that ought not to come through."""


@dataclass(frozen=True, slots=True)
class GoodText:
    """A page or text that ought to come through; ``truth`` is its main text."""

    page: Page
    source: str
    kind: str
    truth: str


@dataclass(slots=True)
class Account:
    """What became of the good texts of one source and kind."""

    entered: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    lines_cut: int = 0
    main_lines_cut: int = 0
    details: list[str] = field(default_factory=list)

    def add(self, text: GoodText, document: Document) -> None:
        """Count one document at the end of its way."""
        self.entered += 1
        if document.decision is not Decision.KEEP:
            self.lost[f"{document.stage}/{document.reason}"] += 1
            self.details.append(
                f"{text.page.doc_id}: {document.stage}/{document.reason}: {document.detail}"
            )
            return
        cut = [edit["text"] for edit in document.edits if edit["stage"] == "clutter"]
        labels = label_lines(cut, text.truth, text.page.title) if cut else ()
        self.lines_cut += len(cut)
        self.main_lines_cut += sum(label is True for label in labels)

    def merge(self, other: Account) -> None:
        """Add what another counted."""
        self.entered += other.entered
        self.lost += other.lost
        self.lines_cut += other.lines_cut
        self.main_lines_cut += other.main_lines_cut


def good_texts(
    data: Path,
    language: str,
    *,
    is_held_out: bool,
    written: Path = KINDS,
    is_as_collected: bool = False,
) -> Iterator[GoodText]:
    """The articles of labelled pages, then the written texts."""
    types = {} if is_as_collected else read_document_labels("page_type", language)
    qualities = {} if is_as_collected else read_document_labels("quality", language)

    def is_good(page: LabelledPage) -> bool:
        page_type = types.get(page.id, page.page_type)
        return page_type in ARTICLE and qualities.get(page.id) != POOR

    for folder in FOLDERS[language]:
        if not (data / "extraction" / folder).is_dir():
            continue
        for labelled in read_pages(data / "extraction", folder):
            is_unseen = labelled.is_held_out or folder == BLOGS
            if labelled.truth and is_good(labelled) and is_unseen is is_held_out:
                source = folder if folder == BLOGS else labelled.collection
                yield GoodText(labelled.page, source, "article", labelled.truth)
    yield from written_texts(written / language, language, is_held_out=is_held_out)


def written_texts(folder: Path, language: str, *, is_held_out: bool) -> list[GoodText]:
    """The texts of a folder that may be learnt from, or those that are there to report on."""
    found = []
    for one in read_folder(folder):
        if one.is_for_tuning is not is_held_out:
            page = text_alone(one.text, one.id, Known("written", language, one.id)).page
            found.append(GoodText(replace(page, title=one.title), "written", one.kind, one.text))
    return found


def account_for(
    texts: Iterable[GoodText], chain: Sequence[Link], config: PipelineConfig
) -> dict[tuple[str, str], Account]:
    """Run the chain over good texts: what became of them by source and kind."""
    accounts: dict[tuple[str, str], Account] = {}
    waiting: list[GoodText] = []

    def enter() -> Iterator[Document]:
        for text in texts:
            waiting.append(text)
            yield crawled(text.page, 0, "", config.source)

    for documents in batched(enter()):
        run_chain(chain, documents)
        for text, document in zip(waiting, documents, strict=True):
            accounts.setdefault((text.source, text.kind), Account()).add(text, document)
        waiting.clear()
    return accounts


def print_accounts(language: str, accounts: dict[tuple[str, str], Account], shown: int) -> None:
    total = Account()
    for account in accounts.values():
        total.merge(account)
    print(f"\n{language}\n")
    print("| source | kind | texts | lost | share | to | lines cut by clutter | of main text |")
    print("|---|---|---|---|---|---|---|---|")
    for (source, kind), one in [*accounts.items(), (("all", ""), total)]:
        lost = one.lost.total()
        reasons = ", ".join(f"{reason} {count}" for reason, count in one.lost.most_common())
        print(
            f"| {source} | {kind} | {one.entered} | {lost} | {lost / max(1, one.entered):.1%} "
            f"| {reasons} | {one.lines_cut} | {one.main_lines_cut} |"
        )
    for (source, kind), one in accounts.items():
        for detail in one.details[:shown]:
            print(f"--- {source} {kind} {detail}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--conf", default="conf/local.toml")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--as-collected", action="store_true")
    parser.add_argument("--written", type=Path, default=KINDS)
    parser.add_argument("--until", default="", help="the last stage that judges")
    parser.add_argument("--languages", nargs="*", default=list(FOLDERS))
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    config = load_config(options.conf)
    chain = document_chain(config)
    names = [link.stage.name for link in chain]
    if options.until:
        chain = chain[: names.index(options.until) + 1]
    for language in options.languages:
        texts = good_texts(
            options.data,
            language,
            is_held_out=options.held_out,
            written=options.written,
            is_as_collected=options.as_collected,
        )
        print_accounts(language, account_for(texts, chain, config), options.show)


if __name__ == "__main__":
    main()
