"""What semantic_dedup finds: rewrites, near copies, translations; and what it must not find.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks.semantic_quality DATA [PAGES ...]

DATA is the folder of test data, PAGES are JSON lines with ``text``: real pages of which few are
copies. Rewrites are made from every fourth page of 500 characters or more; the others are compared
with each other. "By the same name" are translations of one manual, page by page, against all other
pairs of its pages in two languages. Near copies are those with a Jaccard index of 5-shingles of 0.8
or more. Each form has the threshold that it has in the stage. None was chosen on the law texts, nor
on the even half of the rewrites (printed alone, as "held back") but that of ``embedded``, which
was chosen on all rewrites of pages that are not held back.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from models import embedding
from models.embedding import Vectors
from models.text import segmenter
from models.text.words import is_word

TRANSLATION = 0.8
FORMS = ("embedded", "use", "use-whole")
WORD = re.compile(r"\s+|[\u2e80-\uffff]|[^\s\u2e80-\uffff]+")
SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*\s*")
SYNONYMS = {
    "": "",
    "big": "large",
    "small": "little",
    "use": "employ",
    "make": "create",
    "get": "obtain",
    "show": "display",
    "help": "assist",
    "need": "require",
    "start": "begin",
    "also": "too",
    "many": "numerous",
    "good": "fine",
    "new": "recent",
    "best": "finest",
    "important": "vital",
    "find": "discover",
    "buy": "purchase",
    "work": "function",
    "way": "manner",
    "使用": "采用",
    "可以": "能够",
    "但是": "不过",
    "因为": "由于",
    "如果": "假如",
    "需要": "须要",
    "现在": "目前",
    "开始": "着手",
    "简单": "容易",
    "方法": "办法",
    "非常": "十分",
    "问题": "难题",
    "安装": "装上",
    "运行": "执行",
    "显示": "展示",
    "创建": "建立",
    "文件": "档案",
    "所有": "全部",
}
SYNONYM = re.compile("|".join(rf"\b{w}\b" if w.isascii() else w for w in SYNONYMS))


def delete(text: str, dice: random.Random) -> str:
    """The text without one word in ten; a Chinese word is one of the segmenter's."""
    kept, begin = [], 0
    for token in segmenter.cut(text):
        end = text.index(token, begin) + len(token)
        if not is_word(token) or dice.random() > 0.1:
            kept.append(text[begin:end])
        begin = end
    return "".join(kept) + text[begin:]


def thin_out(text: str, dice: random.Random) -> str:
    """The text without one word in ten, where every wide character is a word: no author does so."""
    return "".join(word for word in WORD.findall(text) if word.isspace() or dice.random() > 0.1)


def reorder(text: str, dice: random.Random) -> str:
    sentences = SENTENCE.findall(text)
    dice.shuffle(sentences)
    return "".join(sentences)


def replace(text: str, _: random.Random) -> str:
    return SYNONYM.sub(lambda found: SYNONYMS[found[0]], text)


