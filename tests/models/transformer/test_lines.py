import pytest

from models import clutter
from models.transformer import TransformerLineScorer
from models.transformer.lines import make_windows
from tests.models.checkpoints import save_decoder
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

DOCUMENTS = [ENGLISH.split("\n"), [], ["one"], ENGLISH_MENU.split("\n"), CHINESE.split("\n")]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "lines"
    return str(save_decoder(folder, "TokenClassification", ["clutter", "main"], sep_token="<sep>"))


def test_windows_hold_whole_lines_and_every_line_once():
    lines = [[7] * n for n in (3, 1, 5, 2, 2, 9, 1)]
    windows = list(make_windows(4, lines, 1, 8))
    assert all(len(window.tokens) <= 8 or len(window.score_places) == 1 for window in windows)
    assert [place for window in windows for place in window.score_places] == [3, 5, 5, 2, 5, 9, 1]
    together = [token for window in windows for token in window.tokens]
    assert together == [token for line in lines for token in [*line, 1]]
    assert {window.document for window in windows} == {4}


def test_a_document_without_lines_has_no_window():
    assert list(make_windows(0, [], 1, 8)) == []


@pytest.mark.torch
def test_the_score_of_a_line_is_read_at_its_separator(checkpoint):
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForTokenClassification.from_pretrained(checkpoint).eval()
    scores = TransformerLineScorer(checkpoint).score(DOCUMENTS)
    for lines, row in zip(DOCUMENTS, scores, strict=True):
        ids, ends = [], []
        for line in lines:
            ids += [*tokenizer(line, add_special_tokens=False)["input_ids"], tokenizer.sep_token_id]
            ends.append(len(ids) - 1)
        if lines:
            with torch.no_grad():
                chances = model(torch.tensor([ids])).logits[0].softmax(-1)[ends, 1]
            assert row == pytest.approx(chances.tolist(), abs=1e-4)
        else:
            assert row == []


@pytest.mark.torch
def test_a_line_is_judged_in_view_of_the_document(checkpoint):
    scorer = TransformerLineScorer(checkpoint)
    alone, after = scorer.score([["Read on"], [*ENGLISH.split("\n"), "Read on"]])
    assert alone[-1] != after[-1]


@pytest.mark.torch
def test_a_document_longer_than_the_window_has_a_score_for_each_line(checkpoint):
    (row,) = TransformerLineScorer(checkpoint, max_tokens=64).score([ENGLISH_MENU.split("\n") * 9])
    assert len(row) == 9 * len(ENGLISH_MENU.split("\n"))


@pytest.mark.torch
def test_clutter_takes_a_checkpoint_by_path(checkpoint):
    first, second = clutter.load(checkpoint).score([f"{ENGLISH}\n\nx", ""])
    assert [line is None for line in first.lines] == [False, False, False, True, False]
    assert second.lines == (None,)


@pytest.mark.torch
def test_a_checkpoint_without_a_label_for_main_text_is_refused(tmp_path):
    folder = save_decoder(tmp_path / "names", "TokenClassification", ["person", "place"])
    with pytest.raises(ValueError, match="must be among them"):
        clutter.load(str(folder))
