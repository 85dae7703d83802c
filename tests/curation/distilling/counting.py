"""A checkpoint whose answer is known: the fewer of a text's tokens have digits, the better it is.

One layer whose attention is even over all tokens, whose values say of each whether it has a digit.
"""

from pathlib import Path
from random import Random

WIDTH = 8
WORDS = [
    "mill",
    "river",
    "wheel",
    "stone",
    "grain",
    "miller",
    "water",
    "town",
    "flour",
    "bread",
    "road",
    "bridge",
    "old",
    "new",
    "day",
]


def text_with(share: float, seed: int, words: int = 60) -> str:
    """A text of which about that share of the words are numbers, on lines of ten."""
    source = Random(seed)
    made = [
        str(source.randrange(100, 999)) if source.random() < share else source.choice(WORDS)
        for _ in range(words)
    ]
    lines = [" ".join(made[start : start + 10]) for start in range(0, words, 10)]
    return ".\n".join(lines) + "."


def save_counting(folder: Path, labels: list[str]) -> Path:
    """The checkpoint; the first label is that of texts with numbers."""
    import torch
    import transformers
    from tokenizers import ByteLevelBPETokenizer

    texts = [text_with(number / 50, number) for number in range(50)]
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(texts, 600, special_tokens=["<pad>", "<eos>"])
    folder.mkdir(parents=True)
    trained.save(str(folder / "tokenizer.json"))
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>", eos_token="<eos>"
    )
    tokenizer.save_pretrained(folder)
    config = transformers.Qwen2Config(
        vocab_size=len(tokenizer) + 16,
        hidden_size=WIDTH,
        intermediate_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=1,
        num_key_value_heads=1,
        max_position_embeddings=2048,
        pad_token_id=0,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    model = transformers.Qwen2ForSequenceClassification(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.fill_(1.0 if "norm" in name else 0.0)
        rows = model.model.embed_tokens.weight
        rows[:, 0] = 1
        for token, number in tokenizer.get_vocab().items():
            rows[number, 1] = 1.0 if any(map(str.isdigit, token)) else -1.0
        attention = model.model.layers[0].self_attn
        attention.v_proj.weight[1, 1] = 1
        attention.o_proj.weight[2, 1] = 1
        model.score.weight[0, 2] = 4
    model.save_pretrained(folder)
    return folder
