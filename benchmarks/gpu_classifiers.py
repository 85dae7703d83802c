"""Large classifiers and embeddings, as they are served, beside a plain loop with padding.

    python -m benchmarks.gpu_classifiers [--shape true|small] [--seconds S]
    python -m benchmarks.gpu_classifiers --check

Needs torch, transformers and this checkout. Weights are random, at the shapes of Qwen2.5-1.5B and
of BGE-M3; rows are random tokens, so cutting text into tokens is not in these figures, but for
embeddings beside sentence-transformers' own (where it is installed), which begin with text. Each
figure is of whole batches for some seconds after a warm-up; a table in Markdown is printed, within
6 minutes on a GPU. Without one take ``--shape small``: 2 minutes of one core.

The rate that figures are a share of is that of square matrices multiplied in the same run, in the
type that the models compute in: bfloat16 on a GPU, float32 on a CPU. Seconds are those of the wall
on a GPU, of the processor on a CPU.

``--check`` compares what is served on this device with transformers' own float32 on the CPU, row by
row, on a small checkpoint: the same labels, and scores within the tolerance that is stated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
import transformers

try:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
except ImportError:
    SentenceTransformer = None

from benchmarks.gpu_shapes import (
    LENGTHS,
    LINE_TOKENS,
    SHAPES,
    Shape,
    make_model,
    mixture,
    random_rows,
    save_tokenizer,
)
from models.transformer import TransformerClassifier, packing
from models.transformer.device import current_device
from models.transformer.head_modules import head_of
from models.transformer.network import TOKENS_PER_BATCH, Network
from models.transformer.probe import choose_way
from models.transformer.serving import Row, Server
from models.transformer.tokens import TextTokens, ahead

PLAIN_BATCH = 16
"""Documents of a batch of the plain loop, in the order of their coming."""
DOCUMENTS = 4_096
HEADS = (8, 2, 2)
"""The labels of three heads on one base."""

Work = Callable[[Sequence[list[int]]], object]


def server_of(model: Any, tokens: Any, head: torch.nn.Module | None) -> Server:
    packing.register()
    server = Server(Network(tokens.tokenizer, model), tokens, head)
    model.config.pad_token_id = server.network.padding
    choose_way(server)
    return server


def classifier(shape: Shape, device: torch.device, dtype: torch.dtype, seed: int) -> Server:
    model = make_model("ModelForSequenceClassification", shape, device, dtype, seed)
    nothing = SimpleNamespace(pad_token_id=None, eos_token_id=0, sep_token_id=None)
    head = head_of(model, of_tokens=False)
    return server_of(model, SimpleNamespace(tokenizer=nothing), head)


def with_heads(one: Server) -> Server:
    """The base of a classifier with three heads in the place of its own."""
    head = torch.nn.Linear(one.model.config.hidden_size, sum(HEADS)).to(one.model.device)
    made = Server(one.network, one.tokens)
    made.way, made.head = one.way, head
    return made


def plain(server: Server) -> Work:
    """What one writes first: batches as they come, padded, by the model's own forward pass."""
    model = server.model

    def work(rows: Sequence[list[int]]) -> None:
        model.set_attn_implementation("sdpa")
        for start in range(0, len(rows), PLAIN_BATCH):
            batch = [Row(row, [0]) for row in rows[start : start + PLAIN_BATCH]]
            with torch.inference_mode():
                server.own(batch)[0].cpu()

    return work


def served(*servers: Server, places: Callable[[list[int]], Sequence[int]]) -> Work:
    """Documents through one server, or through several after one another."""

    def work(rows: Sequence[list[int]]) -> None:
        for server in servers:
            server.model.set_attn_implementation(
                packing.NAME if server.way.value == "packed" else "sdpa"
            )
            server.outputs(Row(row, places(row)) for row in rows)

    return work


def last(row: list[int]) -> list[int]:
    return [len(row) - 1]


def each_line(row: list[int]) -> list[int]:
    return [*range(LINE_TOKENS - 1, len(row) - 1, LINE_TOKENS), len(row) - 1]


def mixed_rows(shape: Shape) -> list[list[int]]:
    """Rows of the mixture."""
    count = DOCUMENTS if torch.cuda.is_available() else DOCUMENTS // 32
    return random_rows(mixture(count), shape.vocabulary)


