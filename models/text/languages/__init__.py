"""The languages that the project knows, a file each in ``conf/languages``.

Whatever asks what a language is asks ``KNOWN``: nothing else in models or stages names one.
"""

from __future__ import annotations

from conf import locate
from models.text.languages.language import Language, Sign
from models.text.languages.registry import COMMONEST, DATE, FOLDER, Languages, base_code

__all__ = ["COMMONEST", "CURATED", "DATE", "KNOWN", "Language", "Languages", "Sign", "base_code"]

CURATED = ("zh", "en")
"""What the dots.llm1 report curates: the languages of a pipeline that names none."""

KNOWN = Languages.read(locate(FOLDER))
