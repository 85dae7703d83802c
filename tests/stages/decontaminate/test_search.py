import random
import re
from collections import defaultdict

import numpy as np
import pytest

from models.text import segmenter
from models.text.traditional import simplify
from stages.decontaminate.canonical import canonical
from stages.decontaminate.evidence import Limits, find_hits
from stages.decontaminate.index import make_index
from stages.decontaminate.search import ask_filter, find_runs
from stages.decontaminate.seeds import MAX_SHARERS, MIN_RUN_BYTES, MIN_RUN_TOKENS
from tests.stages.decontaminate.items import write_benchmark

WORD = 4
"""Letters of each made-up word: so that bytes and words tell the same."""


def made_up_words(pick, count):
    return ["".join(pick.choices("abcdefgh", k=WORD)) for _ in range(count)]


def longest_runs(page, item):
    """All stretches of an item in a page that cannot be made longer, by comparing every pair."""
    found = set()
    for at in range(len(page)):
        for first in range(len(item)):
            if at and first and page[at - 1] == item[first - 1]:
                continue
            size = 0
            while (
                at + size < len(page)
                and first + size < len(item)
                and page[at + size] == item[first + size]
            ):
                size += 1
            is_run = size >= MIN_RUN_TOKENS and size * WORD >= MIN_RUN_BYTES
            if is_run or size == len(item):
                found.add((at, first, size))
    return found