def count_for(length: int) -> int:
    """Documents of a length, as many as a GPU takes some seconds for."""
    return max(16, 2**22 // length) if torch.cuda.is_available() else max(8, 2**16 // length)


def chunks(rows: Sequence[list[int]], tokens: int) -> Iterator[list[list[int]]]:
    """Documents in groups of some tokens, as a step hands them over."""
    chunk: list[list[int]] = []
    for row in rows:
        chunk.append(row)
        if sum(map(len, chunk)) >= tokens:
            yield chunk
            chunk = []


def measure(work: Work, rows: Sequence[list[int]], seconds: float) -> tuple[list[int], float]:
    """The lengths of the documents that were done, and the seconds that they took."""
    on_gpu = torch.cuda.is_available()
    groups = chunks(rows, 4 * TOKENS_PER_BATCH if on_gpu else TOKENS_PER_BATCH // 2)
    work(next(groups))
    done: list[int] = []
    clock = time.perf_counter if on_gpu else time.process_time
    began = clock()
    for chunk in groups:
        work(chunk)
        done += map(len, chunk)
        if clock() - began > seconds:
            break
    if on_gpu:
        torch.cuda.synchronize()
    return done, clock() - began


def matrix_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of a product of square matrices."""
    size = 8_192 if device.type == "cuda" else 1_024
    one, other = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    rates = []
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    for _ in range(20):
        began = clock()
        product = one @ other
        if device.type == "cuda":
            torch.cuda.synchronize()
        rates.append(2 * size**3 / (clock() - began))
        del product
    return sorted(rates)[len(rates) // 2]


class Table:
    """Prints a line for each measurement."""

    def __init__(self, rate: float, seconds: float) -> None:
        self.rate, self.seconds = rate, seconds
        print("| what | tokens a document | documents/s | tokens/s | share of the matrix rate |")
        print("|---|---|---|---|---|")

    def add(
        self, what: str, length: str, shape: Shape, work: Work, rows: Sequence[list[int]]
    ) -> float:
        """Measure and print; the documents per second."""
        lengths, took = measure(work, rows, self.seconds)
        share = shape.operations(lengths) / took / self.rate
        documents = len(lengths) / took
        print(
            f"| {what} | {length} | {documents:,.1f} | {sum(lengths) / took:,.0f} | {share:.0%} |",
            flush=True,
        )
        return documents


def measure_all(shape_name: str, seconds: float) -> None:
    device = current_device()
    dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
    if device.type == "cpu":
        torch.set_num_threads(1)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU, one thread"
    rate = matrix_rate(device, dtype)
    print(f"{name}, {dtype}, torch {torch.__version__}, transformers {transformers.__version__};")
    print(f"shapes: {shape_name}; matrix rate {rate / 1e12:.3f} TFLOP/s\n")
    table = Table(rate, seconds)
    _classifiers(table, SHAPES[shape_name]["classifier"], device, dtype)
    _embeddings(table, SHAPES[shape_name]["embedding"], device, dtype)


def _classifiers(table: Table, shape: Shape, device: torch.device, dtype: torch.dtype) -> None:
    servers = [classifier(shape, device, dtype, seed) for seed in range(3)]
    one = servers[0]
    for length in LENGTHS:
        rows = random_rows([length] * count_for(length), shape.vocabulary)
        table.add(one.way, f"{length:,}", shape, served(one, places=last), rows)
        table.add("plain loop", f"{length:,}", shape, plain(one), rows)
    rows = mixed_rows(shape)
    ours = table.add(one.way, "mixture", shape, served(one, places=last), rows)
    padded = table.add("plain loop", "mixture", shape, plain(one), rows)
    three = table.add("three models", "mixture", shape, served(*servers, places=last), rows)
    heads = served(with_heads(one), places=each_line)
    shared = table.add("three heads on one base", "mixture", shape, heads, rows)
    print(f"\n{one.way} / plain loop {ours / padded:.2f}; three heads / three models ", end="")
    print(f"{shared / three:.2f} (their share is of one pass)\n")


def _embeddings(table: Table, shape: Shape, device: torch.device, dtype: torch.dtype) -> None:
    table = Table(table.rate, table.seconds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_tokenizer(folder, shape.vocabulary)
        model = make_model("Model", shape, device, dtype, 0)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        server = server_of(model, TextTokens(tokenizer, folder), None)

        def read(rows: Sequence[list[int]]) -> Iterator[Row]:
            for tokens in ahead(server.tokens.encode, map(words, rows)):
                yield Row(server.tokens.enclose(tokens[:8_190]), [0])

        def work(rows: Sequence[list[int]]) -> object:
            return [torch.nn.functional.normalize(one) for one in server.outputs(read(rows))]

        what = f"embedding, {server.way}"
        for length in LENGTHS:
            rows = random_rows([length] * count_for(length), shape.vocabulary)
            table.add(what, f"{length:,}", shape, work, rows)
        rows = random_rows(
            mixture(DOCUMENTS if torch.cuda.is_available() else 128), shape.vocabulary
        )
        table.add(what, "mixture", shape, work, rows)
        own = sentence_transformers(folder, server, dtype)
        if own:
            table.add("sentence-transformers", "mixture", shape, own, rows)


def words(row: Sequence[int]) -> str:
    return " ".join(f"w{number}" for number in row)


def sentence_transformers(folder: Path, server: Server, dtype: torch.dtype) -> Work | None:
    """Its own encoding of the same texts, in its usual batches, sorted by length."""
    if SentenceTransformer is None:
        return None
    server.model.set_attn_implementation("sdpa")
    server.model.save_pretrained(folder)
    first = Transformer(str(folder), max_seq_length=8_192, model_kwargs={"dtype": dtype})
    pooling = Pooling(server.model.config.hidden_size, pooling_mode="cls")
    device = str(server.model.device)
    own = SentenceTransformer(modules=[first, pooling, Normalize()], device=device)

    def work(rows: Sequence[list[int]]) -> object:
        return own.encode(list(map(words, rows)), batch_size=PLAIN_BATCH, show_progress_bar=False)

    return work


def check() -> int:
    """1 if what is served here is not what transformers gives on the CPU, else 0."""
    shape = SHAPES["small"]["classifier"]
    with tempfile.TemporaryDirectory() as name:
        model = make_model(
            "ModelForSequenceClassification", shape, torch.device("cpu"), torch.float32, 3
        )
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.06)
        model.config.id2label = {0: "bad", 1: "good"}
        model.save_pretrained(name)
        save_tokenizer(Path(name), shape.vocabulary)
        one = TransformerClassifier(name, max_tokens=8_192)
        lengths = [*islice(mixture(100), 40), 1, 2_048, 5_000]
        texts = list(map(words, random_rows(lengths, shape.vocabulary)))
        found = one.score(texts)
        alone = [one.score_alone(text) for text in texts]
        tokenizer = one.server.network.tokenizer
        wanted = [_on_cpu(model, tokenizer(text)["input_ids"]) for text in texts]
    tolerance = one.tolerance
    sure = [number for number, (low, high) in enumerate(wanted) if abs(low - high) > 2 * tolerance]
    labels = all(
        (found[n]["good"] > found[n]["bad"]) == (wanted[n][1] > wanted[n][0]) for n in sure
    )
    from_cpu = max(abs(f["good"] - w[1]) for f, w in zip(found, wanted, strict=True))
    from_alone = max(abs(f["good"] - a["good"]) for f, a in zip(found, alone, strict=True))
    print(f"{one.server.model.device}, {one.server.model.dtype}, {one.server.way}:")
    print(f"{len(sure)} of {len(texts)} documents have a clear label, all the same: {labels}")
    print(f"scores differ from the CPU's by {from_cpu:.5f}, from those alone by {from_alone:.5f};")
    print(f"stated: {tolerance}")
    return int(not (labels and max(from_cpu, from_alone) <= tolerance))


def _on_cpu(model: Any, tokens: Sequence[int]) -> tuple[float, float]:
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([tokens])).logits[0]
        low, high = logits.softmax(-1).tolist()
    return low, high


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default="true")
    parser.add_argument("--seconds", type=float, help="of each figure")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        sys.exit(check())
    measure_all(asked.shape, asked.seconds or (6.0 if torch.cuda.is_available() else 1.5))


if __name__ == "__main__":
    main()
