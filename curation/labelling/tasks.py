"""What can be labelled: which values there are, what is asked, and whose score is sampled by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from pydantic import JsonValue

from conf import locate
from curation.errors import UsageError
from curation.storage.stage_description import StageDescription
from models.taxonomy import read_taxonomy
from stages.base import Row
from stages.category import Category
from stages.page_type import REASONS, PageType

MAIN, CLUTTER = "main", "clutter"
"""What a line is called where it is asked of; files of labels have 1 and 0."""

QUALITIES = ("good", "middling", "poor")

CHINESE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "article": "文章",
        "documentation": "文档、手册",
        "forum": "论坛、问答",
        "listing": "列表、频道页",
        "product": "商品",
        "service": "服务、登录、出错页",
        "tool": "在线工具",
        "audio": "音频",
        "video": "视频",
        "adult": "色情",
        "gambling": "赌博",
        "good": "优",
        "middling": "中",
        "poor": "差",
    }
)
"""What annotators read beside a value; classes of the taxonomy have names of their own."""


@dataclass(frozen=True, slots=True)
class ScoredBy:
    """How sure the stage was of a document, from 0 to 1, and where its mind would change.

    ``columns`` are those of the stage that ``score`` reads; it gets its configuration too.
    """

    columns: tuple[str, ...]
    score: Callable[[Row, Mapping[str, JsonValue]], float | None]
    threshold: Callable[[Mapping[str, JsonValue]], float]


@dataclass(frozen=True, slots=True)
class LabelTask:
    """One thing to be labelled, named as the stage that judges by it.

    ``guide`` is a path in the repository, whose file also ships with the package. ``question`` is
    by language. ``class_column`` is the column in which the stage writes a class, "" for none.
    """

    name: str
    question: Mapping[str, str]
    values: Callable[[Mapping[str, JsonValue]], tuple[str, ...]]
    scored_by: ScoredBy
    class_column: str = ""
    asks_lines: bool = False

    @property
    def guide(self) -> str:
        """Where the repository has what the values mean."""
        return f"docs/annotation/{self.name}.md"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a run's rows that it is sampled by."""
        return (*self.scored_by.columns, *filter(None, [self.class_column]))

    def guide_text(self) -> str:
        """The guide."""
        return (files(__package__) / "guides" / f"{self.name}.md").read_text("utf-8")


def _page_types(configuration: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """The types that the stage keeps, and those that it has a reason to remove."""
    return tuple(dict.fromkeys((*_kept(configuration), *REASONS)))


def _kept(configuration: Mapping[str, JsonValue]) -> tuple[str, ...]:
    kept = configuration.get("kept")
    return tuple(map(str, kept)) if isinstance(kept, list | tuple) else PageType().kept


def _kept_share(row: Row, configuration: Mapping[str, JsonValue]) -> float | None:
    """The least that the kept types have together, or the most; their sum is not stored."""
    score = row["page_type_score"]
    if score is None:
        return None
    return float(score if row["page_type"] in _kept(configuration) else 1 - score)


def _classes(configuration: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """The ids of the taxonomy that the run had."""
    taxonomy = read_taxonomy(locate(str(configuration.get("taxonomy", Category().taxonomy))))
    return tuple(one.id for one in taxonomy.classes)


def _column(name: str) -> Callable[[Row, Mapping[str, JsonValue]], float | None]:
    return lambda row, _: row[name]


def _setting(name: str) -> Callable[[Mapping[str, JsonValue]], float]:
    def threshold(configuration: Mapping[str, JsonValue]) -> float:
        value = configuration.get(name)
        return float(value) if isinstance(value, int | float) else 0.5

    return threshold


def _always(threshold: float) -> Callable[[Mapping[str, JsonValue]], float]:
    return lambda _: threshold


_ALL = (
    LabelTask(
        name="page_type",
        question={
            "en": "What does a visitor come to this page for?",
            "zh": "访问者打开这个页面的主要目的是什么?",
        },
        values=_page_types,
        scored_by=ScoredBy(
            ("page_type", "page_type_score"), _kept_share, _setting("min_kept_probability")
        ),
        class_column="page_type",
    ),
    LabelTask(
        name="clutter",
        question={
            "en": "For each line: is it main text, or clutter that the site adds?",
            "zh": "逐行判断:这一行是正文,还是网站附加的杂项?",
        },
        values=lambda _: (MAIN, CLUTTER),
        # The mean of a document's lines: around a half, main text and clutter stand side by side.
        scored_by=ScoredBy(("clutter_score",), _column("clutter_score"), _always(0.5)),
        asks_lines=True,
    ),
    LabelTask(
        name="quality",
        question={
            "en": "What does a language model gain by reading this text whole?",
            "zh": "语言模型通读这篇文本能有多少收获?",
        },
        values=lambda _: QUALITIES,
        scored_by=ScoredBy(("quality",), _column("quality"), _setting("min_quality")),
    ),
    LabelTask(
        name="category",
        question={
            "en": "What is the main subject of this text?",
            "zh": "这篇文本的主要主题是什么?",
        },
        values=_classes,
        # It removes nothing: what it is least sure of teaches most.
        scored_by=ScoredBy(("category_score",), _column("category_score"), _always(0.0)),
        class_column="category",
    ),
)

TASKS: Mapping[str, LabelTask] = MappingProxyType({task.name: task for task in _ALL})


def find_task(name: str) -> LabelTask:
    """The task of that name. Raises UsageError, naming those that there are."""
    if name not in TASKS:
        raise UsageError(f"{name!r}: is no task of labels; there are {', '.join(TASKS)}")
    return TASKS[name]


def values_of(task: LabelTask, stage: StageDescription) -> tuple[str, ...]:
    """The values that a label may have in a run whose stage is so configured.

    Raises UsageError where the run's taxonomy is no longer there.
    """
    try:
        return task.values(stage.configuration)
    except OSError as error:
        raise UsageError(f"stage {stage.name} of the run: {error}") from error


def names_of(task: LabelTask) -> Mapping[str, str]:
    """What annotators read beside the values; those of a taxonomy of the user's own have none."""
    if task.name != Category.name:
        return CHINESE_NAMES
    classes = read_taxonomy(locate(Category().taxonomy)).classes
    return {one.id: " · ".join(one.names.values()) for one in classes}
