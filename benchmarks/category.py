"""Top-1 accuracy of the category model without a checkpoint, both forms, on labelled texts.

    python benchmarks/category.py ../shared/data

Each label of a set is mapped to the classes that answer it; a prediction is right when its class
is among them. ``answered`` is the share of texts that got a class other than the fallback, and
``right when answered`` the accuracy among those. ``before`` is top-1 by the mapping before it was
corrected. All abstracts are ``research_abstract`` by the guide of annotation, and count as wrong
when they get it; ``field`` is top-1 of the likeliest class but that one.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from conf import locate
from curation.training.category import is_held_out, news_titles
from curation.training.coarse_categories import THUCNEWS, answers
from models.category import load
from models.category.trained import TrainedClassifier, choose
from models.taxonomy import read_taxonomy

ABSTRACT = "research_abstract"
TNEWS: Mapping[str, str] = {
    "news_story": "@fiction relationships personal_blog parenting inspirational_essay",
    "news_culture": "@arts @humanities poetry festivals_customs theatre_dance",
    "news_entertainment": "@entertainment",
    "news_sports": "@sports",
    "news_finance": "@economy press_release blockchain",
    "news_house": "real_estate_market property_listing home_decoration",
    "news_car": "cars car_maintenance",
    "news_edu": "@education education_research",
    "news_tech": "technology_news consumer_electronics photography @computing @natural_science "
    "@engineering",
    "news_military": "military_news military_technology world_news international_relations",
    "news_travel": "travel hotels aviation_rail_travel geography_places transport_engineering",
    "news_world": "world_news international_relations military_news disasters_accidents "
    "crime_courts_news",
    "news_stock": "stock_market financial_disclosure economic_news funds_investment "
    "commodities_futures",
    "news_agriculture": "@agriculture botany",
    "news_game": "video_games game_guides mobile_apps",
}
BEFORE: Mapping[str, Mapping[str, str]] = {
    "tnews": {
        "news_edu": "@education",
        "news_tech": "technology_news consumer_electronics photography @computing @natural_science",
        "news_military": "military_news military_technology world_news",
        "news_world": "world_news international_relations military_news",
        "news_stock": "stock_market financial_disclosure economic_news funds_investment",
        "news_game": "video_games game_guides",
    },
    "csldcp": {
        "公共管理": "political_science sociology government_notice labour_welfare @economy",
        "纺织科学与工程": "@engineering chemistry",
    },
}
"""What these labels were mapped to before. The same subject (science, games, shares, the world) had
fewer classes here than in another set, and three labels lacked a class that the guide of annotation
gives their subject: research into education, government at home, fashion."""
AGNEWS: Mapping[str, str] = {
    "1": "world_news domestic_politics international_relations crime_courts_news military_news "
    "disasters_accidents political_science",
    "2": "@sports",
    "3": "@economy technology_news petroleum_gas financial_disclosure labour_welfare cars "
    "aviation_rail_travel",
    "4": "technology_news consumer_electronics @computing @natural_science @engineering "
    "video_games",
}
CSLDCP: Mapping[str, str] = {
    "材料科学与工程": "@engineering chemistry physics",
    "作物学": "@agriculture botany genetics",
    "口腔医学": "@medicine",
    "药学": "@medicine chemistry",
    "教育学": "@education education_research",
    "水利工程": "@engineering",
    "理论经济学": "@economy",
    "食品科学与工程": "food_science nutrition chemistry @agriculture",
    "畜牧学/兽医学": "@agriculture",
    "体育学": "@sports fitness",
    "核科学与技术": "@engineering physics",
    "力学": "physics @engineering",
    "园艺学": "@agriculture botany",
    "水产": "@agriculture",
    "法学": "@law",
    "地质学/地质资源与地质工程": "geology geography_places @engineering",
    "石油与天然气工程": "@engineering geology",
    "农林经济管理": "@economy @agriculture",
    "信息与通信工程": "@computing @engineering",
    "图书馆、情报与档案管理": "library_archives",
    "政治学": "political_science "
    "international_relations domestic_politics philosophy party_organisation",
    "电气工程": "@engineering",
    "海洋科学": "oceanography geology ecology_environment biology meteorology_climate",
    "民族学": "anthropology_folklore sociology chinese_history religion festivals_customs",
    "航空宇航科学与技术": "@engineering",
    "化学/化学工程与技术": "chemistry materials_science",
    "哲学": "philosophy religion classical_chinese",
    "公共卫生与预防医学": "@medicine",
    "艺术学": "@arts @entertainment",
    "农业工程": "@agriculture @engineering",
    "船舶与海洋工程": "@engineering",
    "计算机科学与技术": "@computing",
    "冶金工程": "@engineering chemistry",
    "交通运输工程": "@engineering",
    "动力工程及工程热物理": "@engineering physics",
    "纺织科学与工程": "@engineering chemistry fashion",
    "建筑学": "@engineering",
    "环境科学与工程": "ecology_environment chemistry @engineering",
    "公共管理": "political_science sociology government_notice labour_welfare @economy "
    "domestic_politics",
    "数学": "mathematics",
    "物理学": "physics materials_science",
    "林学/林业工程": "@agriculture botany ecology_environment",
    "心理学": "psychology mental_health",
    "历史学": "chinese_history world_history archaeology_heritage anthropology_folklore",
    "工商管理": "@economy",
    "应用经济学": "@economy",
    "中医学/中药学": "@medicine",
    "天文学": "astronomy physics aerospace",
    "机械工程": "@engineering",
    "土木工程": "@engineering",
    "光学工程": "physics @engineering",
    "地理学": "geography_places "
    "ecology_environment meteorology_climate surveying_remote_sensing architecture_planning",
    "农业资源利用": "@agriculture ecology_environment",
    "生物学/生物科学与工程": "biology genetics zoology botany ecology_environment",
    "兵器科学与技术": "military_technology @engineering",
    "矿业工程": "@engineering geology",
    "大气科学": "meteorology_climate oceanography",
    "基础医学/临床医学": "@medicine",
    "电子科学与技术": "@engineering @computing physics",
    "测绘科学与技术": "surveying_remote_sensing geography_places",
    "控制科学与工程": "@engineering @computing",
    "军事学": "military_technology military_news international_relations",
    "中国语言文学": "literary_studies linguistics classical_chinese chinese_history poetry "
    "literary_prose",
    "新闻传播学": "journalism_media",
    "社会学": "sociology labour_welfare",
    "地球物理学": "geology physics oceanography meteorology_climate",
    "植物保护": "@agriculture botany zoology",
}


def thucnews(folder: Path) -> Iterable[tuple[str, str]]:
    """Titles that no model was trained on; every other one was read for the lexicons."""
    titles = list(news_titles(folder.parent))[1::2]
    return [(title, label) for title, label in titles if is_held_out(title)]


def tnews(folder: Path) -> Iterable[tuple[str, str]]:
    for part in ("train", "dev"):
        path = folder / f"fewclue_tnews_{part}_few_all.json"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["sentence"], row["label_desc"]


def csldcp(folder: Path) -> Iterable[tuple[str, str]]:
    for part in ("train", "dev"):
        path = folder / f"fewclue_csldcp_{part}_few_all.json.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield row["content"], row["label"]


def agnews(folder: Path) -> Iterable[tuple[str, str]]:
    with gzip.open(folder / "agnews_en.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for label, title, description in csv.reader(lines):
            yield f"{title}\n{description}", label


SETS = {
    "thucnews": (thucnews, THUCNEWS),
    "tnews": (tnews, TNEWS),
    "csldcp": (csldcp, CSLDCP),
    "agnews": (agnews, AGNEWS),
}


def hits_of(
    found: Sequence[str], labels: Sequence[str], right: Mapping[str, frozenset[str]]
) -> list[bool]:
    return [one in right[label] for one, label in zip(found, labels, strict=True)]


def fields(model: TrainedClassifier, texts: Sequence[str]) -> list[str]:
    """The class of each text, were there none for abstracts."""
    chances = model.chances(texts)
    chances[:, model.weights.classes.index(ABSTRACT)] = 0
    return [model.weights.classes[one] for one in choose(chances, model.groups)]


def measure(name: str, folder: Path, model_name: str, *, verbose: bool) -> None:
    read, mapping = SETS[name]
    right = answers(mapping)
    rows = [row for row in read(folder) if row[1] in right]
    model = load(model_name)
    begin = time.perf_counter()
    scores = model.score([text for text, _ in rows])
    seconds = time.perf_counter() - begin
    fallback = read_taxonomy(locate("taxonomy.toml")).fallback
    answered = [s.category != fallback for s in scores]
    labels = [label for _, label in rows]
    found = [one.category for one in scores]
    hits = hits_of(found, labels, right)
    megabytes = sum(len(text.encode()) for text, _ in rows) / 1e6
    print(
        f"{model_name:9}{name:10} {len(rows):6} texts  top-1 {sum(hits) / len(rows):.3f}  "
        f"answered {sum(answered) / len(rows):.3f}  "
        f"right when answered {sum(hits) / max(sum(answered), 1):.3f}  "
        f"{megabytes / seconds:.1f} MB/s"
    )
    if name in BEFORE:
        before = hits_of(found, labels, answers({**mapping, **BEFORE[name]}))
        print(f"   before {sum(before) / len(rows):.3f}")
    if name == "csldcp" and isinstance(model, TrainedClassifier):
        field = hits_of(fields(model, [text for text, _ in rows]), labels, right)
        print(f"   field {sum(field) / len(rows):.3f}")
    if not verbose:
        return
    for label in sorted(right):
        mine = [i for i, row in enumerate(rows) if row[1] == label]
        wrong = Counter(scores[i].category for i in mine if not hits[i])
        share = sum(hits[i] for i in mine) / max(len(mine), 1)
        print(f"   {label:24} {len(mine):5} {share:.2f}  {dict(wrong.most_common(6))}")


if __name__ == "__main__":
    data = Path(sys.argv[1]) / "labels"
    for which in SETS:
        for form in ("lexicon", "embedded"):
            measure(which, data, form, verbose="--labels" in sys.argv)
