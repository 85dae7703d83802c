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


@pytest.mark.slow
def test_in_half_precision_a_vector_hangs_on_no_text_beside_it(tmp_path):
    """Of a device whose kernels add up otherwise for each shape that they are given."""
    import torch

    model = embedding.load(save_dense(tmp_path))
    server, shapes = model.server, []
    server.tokens_per_batch = 600

    def by_shape(_module, _arguments, given, output):
        shapes.append(given["input_ids"].shape[1])
        output.last_hidden_state = output.last_hidden_state * (1 + shapes[-1] / 1_000)
        output.last_hidden_state[..., 0] += shapes[-1] / 100
        return output

    server.model.register_forward_hook(by_shape, with_kwargs=True)
    texts = [ENGLISH, "The mill stands by the river.", CHINESE, "水车", ENGLISH[:150]]
    exact = [model.score(texts), *(model.score([text]) for text in texts)]
    assert len(set(shapes)) > 1
    assert abs(exact[0] - np.vstack(exact[1:])).max() > 0.01
    server.model.to(torch.bfloat16)
    shapes.clear()
    together = model.score(texts)
    alone = np.vstack([model.score([text]) for text in texts])
    backwards = model.score(texts[::-1])[::-1]
    assert set(shapes) == {600}
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(together, backwards)
