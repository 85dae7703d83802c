"""The rules: each names its fault, its family, and the measure that it bounds from one side."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from stages.recall import Bound, Limit
from stages.rules.evidence import COUNTED, lower_limit, upper_limit
from stages.rules.measures import Measures


class Family(StrEnum):
    """The paper's kinds of rule (appendix C.2), in the order in which they decide."""

    EMPTY = "empty"
    META = "meta"
    DIFFS = "diffs"
    PROMPTS = "prompts"
    STRUCTURE = "structure"
    DUPLICATES = "duplicates"
    CONTENT = "content"


class RuleReason(StrEnum):
    """The faults for which a document leaves."""

    TEXT_TOO_SHORT = "text_too_short"
    LISTED_HOST = "listed_host"
    LISTED_URL = "listed_url"
    LISTED_TITLE = "listed_title"
    DIFF_ADDRESS = "diff_address"
    WIKI_DIFF = "wiki_diff"
    CODE_DIFF = "code_diff"
    ADVERTISEMENT = "advertisement"
    REGISTRATION_PROMPT = "registration_prompt"
    SPAM = "spam"
    NOTICE = "notice"
    POLICY_NOTICE = "policy_notice"
    UNDECODABLE = "undecodable"
    MOJIBAKE = "mojibake"
    WRONG_CHARSET = "wrong_charset"
    TEMPLATE_REMAINS = "template_remains"
    FILLER_TEXT = "filler_text"
    SCRIPT_REMAINS = "script_remains"
    TOO_MANY_BRACES = "too_many_braces"
    LINK_DUMP = "link_dump"
    NAVIGATION_DUMP = "navigation_dump"
    TEASER_LIST = "teaser_list"
    FIGURES_ONLY = "figures_only"
    LIST_PAGE = "list_page"
    NO_END_MARKS = "no_end_marks"
    TOO_FEW_SENTENCES = "too_few_sentences"
    TOO_MANY_SHORT_LINES = "too_many_short_lines"
    TOO_MANY_NEWLINES = "too_many_newlines"
    DUPLICATE_PARAGRAPHS = "duplicate_paragraphs"
    DUPLICATE_PARAGRAPH_CHARACTERS = "duplicate_paragraph_characters"
    DUPLICATE_LINES = "duplicate_lines"
    DUPLICATE_LINE_CHARACTERS = "duplicate_line_characters"
    FREQUENT_2_GRAM = "frequent_2_gram"
    FREQUENT_3_GRAM = "frequent_3_gram"
    FREQUENT_4_GRAM = "frequent_4_gram"
    DUPLICATE_5_GRAMS = "duplicate_5_grams"
    DUPLICATE_6_GRAMS = "duplicate_6_grams"
    DUPLICATE_7_GRAMS = "duplicate_7_grams"
    DUPLICATE_8_GRAMS = "duplicate_8_grams"
    DUPLICATE_9_GRAMS = "duplicate_9_grams"
    DUPLICATE_10_GRAMS = "duplicate_10_grams"
    TOO_FEW_WORDS = "too_few_words"
    TOO_MANY_WORDS = "too_many_words"
    WORDS_TOO_SHORT = "words_too_short"
    WORDS_TOO_LONG = "words_too_long"
    TOO_MANY_LONG_WORDS = "too_many_long_words"
    TOO_MANY_HASHES = "too_many_hashes"
    TOO_MANY_ELLIPSES = "too_many_ellipses"
    TOO_MANY_BULLETS = "too_many_bullets"
    TOO_MANY_CUT_LINES = "too_many_cut_lines"
    TOO_FEW_ALPHABETIC_WORDS = "too_few_alphabetic_words"
    TOO_MANY_MARKS = "too_many_marks"
    TOO_MANY_DIGITS = "too_many_digits"
    TOO_MANY_CAPITALS = "too_many_capitals"
    TOO_FEW_STOP_WORDS = "too_few_stop_words"
    TOO_FEW_FUNCTION_WORDS = "too_few_function_words"
    KEYWORD_HEAP = "keyword_heap"
    SHUFFLED_WORDS = "shuffled_words"
    TOO_FEW_DISTINCT_WORDS = "too_few_distinct_words"
    TOO_LITTLE_HAN = "too_little_han"


