"""Rules of a mix, and batches to mix, in few words."""

from fractions import Fraction

from conf import locate
from models.taxonomy import read_taxonomy
from stages.balance.cells import Cell, Content, QualityRule
from stages.balance.mix import MixRules, solve
from stages.balance.targets import read_targets

TAXONOMY = read_taxonomy(locate("taxonomy.toml"))
RATES = {
    "physics": Fraction(3, 2),
    "mathematics": Fraction(3, 2),
    "film": Fraction(1),
    "science_fiction": Fraction(2, 5),
    "adult_sensitive": Fraction(0),
}
PLAIN = QualityRule()


def rules(
    *,
    targets=None,
    sets=None,
    quality=PLAIN,
    zh_per_en=1,
    max_raise=2,
    max_copies=4,
    max_tokens=0,
    shortfall="fill",
):
    return MixRules(
        RATES,
        read_targets(TAXONOMY, targets or {}, sets or {}),
        quality,
        Fraction(zh_per_en),
        Fraction(max_raise),
        max_copies,
        max_tokens,
        shortfall,
    )


def cells(offered):
    """Tokens by language and class, and by band where there is a third."""
    return {
        Cell(Content(language, category), *band): tokens
        for (language, category, *band), tokens in offered.items()
    }


def mix(offered, delivered=None, **changes):
    written = {Content(*content): tokens for content, tokens in (delivered or {}).items()}
    return solve(cells(offered), written, rules(**changes))


def corpus(offered, delivered=None, **changes):
    """The tokens of the whole corpus by language and class, as they come out of the mix."""
    found = mix(offered, delivered, **changes)
    out = {key: Fraction(tokens) for key, tokens in (delivered or {}).items()}
    for cell, tokens in cells(offered).items():
        key = (cell.content.language, cell.content.category)
        out[key] = out.get(key, 0) + tokens * found.copies[cell]
    return out
