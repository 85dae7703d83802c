"""Train the main-content model on the tuned part of the pages and write its weights.

python benchmarks/train_extraction.py ../shared/data/extraction
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.extraction_pages import read_pages
from models.main_content import EMBEDDED
from models.main_content.training import make_example, save, train
from stages.extract.charset import decode
from stages.extract.html import parse
from stages.extract.page_title import find_title

CHINESE_IMPORTANCE = 3.0  # there are twenty English pages for each Chinese one


def main() -> None:
    folder = Path(sys.argv[1])
    examples = []
    for language, importance in (("zh", CHINESE_IMPORTANCE), ("en", 1.0)):
        for page in read_pages(folder, language):
            if page.held_out or not page.shippable:
                continue
            tree = parse(decode(page.body).text)
            example = make_example(tree, find_title(tree, page.url), page.truth, importance)
            if example is not None:
                examples.append(example)
    print(f"{len(examples)} pages", flush=True)
    save(*train(examples), EMBEDDED)
    print(f"{EMBEDDED}: {EMBEDDED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