_BOUNDS = {"min": Bound.AT_LEAST, "max": Bound.AT_MOST}
_OUTSIDE: dict[str, Callable[[float, float], bool]] = {"min": operator.lt, "max": operator.gt}


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure must not lie below (``min``) or above (``max``) a threshold; equal is kept."""

    reason: RuleReason
    family: Family
    bound: str
    measure: str

    @property
    def key(self) -> str:
        """The name of the threshold in a rules file, as ``max_digit_ratio``."""
        return f"{self.bound}_{self.measure}"

    def fails(self, measures: Measures, threshold: float, confidence: float = 0.0) -> bool:
        """Whether a document with these measures has the fault, with that confidence."""
        value: float = getattr(measures, self.measure)
        is_outside = _OUTSIDE[self.bound]
        return is_outside(value, threshold) and (
            not confidence or is_outside(self.limit(measures, confidence), threshold)
        )

    def limit(self, measures: Measures, confidence: float) -> float:
        """The value that speaks for the document: of a rate its confidence limit, else itself.

        The rate of nothing may be any: its limit is 0 from below, 1 from above.
        """
        value: float = getattr(measures, self.measure)
        counted = COUNTED.get(self.measure)
        if counted is None:
            return value
        whole = counted.whole(value, getattr(measures, counted.unit))
        limit = lower_limit if self.bound == "max" else upper_limit
        return counted.per * limit(min(1.0, value / counted.per), whole, confidence)

    def in_force(self, language: str, threshold: float, confidence: float) -> Limit:
        """The rule with its threshold, as a step records it."""
        sure = confidence if self.measure in COUNTED else 0.0
        return Limit(
            self.key, f"measures.{self.measure}", _BOUNDS[self.bound], threshold, language, sure
        )

    def explain(self, measures: Measures, threshold: float, confidence: float = 0.0) -> str:
        """The measure against its threshold, as ``digit_ratio 0.41 > max_digit_ratio 0.3``.

        Of a rate it says on what it rests: ``at least 0.33 at 99%: words 98``.
        """
        sign, side = ("<", "most") if self.bound == "min" else (">", "least")
        value: float = getattr(measures, self.measure)
        compared = f"{self.measure} {value:.4g} {sign} {self.key} {threshold:g}"
        counted = COUNTED.get(self.measure)
        if counted is None or not confidence:
            return compared
        limit, count = self.limit(measures, confidence), getattr(measures, counted.unit)
        return f"{compared}, at {side} {limit:.4g} at {confidence:.0%}: {counted.unit} {count:g}"


def _rules(family: Family, *rows: tuple[RuleReason, str]) -> tuple[Rule, ...]:
    """Rules of one family from (reason, key of the threshold)."""
    return tuple(Rule(reason, family, key[:3], key[4:]) for reason, key in rows)


RULES: tuple[Rule, ...] = (
    *_rules(Family.EMPTY, (RuleReason.TEXT_TOO_SHORT, "min_characters")),
    *_rules(
        Family.META,
        (RuleReason.LISTED_HOST, "max_listed_host"),
        (RuleReason.LISTED_URL, "max_listed_url"),
        (RuleReason.LISTED_TITLE, "max_listed_title"),
    ),
    *_rules(
        Family.DIFFS,
        (RuleReason.DIFF_ADDRESS, "max_listed_diff_url"),
        (RuleReason.WIKI_DIFF, "max_wiki_diff_phrases"),
        (RuleReason.CODE_DIFF, "max_diff_lines_ratio"),
    ),
    *_rules(
        Family.PROMPTS,
        (RuleReason.SPAM, "max_spam_phrases"),
        (RuleReason.SPAM, "max_spam_phrases_ratio"),
        (RuleReason.ADVERTISEMENT, "max_advertisement_phrases_ratio"),
        (RuleReason.REGISTRATION_PROMPT, "max_registration_phrases_ratio"),
        (RuleReason.NOTICE, "max_notice_phrases_ratio"),
        (RuleReason.POLICY_NOTICE, "max_policy_phrases_ratio"),
    ),
    *_rules(
        Family.STRUCTURE,
        (RuleReason.UNDECODABLE, "max_garbled_words_ratio"),
        (RuleReason.UNDECODABLE, "max_garbled_ratio"),
        (RuleReason.MOJIBAKE, "max_mojibake_ratio"),
        (RuleReason.WRONG_CHARSET, "max_latin_1_ratio"),
        (RuleReason.WRONG_CHARSET, "max_rare_han_ratio"),
        (RuleReason.FILLER_TEXT, "max_filler_phrases"),
        (RuleReason.TEMPLATE_REMAINS, "max_template_ratio"),
        (RuleReason.SCRIPT_REMAINS, "max_code_line_characters_ratio"),
        (RuleReason.TOO_MANY_BRACES, "max_brace_ratio"),
        (RuleReason.LINK_DUMP, "max_address_characters_ratio"),
        (RuleReason.NAVIGATION_DUMP, "max_separated_lines_ratio"),
        (RuleReason.TEASER_LIST, "max_more_phrases_ratio"),
        (RuleReason.FIGURES_ONLY, "max_digit_lines_ratio"),
        (RuleReason.LIST_PAGE, "max_fragment_lines_ratio"),
        (RuleReason.LIST_PAGE, "max_fragment_line_characters_ratio"),
        (RuleReason.NO_END_MARKS, "min_end_mark_lines_ratio"),
        (RuleReason.NO_END_MARKS, "min_sentences_per_1000_characters"),
        (RuleReason.TOO_FEW_SENTENCES, "min_sentences"),
        (RuleReason.TOO_MANY_SHORT_LINES, "max_short_lines_ratio"),
        (RuleReason.TOO_MANY_NEWLINES, "max_newlines_per_token"),
    ),
    *_rules(
        Family.DUPLICATES,
        (RuleReason.DUPLICATE_PARAGRAPHS, "max_duplicate_paragraphs_ratio"),
        (RuleReason.DUPLICATE_PARAGRAPH_CHARACTERS, "max_duplicate_paragraph_characters_ratio"),
        (RuleReason.DUPLICATE_LINES, "max_duplicate_lines_ratio"),
        (RuleReason.DUPLICATE_LINE_CHARACTERS, "max_duplicate_line_characters_ratio"),
        (RuleReason.FREQUENT_2_GRAM, "max_top_2_gram_ratio"),
        (RuleReason.FREQUENT_3_GRAM, "max_top_3_gram_ratio"),
        (RuleReason.FREQUENT_4_GRAM, "max_top_4_gram_ratio"),
        (RuleReason.DUPLICATE_5_GRAMS, "max_duplicate_5_gram_ratio"),
        (RuleReason.DUPLICATE_6_GRAMS, "max_duplicate_6_gram_ratio"),
        (RuleReason.DUPLICATE_7_GRAMS, "max_duplicate_7_gram_ratio"),
        (RuleReason.DUPLICATE_8_GRAMS, "max_duplicate_8_gram_ratio"),
        (RuleReason.DUPLICATE_9_GRAMS, "max_duplicate_9_gram_ratio"),
        (RuleReason.DUPLICATE_10_GRAMS, "max_duplicate_10_gram_ratio"),
    ),
    *_rules(
        Family.CONTENT,
        (RuleReason.TOO_FEW_WORDS, "min_words"),
        (RuleReason.TOO_MANY_WORDS, "max_words"),
        (RuleReason.WORDS_TOO_SHORT, "min_mean_word_length"),
        (RuleReason.WORDS_TOO_LONG, "max_mean_word_length"),
        (RuleReason.TOO_MANY_HASHES, "max_hashes_per_token"),
        (RuleReason.TOO_MANY_ELLIPSES, "max_ellipses_per_token"),
        (RuleReason.TOO_MANY_BULLETS, "max_bullet_lines_ratio"),
        (RuleReason.TOO_MANY_CUT_LINES, "max_ellipsis_lines_ratio"),
        (RuleReason.TOO_FEW_ALPHABETIC_WORDS, "min_alphabetic_per_token"),
        (RuleReason.TOO_FEW_ALPHABETIC_WORDS, "min_alphabetic_words_ratio"),
        (RuleReason.TOO_FEW_STOP_WORDS, "min_stop_words"),
        (RuleReason.TOO_FEW_FUNCTION_WORDS, "min_function_words_ratio"),
        (RuleReason.KEYWORD_HEAP, "max_loose_words_ratio"),
        (RuleReason.KEYWORD_HEAP, "max_loose_line_words_ratio"),
        (RuleReason.SHUFFLED_WORDS, "max_misplaced_ratio"),
        (RuleReason.TOO_FEW_DISTINCT_WORDS, "min_distinct_words_ratio"),
        (RuleReason.TOO_MANY_LONG_WORDS, "max_long_words_ratio"),
        (RuleReason.TOO_MANY_MARKS, "max_mark_ratio"),
        (RuleReason.TOO_MANY_DIGITS, "max_digit_ratio"),
        (RuleReason.TOO_MANY_CAPITALS, "max_uppercase_ratio"),
        (RuleReason.TOO_LITTLE_HAN, "min_han_ratio"),
    ),
)
"""Every rule, in the order in which they decide; a rules file that gives no threshold for one
leaves it out. Within duplicates and content the order is Gopher's, as FineWeb's code has it."""

FAMILIES: tuple[str, ...] = tuple(map(str, Family))
