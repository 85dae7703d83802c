"""A checkpoint that is learning: a base of the Hugging Face form, with its own head or ours."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.finetuning import lora
from models.finetuning.encoding import Reader, Row
from models.finetuning.examples import Form, Head, form_of
from models.finetuning.settings import Precision, TrainingSettings
from models.transformer import network
from models.transformer.checkpoint import Checkpoint, not_loadable
from models.transformer.serving import positions_of
from models.transformer.tokens import TextTokens
from models.transformer.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Linear, Parameter
    from transformers import PreTrainedModel

CLASSES = {
    Form.TEXT: network.Form.OF_TEXTS,
    Form.LINES: network.Form.OF_TOKENS,
    Form.SHARED: network.Form.BASE,
}
HEAD_DEVIATION = 0.02


@dataclass(frozen=True)
class Trainee:
    """A model, how it reads, and what is learnt of it.

    ``last`` has by task the linear layer that gives its logits; of a shared base they are ours and
    not among the base's own parameters.
    """

    model: PreTrainedModel
    reader: Reader
    last: Mapping[str, Linear]
    precision: Precision
    adapted: list[lora.Adapted] = field(default_factory=list)

    @property
    def form(self) -> Form:
        """What it is."""
        return self.reader.form

    @property
    def heads(self) -> tuple[Head, ...]:
        """Its tasks."""
        return self.reader.heads

    @property
    def device(self) -> str:
        """Where it computes."""
        return str(self.model.device)

    def parameters(self) -> dict[str, Parameter]:
        """Those that are learnt, by name."""
        found = dict(self.model.named_parameters())
        if self.form is Form.SHARED:
            for task, layer in self.last.items():
                found |= {f"heads.{task}.{k}": v for k, v in layer.named_parameters()}
        return {name: one for name, one in found.items() if one.requires_grad}

    def train(self, *, mode: bool) -> None:
        """Switch what behaves otherwise while learning, dropout, on or off."""
        self.model.train(mode)

    def logits(self, rows: Sequence[Row]) -> dict[str, Tensor]:
        """By task those of every place that is read, (places, labels), row by row, float32."""
        import torch

        longest = max(len(row.tokens) for row in rows)
        tokens = torch.full((len(rows), longest), self.reader.padding, dtype=torch.long)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for number, row in enumerate(rows):
            tokens[number, : len(row.tokens)] = torch.from_numpy(row.tokens)
            mask[number, : len(row.tokens)] = 1
        half = self.precision is Precision.BFLOAT16
        with torch.autocast(self.device.partition(":")[0], torch.bfloat16, enabled=half):
            output = self.model(
                input_ids=tokens.to(self.device), attention_mask=mask.to(self.device)
            )
            return {head.task: self._read(output, rows, head.task).float() for head in self.heads}

    def _read(self, output: Any, rows: Sequence[Row], task: str) -> Tensor:
        import torch

        found = [(n, place) for n, row in enumerate(rows) for place in row.reads[task].places]
        row_of = torch.tensor([row for row, _ in found], dtype=torch.long, device=self.device)
        place = torch.tensor([place for _, place in found], dtype=torch.long, device=self.device)
        if self.form is Form.TEXT:
            return output.logits[row_of]
        if self.form is Form.LINES:
            return output.logits[row_of, place]
        return self.last[task](output.last_hidden_state[row_of, place])

    def fold_in(self, temperatures: Mapping[str, float]) -> None:
        """Divide the logits of each task by its temperature, by way of its last layer's weights."""
        import torch

        with torch.no_grad():
            for task, temperature in temperatures.items():
                for parameter in self.last[task].parameters():
                    parameter.div_(temperature)

    def merge(self) -> None:
        """Put what was learnt beside the base's weights into them."""
        lora.merge(self.adapted)


def load_trainee(
    base: Checkpoint, heads: Sequence[Head], settings: TrainingSettings, device: str
) -> Trainee:
    """The base with fresh heads; the same seed gives the same ones.

    Raises ValueError for what is not a checkpoint, for weights in a pickle and for a tokenizer that
    is not the model's.
    """
    import torch

    base.checked()
    torch.manual_seed(settings.seed)
    model, tokenizer = _load(base, form_of(heads), heads)
    loaded = network.Network(tokenizer, model)
    base.refuse_foreign_tokenizer(
        vocabulary_of(tokenizer), model.get_input_embeddings().num_embeddings
    )
    model.config.pad_token_id = loaded.padding
    model.config.use_cache = False
    model.to(device)
    if settings.gradient_checkpointing:
        _compute_again(model)
    reader = Reader(
        form=form_of(heads),
        heads=tuple(heads),
        tokens=TextTokens(tokenizer, base.folder),
        padding=loaded.padding,
        separator=loaded.separator,
        max_tokens=min(settings.max_tokens, positions_of(model)[1] or settings.max_tokens),
    )
    last = _last_layers(base, model, heads, device)
    adapted: list[lora.Adapted] = []
    if settings.lora_rank:
        adapted = lora.adapt(model.base_model, settings.lora_rank)
    for head in last.values():
        head.requires_grad_(requires_grad=True)
    return Trainee(model, reader, last, settings.precision, adapted)


def _load(base: Checkpoint, form: Form, heads: Sequence[Head]) -> tuple[PreTrainedModel, Any]:
    import torch
    import transformers
    from safetensors import SafetensorError

    named: dict[str, Any] = {}
    if form is not Form.SHARED:
        labels = heads[0].labels
        named = {
            "id2label": dict(enumerate(labels)),
            "label2id": {label: number for number, label in enumerate(labels)},
            "num_labels": len(labels),
            "ignore_mismatched_sizes": True,
        }
    transformers.logging.disable_progress_bar()
    before = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity_error()  # that a head is new is what we are here for
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(base.folder, trust_remote_code=False)
        model = getattr(transformers, CLASSES[form]).from_pretrained(
            base.folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            **named,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise not_loadable(base.name, error) from error
    finally:
        transformers.logging.set_verbosity(before)
    return model, tokenizer


def _compute_again(model: PreTrainedModel) -> None:
    """Keep few activations; its inputs need gradients where the embedding is frozen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the new name is not in transformers 4
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.enable_input_require_grads()


def _last_layers(
    base: Checkpoint, model: PreTrainedModel, heads: Sequence[Head], device: str
) -> dict[str, Linear]:
    from torch import nn

    if form_of(heads) is Form.SHARED:
        last = {}
        for head in heads:
            layer = nn.Linear(model.config.hidden_size, len(head.labels), device=device)
            nn.init.normal_(layer.weight, std=HEAD_DEVIATION)
            nn.init.zeros_(layer.bias)
            last[head.task] = layer
        return last
    [head] = heads
    fitting = [
        one
        for one in model.modules()
        if isinstance(one, nn.Linear) and one.out_features == len(head.labels)
    ]
    if not fitting:
        raise ValueError(
            f"base {base.name!r}: its head ({type(model).__name__}) does not end in a linear "
            "layer, by which its scores could be calibrated; name another base"
        )
    return {head.task: fitting[-1]}
