"""Each training command, from a folder of labelled data to weights that the stage loads."""

import gzip
import json
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from click.testing import CliRunner

from conf import locate
from curation.config import load_config
from curation.labelling.records import digest_of_line
from curation.training import clutter, main_content, main_text_examples, page_type, quality
from curation.training.examples import Example, Known
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import read_pages
from curation.training.task import command
from curation.training.texts import ARTICLES, HEADLINES, VOTES
from curation.training.written_safety import written_texts
from models.clutter import fit as clutter_fit
from models.clutter.weights import Weights
from models.linear import load_linear
from models.main_content.confidence import Confidence
from models.page_type import fit as page_type_fit
from models.page_type.features import PageContent, page_features, page_vectors
from models.quality.features import features_of
from models.text.languages import KNOWN
from stages.extract.markup import Markup
from tests.curation.training.labelled import rows, write_folder
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_folder(folder / "extraction", {language: rows(language, 12) for language in ("en", "zh")})
    votes = [(ENGLISH, 1), (ENGLISH_MENU, 0)]
    for name, lines in (
        (ARTICLES, [json.dumps({"text": f"{CHINESE}\n第{n}节"}) for n in range(6)]),
        (
            VOTES,
            [
                json.dumps({"text": f"{t}\n{n}", "label": label})
                for n in range(6)
                for t, label in votes
            ],
        ),
        (HEADLINES, [f"新闻第{n}号\t0" for n in range(240)]),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(gzip.compress("\n".join(lines).encode()))
    return folder


def run(made, *arguments):
    done = CliRunner().invoke(made, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done


MARKUP = Markup(tags=1).as_row()


@pytest.fixture(autouse=True)
def small_page_types(monkeypatch):
    """A tenth of what is written for page types, and of its dimensions: all of it takes a minute."""
    for name in ("read_written", "read_written_pages"):
        read = getattr(page_type, name)
        monkeypatch.setattr(
            page_type, name, lambda language, read=read: islice(read(language), 0, None, 10)
        )
    monkeypatch.setattr(page_type, "written_texts", lambda: written_texts()[::10])
    monkeypatch.setattr(page_type, "HEADLINE_TEXTS", 6)
    monkeypatch.setattr(page_type_fit, "page_vectors", lambda *given: page_vectors(*given)[:, :64])


FEATURES = {
    "quality": [
        ("quality_en", lambda: features_of(ENGLISH, KNOWN.records["en"])),
        ("quality_zh", lambda: features_of(CHINESE, KNOWN.records["zh"])),
    ],
    "page_type": [
        ("page_type", lambda: page_features([PageContent(ENGLISH, markup=MARKUP)])[0]),
        ("page_type_text", lambda: page_features([PageContent(ENGLISH)])[0]),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("task", [page_type.TASK, quality.TASK], ids=lambda t: t.stage)
def test_a_command_makes_weights_for_its_stage_and_the_same_from_its_examples(task, data, tmp_path):
    run(command(task), data, tmp_path / "first")
    prepared = tmp_path / "first" / f"{task.stage}.examples.parquet"
    run(command(task), prepared, tmp_path / "again")
    for name, features in FEATURES[task.stage]:
        first, again = ((tmp_path / out / f"{name}.json") for out in ("first", "again"))
        assert first.read_bytes() == again.read_bytes()
        model = load_linear(first)
        vectors = np.zeros((1, model.vector_weights.shape[1]), np.float32)
        assert model.score([features()], vectors if vectors.size else None)
        about = json.loads(first.read_text())["about"]
        assert list(about["served_by"])[:2] == ["url_filter", "extract"]
        assert about["documents"]
        assert about["out_of_fold"]


@pytest.mark.slow
def test_clutter_is_trained_by_its_command_and_the_same_from_its_examples(
    data, tmp_path, monkeypatch
):
    monkeypatch.setattr(clutter_fit, "TREES", 10)
    run(command(clutter.TASK), data, tmp_path / "first")
    prepared = tmp_path / "first" / "clutter.examples.parquet"
    run(command(clutter.TASK), prepared, tmp_path / "again")
    first, again = (tmp_path / out for out in ("first", "again"))
    assert (first / "clutter.json").read_bytes() == (again / "clutter.json").read_bytes()
    [one, other] = [
        Weights.load(out / "clutter.npz").chances([ENGLISH.split("\n")]) for out in (first, again)
    ]
    assert one.tolist() == other.tolist()
    about = json.loads((first / "clutter.json").read_text())
    assert list(about["served_by"])[:2] == ["url_filter", "extract"]
    assert {"en written", "zh written"} & about["out_of_fold"].keys()


@pytest.mark.slow
def test_examples_of_another_pipeline_end_the_command_in_one_line(data, tmp_path):
    run(command(page_type.TASK), data, tmp_path)
    conf = tmp_path / "other.toml"
    conf.write_text(
        'name = "other"\n[[step]]\nname = "s"\nstages = ["url_filter", "extract", "page_type"]\n'
    )
    arguments = [tmp_path / "page_type.examples.parquet", tmp_path, "--conf", conf]
    done = CliRunner().invoke(command(page_type.TASK), [str(argument) for argument in arguments])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "its texts are not what this pipeline serves (stages are" in done.output


def test_a_collection_that_is_missing_ends_the_command_in_one_line(tmp_path):
    write_folder(tmp_path / "extraction", {"en": rows("en")[:1], "zh": []})
    done = CliRunner().invoke(command(page_type.TASK), [str(tmp_path), str(tmp_path / "out")])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "dclm_quality_majority_en.jsonl.gz: is missing" in done.output


def test_too_few_pages_for_main_content_end_the_command_in_one_line(tmp_path):
    write_folder(tmp_path / "extraction", {"en": [], "zh": []})
    done = CliRunner().invoke(main_content.main, [str(tmp_path), str(tmp_path / "out")])
    assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "0 pages to learn from" in done.output


def test_pages_of_one_site_are_too_few_for_main_content(tmp_path):
    pages = [replace(row, url=f"https://one.example/{row.id}") for row in rows("en")]
    write_folder(tmp_path / "extraction", {"en": pages, "zh": []})
    done = CliRunner().invoke(main_content.main, [str(tmp_path), str(tmp_path / "out")])
    assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "pages to learn from, of 1 sites: add pages until there are 2" in done.output


@pytest.mark.slow
def test_main_content_is_trained_on_sites_that_are_not_held_out(data, tmp_path, monkeypatch):
    trained = []
    monkeypatch.setattr(main_content, "train_on", lambda learnt, _: trained.extend(learnt) or ())
    monkeypatch.setattr(main_content, "save", lambda path: path.write_bytes(b""))
    monkeypatch.setattr(main_text_examples, "FRAME_COPIES", 0)  # for the confidence
    known = [page for name in ("en", "zh") for page in read_pages(data / "extraction", name)]
    tuned = [page for page in known if page.truth and not page.is_held_out]
    output = run(main_content.main, data, tmp_path).output
    sites = {page.site for page in tuned}
    assert output == f"{len(tuned)} pages of {len(sites)} sites\n"
    assert len(trained) == len(tuned)
    assert {one.page.site for one in trained} == sites
    assert (tmp_path / "weights.npz").exists()
    assert 0 < Confidence.read(tmp_path / "confidence.json").of(0.5) < 1


def test_lines_are_labelled_in_the_text_that_was_served():
    known = Known("extracted", "en", "aldon.example", truth=ENGLISH)
    served = Example("a", known, "", "", "", f"Home\nShare\n{ENGLISH}\nShare", Markup())
    document = clutter.document_of(served, {})
    assert list(document.lines) == served.text.split("\n")
    assert list(document.labels) == [False, None, True, True, True, False]  # Share: a heading?


def test_lines_that_were_read_have_the_labels_that_they_were_given():
    known = Known("read", "en", "aldon.example", truth=ENGLISH)
    served = Example("a", known, "", "", "", f"Home\nBridges\n{ENGLISH}", Markup())
    read = {digest_of_line("Home"): False, digest_of_line(ENGLISH.split("\n")[1]): True}
    assert list(clutter.document_of(served, read).labels) == [False, None, None, True, None]


def test_every_line_of_what_we_wrote_is_main_text(tmp_path):
    folder = tmp_path / "en"
    folder.mkdir()
    rows = [{"id": f"poem-{n}", "title": "Share", "text": f"Line {n}"} for n in range(20)]
    (folder / "poem.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = list(clutter.written(tmp_path))
    assert [one.page.doc_id for one in found] == [f"en poem-{n}" for n in range(1, 20, 2)]
    example = Example("a", found[3].known, "", "", "", found[3].page.text, None)
    document = clutter.document_of(example, {})
    assert (list(document.lines), list(document.labels)) == (["Share", "Line 7"], [True, True])


def test_clutter_learns_nothing_from_pages_that_are_held_out(data):
    tools = extraction_tools(load_config(locate("local.toml")))
    known = [page for name in ("en", "zh") for page in read_pages(data / "extraction", name)]
    held = {page.site for page in known if page.is_held_out}
    assert held
    assert not held & {document.known.site for document in clutter.enter(data, tools)}


def test_a_page_whose_truth_is_not_whole_is_left_out_of_clutter():
    known = Known("extracted", "en", "aldon.example", truth=ENGLISH.split("\n")[0])
    assert clutter.document_of(Example("a", known, "", "", "", ENGLISH, Markup()), {}) is None


def test_an_invented_address_says_nothing_of_a_page_type():
    known = Known("pages", "zh", "gne-mit.invalid", "article")
    example = Example(
        "a", known, "", "http://gne-mit.invalid/bbs/1.html", "桥", CHINESE, Markup(tags=3)
    )
    page = page_type.page_of(example).page
    assert (page.url, page.title, page.text) == ("", "桥", CHINESE)
    assert page.markup["tags"] == 3


def test_short_chinese_texts_are_no_example_of_quality(data):
    short = Example("a", Known("article", "zh", "a", "good"), "", "", "", "桥梁", None)
    assert not quality._is_used(short, "zh")


def test_clutter_between_articles_is_held_out_with_the_site_it_is_from():
    border = clutter.Border(CHINESE_MENU.split("\n"), "aldon.example")
    [document] = clutter.composed(iter([CHINESE]), [border])
    assert document.known.site == "aldon.example"
    assert CHINESE in document.page.text
    assert document.known.truth == CHINESE
