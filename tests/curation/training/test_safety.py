from collections import Counter

import pytest

from curation.inspect.unsafe_sites import MIN_SCORE
from curation.training.safety import report_written
from curation.training.written_safety import written_texts
from models.safety import SUBJECTS, load_weights
from models.safety.fit import Example, fit
from tests.models.safety.test_safety import CASINO, TREATMENT


def test_each_half_of_the_written_texts_has_as_many_of_each_kind():
    texts = written_texts()
    groups = Counter((t.language, t.is_unsafe, t.subject, t.is_reported) for t in texts)
    assert len(groups) == 2 * 2 * len(SUBJECTS) * 2
    assert set(groups.values()) == {10}


def test_no_two_written_texts_share_a_sentence():
    sentences = Counter(
        sentence.strip()
        for text in written_texts()
        for sentence in text.text.replace("。", ".").replace("\n", ".").split(".")
        if len(sentence.strip()) > 12
    )
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_good_texts_about_the_subjects_stay(language):
    shares = report_written(load_weights())
    subjects = [f"{language} subject {subject}" for subject in SUBJECTS]
    found = [share for name in subjects for share in shares[name] if share.threshold == MIN_SCORE]
    assert [(share.above, share.texts) for share in found] == [(0, 10)] * 3


def test_what_is_fitted_to_examples_tells_them_apart(tmp_path):
    safe = dict.fromkeys(SUBJECTS, False)
    others = [Example(f"{TREATMENT} {number}", safe) for number in range(5)]
    unsafe = [Example(CASINO, {**safe, one: True}) for one in SUBJECTS]
    fit([*others, *unsafe], tmp_path / "safety.npz")
    [casino, treatment] = load_weights(tmp_path / "safety.npz").score([CASINO, TREATMENT])
    assert casino.worst > treatment.worst
