import pickle

import pytest

from schemas.verdict import Decision
from stages.decontaminate import Decontaminate
from stages.decontaminate.benchmark_files import BenchmarkError
from tests.stages.decontaminate.items import write_benchmark

QUESTION = (
    "A farmer has forty sheep and sells nine of them in spring, then buys six more in autumn. "
    "How many sheep graze on his wide meadow in winter?"
)
SHORT = "Why do rivers bend more in flat land?"
CHINESE = "某农夫春天卖掉了九只绵羊，秋天又从邻居那里买进六只，请问冬天草地上一共还剩下多少只绵羊？"
ANSWER = (
    "He sells nine of forty, which leaves thirty-one, and buys six more, so that thirty-seven "
    "sheep graze there."
)
BEFORE = "The village fair was held on Sunday and everybody came, even the miller."
BEHIND = "Afterwards there was music, and the children ran home before it rained."


@pytest.fixture
def exam(tmp_path):
    return write_benchmark(tmp_path, [QUESTION, SHORT, CHINESE], [ANSWER, "because"])


def judge(text, *benchmarks, **settings):
    (verdict,) = Decontaminate(benchmarks=benchmarks, **settings).open()([{"text": text}])
    return verdict


def items_of(verdict):
    return [(one["item"], one["part"]) for one in verdict.columns["contamination"] or ()]


def page_with(text):
    return f"{BEFORE}\n{text}\n{BEHIND}"


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        QUESTION.upper().replace(" ", "\n\n"),
        QUESTION.replace(",", "").replace(".", " –"),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in QUESTION),
        QUESTION.replace("graze", "eat"),
        QUESTION.replace("autumn", "October"),
        QUESTION.replace("and sells nine of them in spring, ", "and, as told, sells 9 in spring, "),
    ],
)
def test_a_question_is_found_however_it_is_written(exam, text):
    verdict = judge(page_with(text), exam)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, "benchmark_question")
    assert items_of(verdict) == [("q0", "question")]


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        " ".join(CHINESE),
        CHINESE.replace("，", "").replace("？", "?"),
        CHINESE.replace("绵羊", "山羊", 1),
        "某農夫春天賣掉了九隻綿羊，秋天又從鄰居那裡買進六隻，請問冬天草地上一共還剩下多少隻綿羊？",
    ],
)
def test_a_chinese_question_is_found_however_it_is_written(exam, text):
    assert items_of(judge(f"集市在星期天举行。{text}后来下雨了。", exam)) == [("q2", "question")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        page_with("A farmer has forty sheep."),
        page_with("How many sheep graze on his wide meadow in winter?"),
        # Thirteen words in a row, of a question of 31.
        page_with("A farmer has forty sheep and sells nine of them in spring, then rests."),
        "某农夫春天卖掉了九只绵羊，后来下雨了。",
    ],
)
def test_a_text_that_shares_a_part_of_a_question_stays(exam, text):
    verdict = judge(text, exam)
    assert verdict.decision is Decision.KEEP
    assert verdict.columns == {"benchmarks": None, "contamination": None}


def test_any_ngram_counts_if_no_share_is_asked_for(exam):
    text = page_with("A farmer has forty sheep and sells nine of them in spring, then rests.")
    assert judge(text, exam, min_ngram_ratio=0.0).reason == "benchmark_question"
    assert judge(text, exam, min_ngram_ratio=0.0, ngram_tokens=15).decision is Decision.KEEP


def test_a_short_question_counts_when_it_stands_there_whole(exam):
    verdict = judge(
        page_with("Why do RIVERS bend—more in flat land? They do, because of it."), exam
    )
    assert items_of(verdict) == [("q1", "question")]
    assert verdict.columns["contamination"][0]["has_answer"] is True
    assert items_of(judge(page_with("Why do rivers bend less in flat land?"), exam)) == []
    assert items_of(judge(page_with(SHORT), exam, min_tokens=9)) == []


def test_an_answer_counts_apart(exam):
    both, answer = judge(page_with(f"{QUESTION} {ANSWER}"), exam), judge(page_with(ANSWER), exam)
    assert items_of(both) == [("q0", "question"), ("q0", "answer")]
    assert both.detail.endswith(", and 1 more")
    assert (answer.reason, items_of(answer)) == ("benchmark_answer", [("q0", "answer")])
    marked = judge(page_with(ANSWER), exam, removes=("question",))
    assert (marked.decision, items_of(marked)) == (Decision.KEEP, [("q0", "answer")])


