import pytest

from models import clutter, page_type, quality
from models.text import languages
from models.text.languages import Languages


@pytest.mark.parametrize("model", [clutter, page_type, quality])
def test_a_model_that_is_loaded_has_what_its_forks_share(model, monkeypatch):
    fresh = Languages(languages.KNOWN.records)
    monkeypatch.setattr(languages, "KNOWN", fresh)
    model.load()
    assert {"kinds", "search"} <= vars(fresh).keys()
