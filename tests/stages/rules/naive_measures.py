"""Words and phrases of a text counted with strings and dictionaries, as they first were."""

from collections import Counter

from models.text import languages
from models.text.shape import is_not_prose
from models.text.spaced_words import spaced_tokens
from models.text.words import is_word

LONG_WORD = 40


def ratio(part, whole):
    return part / whole if whole else 0.0


def word_measures(tokens, lexicon):
    """Those that are counted in the tokens alone."""
    folded = [token.lower() for token in tokens]
    words = {token: n for token, n in Counter(folded).items() if is_word(token)}
    total = sum(words.values())
    length = sum(len(word) * n for word, n in words.items())
    alphabetic = sum(n for word, n in words.items() if any(map(str.isalpha, word)))
    long = sum(len(word) * n for word, n in words.items() if len(word) > LONG_WORD)
    bound = [place for place, token in enumerate(folded) if token in lexicon.bound_words]
    step = -1 if lexicon.bound_words_follow else 1
    beside = [folded[place + step] for place in bound if 0 <= place + step < len(folded)]
    return {
        "tokens": float(len(tokens)),
        "words": float(total),
        "mean_word_length": ratio(length, total),
        "distinct_words_ratio": ratio(len(words), total),
        "long_words_ratio": ratio(long, length),
        "alphabetic_words_ratio": ratio(alphabetic, total),
        "alphabetic_per_token": ratio(alphabetic, len(tokens)),
        "stop_words": float(sum(word in words for word in lexicon.stop_words)),
        "bound_words": float(len(bound)),
        "misplaced_ratio": ratio(sum(token in lexicon.clash_words for token in beside), len(bound)),
    }


def binding_measures(text, tokens, lexicon):
    """Function words among the words that are no numbers, in the lines of prose."""
    total = functions = place = 0
    for token in tokens:
        place = text.index(token, place)
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        line = text[start : end if end >= 0 else len(text)]
        place += len(token)
        is_number = not any(map(str.isalpha, token)) or any(map(str.isdigit, token))
        if is_word(token) and not is_number and not is_not_prose(line):
            total += 1
            functions += token.lower() in lexicon.function_words
    return {"prose_words": float(total), "function_words_ratio": ratio(functions, total)}


def find_phrases(text, tokens, phrases):
    """The phrases that occur, with their counts: whole tokens, or, in Chinese, anywhere."""
    spaced = f" {' '.join(token.lower() for token in tokens)} "
    found = {}
    for phrase in phrases:
        if languages.KNOWN.is_unspaced(phrase):
            count = text.lower().count(phrase)
        else:
            count = spaced.count(f" {' '.join(map(str.lower, spaced_tokens(phrase)))} ")
        if count:
            found[phrase] = count
    return found
