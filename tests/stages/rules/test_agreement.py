from benchmarks.rules_agreement import compare


def test_published_thresholds_decide_as_datatrove_but_for_its_known_faults(real_data):
    found = compare(real_data)
    for name, texts in found.items():
        assert [line for line, cause in texts if line and not cause] == [], name
        agreed = sum(not line for line, _ in texts)
        assert agreed >= 0.98 * len(texts)
    assert sum(not line for line, _ in found["gopher_qual"]) >= 0.99 * len(found["gopher_qual"])
