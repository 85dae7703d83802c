"""Tiny checkpoints with random weights, made where a test needs them."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.models.texts import CHINESE, ENGLISH


def save_tokenizer(folder: Path, **special: str) -> int:
    """Train a byte-level tokenizer on the texts at hand, save it, return its vocabulary's size."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        [ENGLISH, CHINESE], vocab_size=400, special_tokens=["<|endoftext|>", "<sep>"]
    )
    trained.save(str(folder / "tokenizer.json"))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), eos_token="<|endoftext|>", **special
    )
    tokenizer.save_pretrained(folder)
    return len(tokenizer)


def save_decoder(folder: Path, kind: str, labels: list[str], **special: str) -> Path:
    """A decoder of Qwen2's shape, 32 wide and two layers deep, with a classification head."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    size = save_tokenizer(folder, **special)
    torch.manual_seed(1)
    config = transformers.Qwen2Config(
        vocab_size=size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    model = getattr(transformers, f"Qwen2For{kind}")(config)
    for parameter in model.parameters():  # random weights of 0.02 would score all texts alike
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def save_encoder(folder: Path, kind: str, labels: list[str], make: str = "XLMRoberta") -> Path:
    """An encoder of that make, 32 wide and two layers deep; ``kind`` "Model" has no head."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    size = save_tokenizer(folder, pad_token="<|endoftext|>", sep_token="<sep>", cls_token="<sep>")
    torch.manual_seed(2)
    sizes = {"n_layers": 2, "n_heads": 4, "dim": 32, "hidden_dim": 64}
    if make != "DistilBert":
        sizes = {
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "hidden_size": 32,
            "intermediate_size": 64,
        }
    config = getattr(transformers, f"{make}Config")(
        vocab_size=size,
        max_position_embeddings=514,
        pad_token_id=0,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
        **sizes,
    )
    name = f"{make}Model" if kind == "Model" else f"{make}For{kind}"
    model = getattr(transformers, name)(config)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder, safe_serialization=True)
    return folder


HEADS = {
    "page_type": {"labels": ["article", "forum", "listing"], "reads": "text"},
    "quality": {"labels": ["bad", "good"], "reads": "text", "threshold": 0.4},
    "clutter": {"labels": ["clutter", "main"], "reads": "lines"},
}


def save_heads(folder: Path, heads: dict[str, dict] = HEADS) -> Path:
    """A decoder without a head of its own, and several beside it."""
    import torch
    import transformers
    from safetensors.torch import save_file

    save_decoder(folder, "SequenceClassification", ["a", "b"], sep_token="<sep>")
    model = transformers.AutoModel.from_pretrained(folder)
    model.save_pretrained(folder, safe_serialization=True)
    torch.manual_seed(3)
    (folder / "heads").mkdir(exist_ok=True)
    for task, head in heads.items():
        shape = (len(head["labels"]), 32)
        tensors = {"weight": torch.randn(shape) * 0.3, "bias": torch.randn(shape[0]) * 0.1}
        save_file(tensors, folder / "heads" / f"{task}.safetensors")
    (folder / "heads.json").write_text(json.dumps(heads))
    return folder


def save_dense(
    folder: Path, mode: str = "cls", max_tokens: int = 500, more: Sequence[tuple[str, str]] = ()
) -> str:
    """An encoder of XLM-R's shape, as sentence-transformers 5 and 6 read it."""
    save_encoder(folder, "Model", ["a", "b"])
    package = "sentence_transformers.models"
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"), *more]
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"{package}.{kind}"}
        for n, (path, kind) in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "2_Normalize").mkdir(exist_ok=True)
    names = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "lasttoken")
    flags = {f"pooling_mode_{name}": name.removesuffix("_token") == mode for name in names}
    pooling = {"word_embedding_dimension": 32, **flags}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    reading = {"max_seq_length": max_tokens, "do_lower_case": False}
    (folder / "sentence_bert_config.json").write_text(json.dumps(reading))
    return str(folder)
