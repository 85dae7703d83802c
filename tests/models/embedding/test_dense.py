"""Dense vectors are those of sentence-transformers itself."""

import json

import numpy as np
import pytest

from models import embedding
from models.embedding.dense import DenseEmbedding, SentenceEmbedding
from models.transformer.serving import Way
from tests.models.checkpoints import save_dense
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

pytestmark = pytest.mark.torch

TEXTS = [ENGLISH, "", CHINESE, "a", "  \n ", ENGLISH_MENU, ENGLISH[:70]]


def of_its_own(folder, texts):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu")
    return np.stack([model.encode(text, normalize_embeddings=True) for text in texts])


@pytest.fixture(autouse=True)
def package():
    pytest.importorskip("sentence_transformers")


@pytest.mark.parametrize("mode", ["cls", "lasttoken"])
def test_vectors_are_those_of_sentence_transformers(tmp_path, mode):
    folder = save_dense(tmp_path / "dense", mode)
    model = embedding.load(folder)
    assert isinstance(model, DenseEmbedding)
    assert model.server.way is Way.PACKED
    matrix = model.score(TEXTS)
    full = [number for number, text in enumerate(TEXTS) if text.strip()]
    wanted = of_its_own(folder, [TEXTS[number] for number in full])
    assert matrix.dtype == np.float32
    assert matrix[full] == pytest.approx(wanted, abs=1e-5)
    assert not matrix[[1, 4]].any()
    assert model.dimensions == 32


def test_a_long_text_is_cut_where_sentence_transformers_cuts_it(tmp_path):
    folder = save_dense(tmp_path / "dense", max_tokens=40)
    [vector] = embedding.load(folder).score([ENGLISH])
    assert vector @ of_its_own(folder, [ENGLISH])[0] == pytest.approx(1, abs=1e-5)
    vectors = {
        p: embedding.load(folder, long_texts=p).score([ENGLISH])[0] for p in ("head", "mean")
    }
    assert (vectors["head"] == vector).all()
    assert np.linalg.norm(vectors["mean"]) == pytest.approx(1, abs=1e-5)
    assert vectors["mean"] @ vector < 0.9999


@pytest.mark.parametrize(("mode", "more"), [("mean_tokens", ()), ("cls", [("3_Dense", "Dense")])])
def test_what_is_more_than_one_token_is_left_to_sentence_transformers(tmp_path, mode, more):
    from models.embedding.dense import served_place

    folder = save_dense(tmp_path / "dense", mode, more=more)
    assert served_place(tmp_path / "dense") is None
    if not more:
        model = embedding.load(folder)
        assert isinstance(model, SentenceEmbedding)
        wanted = of_its_own(folder, [ENGLISH])
        assert model.score([ENGLISH]) == pytest.approx(wanted, abs=1e-5)


def test_a_default_prompt_is_left_to_sentence_transformers(tmp_path):
    from models.embedding.dense import served_place

    save_dense(tmp_path / "dense")
    prompts = {"prompts": {"passage": "passage: "}, "default_prompt_name": "passage"}
    path = tmp_path / "dense" / "config_sentence_transformers.json"
    path.write_text(json.dumps(prompts))
    assert served_place(tmp_path / "dense") is None


def test_weights_in_a_pickle_and_heads_are_refused(tmp_path):
    folder = save_dense(tmp_path / "dense")
    assert len(embedding.digest(folder)) == 32
    with pytest.raises(ValueError, match="an embedding has no heads"):
        embedding.digest(f"{folder}#quality")
    (tmp_path / "dense" / "model.safetensors").rename(tmp_path / "dense" / "pytorch_model.bin")
    with pytest.raises(ValueError, match=r"pytorch_model.bin is a pickle"):
        embedding.digest(folder)
    (tmp_path / "dense" / "modules.json").write_text("{")
    with pytest.raises(ValueError, match="is no list of modules"):
        embedding.digest(folder)
