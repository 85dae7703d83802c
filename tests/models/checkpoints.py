"""Tiny checkpoints with random weights, made where a test needs them."""

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