def test_a_document_may_only_be_marked(exam):
    verdict = judge(page_with(QUESTION), exam, removes=())
    assert verdict.decision is Decision.KEEP
    assert verdict.columns["benchmarks"] == ["exam"]


def test_a_verdict_says_which_item_of_which_benchmark_and_shows_the_overlap(exam, tmp_path):
    other = write_benchmark(tmp_path, [f"{QUESTION} Explain."], name="other")
    text = page_with(QUESTION.replace("graze", "eat"))
    verdict = judge(text, exam, other)
    assert verdict.columns["benchmarks"] == ["exam", "other"]
    first, second = verdict.columns["contamination"]
    assert (first["benchmark"], first["item"], second["benchmark"]) == ("exam", "q0", "other")
    assert (first["tokens_found"], first["tokens_in_a_row"], first["tokens"]) == (27, 21, 28)
    assert text[first["start"] :].startswith(first["overlap"])
    assert first["overlap"] == QUESTION.replace("graze", "eat").removesuffix("?")
    assert verdict.detail.startswith(
        "question of exam q0: 27 of 28 tokens, 21 in a row: 'A farmer has forty sheep and sells"
    )
    assert verdict.detail.endswith(f"at character {len(BEFORE) + 1}, and 1 more")


def test_of_items_made_of_each_other_the_one_that_fits_best_is_told(tmp_path):
    variant = QUESTION.replace("forty", "eighty").replace("six", "two")
    exam = write_benchmark(tmp_path, [QUESTION, variant])
    assert items_of(judge(page_with(QUESTION), exam)) == [("q0", "question")]
    assert items_of(judge(page_with(variant), exam)) == [("q1", "question")]
    both = judge(page_with(f"{QUESTION}\n{BEFORE}\n{variant}"), exam)
    assert items_of(both) == [("q0", "question"), ("q1", "question")]


def test_files_are_known_by_their_content_and_short_questions_are_counted(tmp_path):
    exam = write_benchmark(tmp_path, [QUESTION, "Why?", ""])
    stage = Decontaminate(benchmarks=(exam,))
    before = stage.resources()
    assert list(before) == ["benchmark exam (3 items, 2 too short) exam.jsonl"]
    assert judge(page_with(CHINESE), exam).decision is Decision.KEEP
    write_benchmark(tmp_path, [CHINESE, "Why?", ""])
    assert stage.resources().keys() == before.keys()
    assert stage.resources() != before
    assert judge(page_with(CHINESE), exam).decision is Decision.REMOVE


def test_a_benchmark_of_which_nothing_can_be_looked_for_is_refused(tmp_path):
    exam = write_benchmark(tmp_path, ["Why?", "How so?"])
    with pytest.raises(BenchmarkError, match="all 2 questions are shorter than min_tokens = 8"):
        Decontaminate(benchmarks=(exam,)).resources()


def test_two_benchmarks_of_one_name_are_refused(exam):
    with pytest.raises(ValueError, match="two are called 'exam'"):
        Decontaminate(benchmarks=(exam, exam))


def test_the_stage_pickles_with_its_benchmarks(exam):
    stage = Decontaminate(benchmarks=(exam,), removes=("answer",))
    assert pickle.loads(pickle.dumps(stage)) == stage


def test_a_configuration_names_benchmarks_in_tables(exam, tmp_path):
    from conf.records import ConfigError
    from curation.config import load_config

    path = tmp_path / "exam.toml"
    head = 'name = "x"\n[[step]]\nname = "a"\nstages = ["decontaminate"]\n'
    table = "[[stage.decontaminate.benchmarks]]\n"
    columns = 'answer = ["answer"]\nid = "id"\n'
    path.write_text(f'{head}{table}name = "exam"\nfiles = ["{exam.files[0]}"]\n{columns}')
    assert load_config(path).stage["decontaminate"] == Decontaminate(benchmarks=(exam,))
    for wrong, told in (
        ('name = "x"', "files"),
        ('name = ""\nfiles = ["a"]', "name"),
        ('name = "x"\nfiles = ["a"]\nanswers = ["b"]', "answers"),
    ):
        path.write_text(f"{head}{table}{wrong}\n")
        with pytest.raises(ConfigError, match=rf"stage.decontaminate.benchmarks.0.{told} = "):
            load_config(path)
