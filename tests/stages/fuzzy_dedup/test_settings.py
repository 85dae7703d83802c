import pickle

import pytest

from stages.fuzzy_dedup import FuzzyDedup, Priority, collision_probability

SMALL = {"num_permutations": 64, "bands": 16, "rows": 4}


def test_words_of_a_user_dictionary_make_other_shingles_and_another_fingerprint(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("创新办 3 i\n", "utf-8")
    plain, taught = FuzzyDedup(**SMALL), FuzzyDedup(**SMALL, user_dictionary=str(words))
    row = {"doc_id": "a", "text": "李小福是创新办主任也是云计算方面的专家"}
    assert plain.open_keys()([row])[0]["bands"] != taught.open_keys()([row])[0]["bands"]
    before = taught.resources()
    words.write_text("创新办 4 i\n", "utf-8")
    assert plain.resources() == {} != before != taught.resources()


def test_a_user_dictionary_that_is_not_there_is_refused_before_the_run(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.txt"):
        FuzzyDedup(user_dictionary=str(tmp_path / "none.txt")).resources()


def test_the_papers_parameters_find_a_pair_of_eight_tenths_with_its_probability():
    # The report says 97.42%; the formula with its parameters gives 97.413%.
    assert collision_probability(0.8, 128, 16) == pytest.approx(0.9742, abs=1e-4)


def test_bands_that_do_not_use_up_the_signature_are_refused():
    with pytest.raises(ValueError, match="20 bands of 100 rows need num_permutations = 2000"):
        FuzzyDedup(bands=20, rows=100)


@pytest.mark.parametrize(
    "settings", [{"priority": Priority.BEST_SCORE}, {"score": "quality"}], ids=str
)
def test_a_score_goes_with_the_priority_best_score_and_with_no_other(settings):
    with pytest.raises(ValueError, match="a score is named for the priority best_score"):
        FuzzyDedup(**settings)


def test_the_column_of_the_score_is_read_and_travels_with_the_stage():
    stage = FuzzyDedup(priority=Priority.BEST_SCORE, score="measures.words")
    assert stage.reads == ("doc_id", "text", "measures")
    assert pickle.loads(pickle.dumps(stage)).reads == stage.reads
    assert FuzzyDedup().reads == ("doc_id", "text")


def test_a_similarity_of_nought_is_no_limit_that_a_report_draws():
    assert FuzzyDedup().limits_in_force() == ()
    [limit] = FuzzyDedup(min_similarity=0.8).limits_in_force()
    assert (limit.measure, limit.value) == ("similarity", 0.8)