def reframe(text: str, dice: random.Random) -> str:
    """The text with another header and footer: a tenth of its length, of invented words."""
    letters = "aeioubdfgklmnprst"
    words = ["".join(dice.choices(letters, k=6)) for _ in range(max(2, len(text) // 140))]
    return " ".join(words) + "\n" + text + "\n" + " ".join(words[::-1])


REWRITES: dict[str, Callable[[str, random.Random], str]] = {
    "a tenth of words deleted": delete,
    "a tenth of characters deleted": thin_out,
    "sentences reordered": reorder,
    "synonyms": replace,
    "other header and footer": reframe,
}


def lines(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in text.splitlines()]


def cosines(left: Vectors, right: Vectors) -> np.ndarray:
    return np.einsum("ij,ij->i", left.astype(float), right.astype(float))


def share(values: np.ndarray, threshold: float) -> str:
    return f"{np.mean(values >= threshold):7.1%} of {len(values):,}" if len(values) else "none"


def rewrites(model: embedding.Embedder, pages: Sequence[str]) -> Iterable[str]:
    chosen = [text for text in pages[::4] if len(text) >= 500]
    whole, copy = model.score(chosen), embedding.same_content(model.name)
    for name, rewrite in REWRITES.items():
        made = [rewrite(text, random.Random(number)) for number, text in enumerate(chosen)]
        changed = np.array([new != text for new, text in zip(made, chosen, strict=True)])
        found = cosines(whole, model.score(made))
        odd = np.arange(len(chosen)) % 2 == 1
        yield (
            f"{name}: {share(found[odd & changed], copy)}, "
            f"held back {share(found[~odd & changed], copy)}"
        )


def other_pages(model: embedding.Embedder, pages: Sequence[str]) -> str:
    """Pairs of unlike pages that would be called copies: equal texts are not counted."""
    texts = list(dict.fromkeys(pages))
    rows = model.score(texts)
    above = np.triu(rows @ rows.T, 1)
    pairs = len(texts) * (len(texts) - 1) // 2
    found = (above >= embedding.same_content(model.name)).sum()
    return f"pairs of different pages: {found} of {pairs:,} (greatest {above.max():.3f})"


def near_copies(model: embedding.Embedder, data: Path, name: str, pairs: str) -> str:
    documents = lines(data / f"dedup/{name}.jsonl.gz")
    place = {document["id"]: number for number, document in enumerate(documents)}
    rows = model.score([document["text"] for document in documents])
    listed = (data / f"dedup/{name}_{pairs}.pairs.tsv").read_text().splitlines()[1:]
    parts = [line.split("\t") for line in listed]
    found = cosines(rows[[place[p[0]] for p in parts]], rows[[place[p[1]] for p in parts]])
    jaccard = np.array([float(p[2]) for p in parts])
    family = np.array([document["family"] for document in documents])
    above, copy = np.triu(rows @ rows.T, 1), embedding.same_content(model.name)
    strange = (above >= copy) & (family[:, None] != family[None, :])
    return (
        f"{name}: J >= 0.8 {share(found[jaccard >= 0.8], copy)}; "
        f"0.6 to 0.8 {share(found[(jaccard >= 0.6) & (jaccard < 0.8)], copy)}; "
        f"below {share(found[jaccard < 0.6], copy)}; pairs of two families {strange.sum()}"
    )


def translations(model: embedding.Embedder, data: Path) -> str:
    sides = []
    for language in ("en", "zh_CN"):
        documents = lines(data / f"dedup/debian_installguide_{language}.jsonl.gz")
        named = {d["id"].replace(f"/{language}/", "/"): d["text"] for d in documents}
        sides.append({name: text for name, text in named.items() if name.startswith("amd64")})
    names = sorted(sides[0].keys() & sides[1].keys())
    left, right = (model.score([side[name] for name in names]) for side in sides)
    product = left @ right.T
    others = product[~np.eye(len(names), dtype=bool)]
    return (
        f"translations: {share(np.diag(product), TRANSLATION)}, other pairs of the manual "
        f"{(others >= TRANSLATION).sum()} of {len(others):,}"
    )


def main(data: Path, paths: Sequence[Path]) -> None:
    pages = {path.stem: [line["text"] for line in lines(path)] for path in paths}
    for form in FORMS:
        model = embedding.load(form)
        model.score(["warm"])
        print(f"\n{form}")
        for name, texts in pages.items():
            for line in rewrites(model, texts):
                print(f"  {name}, {line}")
            print(f"  {name}, {other_pages(model, texts)}")
            some = [text[:2000] for text in texts if len(text) >= 1000][:200]
            begin = time.process_time()
            model.score(some)
            each = (time.process_time() - begin) / max(len(some), 1) * 1e3
            print(f"  {name}, processor time for 1,000 to 2,000 characters: {each:.2f} ms")
        if len(pages) > 1:
            first, second = (model.score(texts) for texts in list(pages.values())[:2])
            across = first @ second.T
            print(f"  pairs in two languages: {(across >= TRANSLATION).sum()} of {across.size:,}")
        sets = ("en", "word5"), ("zh_CN", "char5")
        for language, pairs in sets:
            print(f"  {near_copies(model, data, f'debian_installguide_{language}', pairs)}")
        print(f"  {near_copies(model, data, 'g0v_law_zh_hant', 'char5')}")
        print(f"  {translations(model, data)}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
