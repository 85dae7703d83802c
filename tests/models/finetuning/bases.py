"""Tiny bases to train from, as ``save_pretrained`` writes them: random weights of two shapes."""

from pathlib import Path

DECODER, ENCODER = "decoder", "encoder"
WIDTH, TOKENS = 64, 500


def save_base(
    folder: Path, shape: str, texts: list[str], *, tokens: int = TOKENS, dropout: float = 0.0
) -> Path:
    """A base of Qwen2's shape or BERT's, one layer deep, with a tokenizer trained on ``texts``."""
    import torch
    import transformers
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(texts, tokens, special_tokens=["<pad>", "<sep>", "<|endoftext|>"])
    folder.mkdir(parents=True)
    trained.save(str(folder / "tokenizer.json"))
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>", sep_token="<sep>"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    sizes = {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "max_position_embeddings": 512,
        "pad_token_id": tokenizer.pad_token_id,
    }
    if shape == DECODER:
        config = transformers.Qwen2Config(**sizes, num_key_value_heads=2)
    else:
        config = transformers.BertConfig(
            **sizes, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout
        )
    transformers.AutoModel.from_config(config).save_pretrained(folder)
    return folder
