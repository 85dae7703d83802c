from dataclasses import dataclass

from curation.training import confidence
from curation.training.confidence import fit_to, guess_out_of_fold
from curation.training.labelled_pages import read_pages
from curation.training.main_text_examples import Learnt, example_of
from models.linear.fit import fold_of
from models.main_content.confidence import AS_EXPECTED
from models.main_content.main_text import MainText
from stages.extract import load_tools
from tests.curation.training.labelled import rows, write_folder


@dataclass
class Memory:
    """Trees that say what they saw."""

    seen: list


def test_every_page_is_guessed_by_trees_that_have_not_seen_its_site(tmp_path, monkeypatch):
    folder = write_folder(tmp_path, {"en": rows("en"), "zh": []})
    tools = load_tools()
    pages = [page for page in read_pages(folder, "en") if page.truth]
    learnt = [Learnt(page, made) for page in pages if (made := example_of(page, tools))]

    class Trained:
        def __init__(self, _name, _digest, sites):
            self.sites = sites

        def find(self, tree, title):
            asked.append(self.sites)
            return MainText.of_texts(["a b"], 0.25)

    asked = []
    monkeypatch.setattr(confidence, "MainContent", Trained)
    monkeypatch.setattr(
        confidence, "train_on", lambda known, _tools: [{one.page.site for one in known}]
    )
    guesses = list(guess_out_of_fold(learnt, tools))
    assert len(guesses) == len(asked) > 1
    for guess, sites in zip(guesses, asked, strict=True):
        assert guess.page.site not in sites
        assert {fold_of(site, 2) for site in sites} == {1 - fold_of(guess.page.site, 2)}
        assert guess.expected == 0.25
    assert fit_to(guesses) != AS_EXPECTED
