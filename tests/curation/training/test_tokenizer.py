import gzip
import json
from dataclasses import replace

from click.testing import CliRunner

from curation.training import tokenizer
from curation.training.labelled_pages import read_pages
from curation.training.texts import ARTICLES, HEADLINES, LAWS
from tests.curation.training.labelled import rows, write_folder


def labelled_data(folder):
    write_folder(folder / "extraction", {language: rows(language, 12) for language in ("en", "zh")})
    for name, lines in (
        (ARTICLES, [json.dumps({"text": f"第{n}篇"}) for n in range(12)]),
        (LAWS, [json.dumps({"family": n, "text": f"第{n}條"}) for n in range(12)]),
        (HEADLINES, [f"新闻{n}\t0" for n in range(240)]),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(gzip.compress("\n".join(lines).encode()))
    return folder


def test_a_tenth_of_the_texts_of_every_source_is_held_out(tmp_path):
    data = labelled_data(tmp_path)
    trained_on = list(tokenizer.training_texts(data))
    for source, read in tokenizer.SOURCES.items():
        held_out = tokenizer.held_out_texts(data, source)
        assert held_out == list(read(data))[::10]
        assert not set(held_out) & set(trained_on)
    assert len(trained_on) == sum(
        len(list(read(data))) - len(tokenizer.held_out_texts(data, source))
        for source, read in tokenizer.SOURCES.items()
    )


def test_texts_that_labels_of_blocks_give_are_not_learnt_from(tmp_path, monkeypatch):
    first, second, *_ = read_pages(labelled_data(tmp_path) / "extraction", "zh")
    pages = [replace(first, truth_kind="annotated"), second]
    monkeypatch.setattr(tokenizer, "trainable_pages", lambda *_: pages)
    assert list(tokenizer.chinese_pages(tmp_path)) == [second.truth]


def test_the_command_writes_the_tokenizer_into_the_folder(tmp_path):
    out = tmp_path / "made" / "here"
    done = CliRunner().invoke(tokenizer.main, [str(labelled_data(tmp_path)), str(out)])
    assert done.exit_code == 0, done.output
    made = json.loads(gzip.decompress((out / "tokenizer.json.gz").read_bytes()))
    assert made["model"]["type"] == "BPE"
