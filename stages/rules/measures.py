"""Everything that the rules know of a document, measured once, whatever the thresholds are."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pyarrow as pa

from models.text.languages import Language
from models.text.reading import read
from stages.rules.characters import character_measures
from stages.rules.lexicon import RuleLexicon
from stages.rules.lines import line_measures, repeated_line_measures
from stages.rules.looseness import looseness_measures
from stages.rules.phrases import page_measures, phrase_measures
from stages.rules.repetition import repetition_measures
from stages.rules.wording import word_measures


@dataclass(frozen=True, slots=True)
class Measures:
    """The named measures of a document: counts, means, and ratios in [0, 1]; 0 for empty text.

    The modules that compute them say what each means. The order is that of the stored struct.
    """

    characters: float
    letter_ratio: float
    han_ratio: float
    rare_han_ratio: float
    uppercase_ratio: float
    digit_ratio: float
    mark_ratio: float
    brace_ratio: float
    garbled_ratio: float
    garbled_words_ratio: float
    latin_1_ratio: float
    tokens: float
    words: float
    mean_word_length: float
    distinct_words_ratio: float
    long_words_ratio: float
    alphabetic_words_ratio: float
    alphabetic_per_token: float
    hashes_per_token: float
    ellipses_per_token: float
    stop_words: float
    prose_words: float
    function_words_ratio: float
    bound_words: float
    misplaced_ratio: float
    loose_words_ratio: float
    loose_line_words_ratio: float
    lines: float
    paragraphs: float
    mean_line_length: float
    newlines_per_token: float
    sentences: float
    sentences_per_1000_characters: float
    short_lines_ratio: float
    fragment_lines_ratio: float
    fragment_line_characters_ratio: float
    end_mark_lines_ratio: float
    end_mark_line_characters_ratio: float
    ellipsis_lines_ratio: float
    bullet_lines_ratio: float
    digit_lines_ratio: float
    separated_lines_ratio: float
    duplicate_lines_ratio: float
    duplicate_line_characters_ratio: float
    duplicate_paragraphs_ratio: float
    duplicate_paragraph_characters_ratio: float
    top_2_gram_ratio: float
    top_3_gram_ratio: float
    top_4_gram_ratio: float
    duplicate_5_gram_ratio: float
    duplicate_6_gram_ratio: float
    duplicate_7_gram_ratio: float
    duplicate_8_gram_ratio: float
    duplicate_9_gram_ratio: float
    duplicate_10_gram_ratio: float
    address_characters_ratio: float
    code_line_characters_ratio: float
    diff_lines_ratio: float
    advertisement_phrases_ratio: float
    registration_phrases_ratio: float
    spam_phrases_ratio: float
    notice_phrases_ratio: float
    policy_phrases_ratio: float
    more_phrases_ratio: float
    advertisement_phrases: float
    registration_phrases: float
    spam_phrases: float
    notice_phrases: float
    policy_phrases: float
    more_lines: float
    filler_phrases: float
    wiki_diff_phrases: float
    template_ratio: float
    mojibake_ratio: float
    listed_host: float
    listed_url: float
    listed_title: float
    listed_diff_url: float

    def row(self) -> dict[str, float]:
        """The measures as a value of the stored struct."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(field.name for field in fields(Measures))
STRUCT = pa.struct([pa.field(name, pa.float64()) for name in NAMES])


def measure(
    text: str, language: Language, lexicon: RuleLexicon, *, url: str, title: str
) -> Measures:
    """All measures of one document. Pure; time grows linearly with the text."""
    reading = read(text)
    tokens = reading.tokens(language)
    characters = character_measures(reading)
    hurt = characters.pop("garbled_words")
    words = word_measures(text, tokens, lexicon)
    return Measures(
        **characters,
        garbled_words_ratio=min(1.0, hurt / words["words"]) if words["words"] else 0.0,
        **words,
        **looseness_measures(reading, tokens, lexicon, has_blanks=language.has_blanks),
        **line_measures(reading, lexicon),
        **repeated_line_measures(text),
        # Where jieba finds the words, n-grams are of these alone: it cuts each mark of a run.
        **repetition_measures(tokens, len(text), with_marks=language.has_blanks),
        newlines_per_token=text.count("\n") / count if (count := len(tokens.folds)) else 0.0,
        **phrase_measures(reading, tokens, lexicon),
        **page_measures(url, title, lexicon),
    )
