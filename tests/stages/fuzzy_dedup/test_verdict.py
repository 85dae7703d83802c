from schemas.verdict import Decision
from stages.fuzzy_dedup import FuzzyDedup, FuzzyDedupReason


def judge(flagged: dict | None):
    return FuzzyDedup().open()([{"doc_id": "a", "text": "t", "flag": flagged}])[0]


def test_an_unflagged_document_is_kept():
    assert judge(None).decision is Decision.KEEP


def test_a_flagged_document_is_removed_with_its_twin_and_similarity_in_the_detail():
    flag = {
        "twin": "x",
        "twin_removed": False,
        "shared_bands": 4,
        "similarity": 0.8125,
        "highest_similarity": 0.9,
    }
    verdict = judge(flag)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, FuzzyDedupReason.NEAR_COPY)
    assert verdict.detail == "similarity about 0.81 to x (4 of 128 bands shared)"
    assert verdict.columns == {"twin": "x", "similarity": 0.9}


def test_the_detail_says_when_the_twin_left_too():
    flag = {
        "twin": "x",
        "twin_removed": True,
        "shared_bands": 128,
        "similarity": 1.0,
        "highest_similarity": 1.0,
    }
    assert judge(flag).detail.endswith("; that one is itself a near copy")
