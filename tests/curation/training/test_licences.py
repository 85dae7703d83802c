import re

import pytest

from curation.errors import UsageError
from curation.training.labelled_pages import FOLDERS, read_pages
from curation.training.licences import may_train_on, read_licences
from curation.training.page_type import ARCHIVES
from curation.training.texts import ARTICLES, HEADLINES, LAWS, VOTES, articles

ROW_OF = {
    "wcxb": "en",
    "cc_main_2020_34": "real/cc-main-2020-34-head.warc",
    "aut_example": "real/aut-example.warc.gz",
    "dolma_sample": "real/dolma-sample-0000.warc.gz",
}
"""Where the README names a collection otherwise."""

OPEN = re.compile("MIT|Apache-2.0|BSD|CC-BY-[0-9.]+|CC0|public domain")


def test_weights_are_made_from_what_states_an_open_licence_and_from_nothing_else():
    for name, collection in read_licences().items():
        assert collection.weights == bool(OPEN.fullmatch(collection.licence)), name


def test_a_collection_that_nobody_has_looked_at_is_refused():
    with pytest.raises(UsageError, match=r"collection 'scraped': licences\.toml does not say"):
        may_train_on("scraped")


def test_a_file_of_texts_that_may_not_be_trained_on_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("curation.training.texts.ARTICLES", "corpus/gne_gpl.jsonl.gz")
    with pytest.raises(UsageError, match="weights may not be made from gne_gpl"):
        list(articles(tmp_path))


def weights_column(data):
    """The last cell of each row of the tables in the folder's README, by its first cell."""
    rows = re.findall(
        r"^\| (.+?) \|.*\| ([^|]*) \|$", (data / "README.md").read_text(), re.MULTILINE
    )
    return {first: last.strip() for first, last in rows}


def test_the_table_says_what_the_collections_say_of_themselves(real_data):
    said = weights_column(real_data)
    pages = {
        page.collection for name in FOLDERS for page in read_pages(real_data / "extraction", name)
    }
    pages |= {name for archives in ARCHIVES.values() for name in archives.values()}
    texts = {
        path.partition("/")[2].partition(".")[0] for path in (ARTICLES, HEADLINES, LAWS, VOTES)
    }
    for name in pages | texts:
        cell = ROW_OF.get(name, name)
        [answer] = {last for first, last in said.items() if re.search(rf"(^|`){cell}\b", first)}
        assert may_train_on(name) == (answer == "yes"), name
