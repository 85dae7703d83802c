from schemas.verdict import Decision
from stages.max_length import MaxLength


def verdicts(*texts):
    return [v.decision for v in MaxLength(max_chars=3).open()([{"text": t} for t in texts])]


def test_a_text_at_the_limit_stays_and_a_longer_one_goes():
    assert verdicts("abc", "abcd", "") == [Decision.KEEP, Decision.REMOVE, Decision.KEEP]