def test_every_run_of_every_item_is_found_and_nothing_else(tmp_path):
    pick = random.Random(5)
    words = made_up_words(pick, 60)
    items = [pick.choices(words, k=pick.randrange(8, 40)) for _ in range(60)]
    index = make_index([write_benchmark(tmp_path, [" ".join(item) for item in items])], 13, 8)
    runs = 0
    for _ in range(40):
        page = pick.choices(words, k=30)
        for item in pick.sample(items, 3):
            first = pick.randrange(len(item))
            page += item[first : first + pick.randrange(1, 30)] + pick.choices(words, k=3)
        for number, item in enumerate(items):
            # Of an item shorter than an n-gram the whole alone is asked for.
            expected = {
                run for run in longest_runs(page, item) if len(item) >= 13 or run[2] == len(item)
            }
            found = {
                (run.start // WORD, run.first_token, run.tokens)
                for run in find_runs(canonical([" ".join(page)]), index)
                if run.text == 2 * number and (len(item) >= 13 or run.tokens == len(item))
            }
            assert found == expected, (page, item)
            runs += len(expected)
    assert runs > 40


def test_a_page_that_shares_thirteen_tokens_as_jieba_cuts_both_is_found(tmp_path, real_texts):
    """Brute force over sets of n-grams, on real pages: sentences of some are items for all."""
    sentences = [
        sentence
        for text in real_texts
        for sentence in re.split(r"(?<=[.!?。！？])", text)[3:30:3]
        if len(sentence) < 1000
    ]
    index = make_index([write_benchmark(tmp_path, sentences)], 13, 8)
    of_items = [ngrams(sentence) for sentence in sentences]
    shared = 0
    for text in real_texts:
        of_page = ngrams(text)
        expected = {f"q{n}" for n, of_item in enumerate(of_items) if of_item & of_page}
        runs = find_runs(canonical([text]), index)
        found = {f"q{run.text // 2}" for run in runs if run.tokens >= 13}
        assert expected <= found
        shared += len(expected)
    assert shared > 100


def ngrams(text):
    """Runs of 13 tokens that are words, in simplified characters and lower case."""
    tokens = [token.lower() for token in segmenter.cut(simplify(text)) if token.isalnum()]
    return {tuple(tokens[at : at + 13]) for at in range(len(tokens) - 12)}


def test_of_a_text_that_stands_there_too_little_no_run_is_told(tmp_path):
    pick = random.Random(6)
    words = made_up_words(pick, 40)
    items = [pick.choices(words, k=pick.randrange(13, 30)) for _ in range(50)]
    index = make_index([write_benchmark(tmp_path, [" ".join(item) for item in items])], 13, 8)
    told = left_out = 0
    for _ in range(30):
        page = pick.choices(words, k=20)
        for item in pick.sample(items, 6):
            first = pick.randrange(len(item))
            page += item[first : first + pick.randrange(5, 20)]
        form = canonical([" ".join(page)])
        of_text = defaultdict(list)
        for run in find_runs(form, index):
            of_text[run.text].append(run)
        expected = [
            run
            for text, runs in of_text.items()
            if max(run.tokens for run in runs) >= 13
            or sum(run.tokens for run in runs) >= 0.75 * len(items[text // 2])
            for run in runs
        ]
        assert find_runs(form, index, min_in_a_row=13, min_ratio=0.75) == expected
        told += len(expected)
        left_out += sum(map(len, of_text.values())) - len(expected)
    assert told > 30
    assert left_out > 30


@pytest.mark.parametrize("page", ["{}", "well, {}", "{}, well", "so {} or {}"])
def test_a_question_of_fewer_letters_than_a_run_is_found_where_it_stands_whole(tmp_path, page):
    question = "is it so or is it no go"
    other = "whether that was so nobody at all can say today"
    index = make_index([write_benchmark(tmp_path, [question, other])], 13, 8)
    runs = find_runs(canonical([page.format(question, question)]), index)
    assert [(run.text, run.tokens) for run in runs] == [(0, 8)] * page.count("{}")


def test_few_words_that_begin_no_seed_pass_the_filter_and_all_that_do(tmp_path):
    pick = random.Random(7)
    items = [" ".join(made_up_words(pick, 20)) for _ in range(2000)]
    index = make_index([write_benchmark(tmp_path, items)], 13, 8)
    other = canonical([" ".join(made_up_words(pick, 20_000))])
    passing, _ = ask_filter(other.data, other.starts, index.seeds.filter)
    assert len(passing) < 0.03 * 20_000
    own = canonical(items)
    passing, _ = ask_filter(own.data, own.starts, index.seeds.filter)
    # In the index an empty answer stands behind each question, with an end of its own.
    seeds = [int(entry & 0xFFFFFFFF) for entry in index.seeds.entries]
    before = np.searchsorted(index.texts.ends, seeds)
    assert set(np.array(seeds) - before // 2) <= set(passing.tolist())


def test_words_are_not_found_inside_longer_ones(tmp_path):
    question = "art is long and life is short said the old man to his son one day"
    index = make_index([write_benchmark(tmp_path, [question])], 13, 8)
    (run,) = find_runs(canonical([f"p{question}s"]), index)
    assert run.tokens == 14  # neither "art" nor "day"


def test_instructions_that_many_items_share_betray_none(tmp_path):
    instruction = (
        "Read the passage below with care and then choose the one answer that fits it best."
    )
    pick = random.Random(1)
    words = made_up_words(pick, 500)
    items = [f"{instruction} {' '.join(pick.choices(words, k=12))}" for _ in range(MAX_SHARERS + 1)]
    limits = Limits(13, min_ngram_ratio=0.0, min_rewritten_ratio=0.75)
    many = make_index([write_benchmark(tmp_path, items, name="many")], 13, 8)
    few = make_index([write_benchmark(tmp_path, items[1:], name="few")], 13, 8)
    page = canonical([f"Task 1. {instruction} Good luck!"])
    assert find_hits(page, many, limits) == []
    assert len(find_hits(page, few, limits)) == MAX_SHARERS
    assert [hit.item for hit in find_hits(canonical([items[7]]), many, limits)] == ["q7"]


def test_a_page_of_more_finds_than_there_is_room_for_loses_none(tmp_path):
    question = "Which of the seven rivers of the plain carries most water in the month of May?"
    index = make_index([write_benchmark(tmp_path, [question])], 13, 8)
    runs = find_runs(canonical([f"{question} " * 2000]), index)
    assert len(runs) == 2000
