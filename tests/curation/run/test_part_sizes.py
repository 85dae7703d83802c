"""Parts follow from how much there is and from the cores there are."""

from dataclasses import dataclass

import pytest

from curation.run.part_sizes import MIN_PART_BYTES, PartSizing, parts_of_crawl, parts_of_step
from curation.sources.inputs.input_file import InputFile, RecordRange
from curation.storage import StoredFile

MIB = 1 << 20
DEFAULT = 256 * MIB


def crawl_of(*sizes, suffix=".warc.gz"):
    return [InputFile(f"{n}{suffix}", size, "") for n, size in enumerate(sizes)]


def sizes_of(parts, inputs):
    """The bytes that each part is to read of its files."""
    ends = {file.path: file.size for file in inputs}
    return [
        sum(
            sum(each.length for each in piece.split.ranges)
            or (piece.split.end or ends[piece.path]) - piece.split.start
            for piece in part.content.slices
        )
        for part in parts
    ]


@dataclass(frozen=True)
class Done:
    """What a manifest says of the files that a step kept."""

    sizes: tuple[int, ...]

    def files(self, _):
        return [(n, StoredFile(f"{n}.parquet", 1, size, "")) for n, size in enumerate(self.sizes)]


@dataclass(frozen=True)
class Step:
    folder: str = "folder"


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_a_crawl_has_a_few_parts_for_each_core(cores):
    parts = parts_of_crawl(crawl_of(*[100 * MIB] * 8), PartSizing(cores, DEFAULT))
    assert 2 * cores <= len(parts) <= 6 * cores or len(parts) == 8


def test_a_part_is_worth_its_task_however_many_cores_there_are():
    inputs = crawl_of(3 * MIB)
    sizes = sizes_of(parts_of_crawl(inputs, PartSizing(64, DEFAULT)), inputs)
    assert min(sizes) >= MIN_PART_BYTES // 2
    assert len(sizes) == 6


def test_no_part_of_a_large_crawl_is_larger_than_it_may_be():
    inputs = crawl_of(*[5_000 * MIB] * 3)
    sizes = sizes_of(parts_of_crawl(inputs, PartSizing(2, DEFAULT)), inputs)
    assert max(sizes) <= DEFAULT
    assert sum(sizes) == 15_000 * MIB


def test_a_file_that_can_be_split_is_split_evenly():
    inputs = crawl_of(4 * MIB + 7)
    sizes = sizes_of(parts_of_crawl(inputs, PartSizing(1, DEFAULT)), inputs)
    assert len(sizes) == 4
    assert max(sizes) - min(sizes) <= 4


@pytest.mark.parametrize("suffix", [".warc", ".warc.zst", ".jsonl.gz", ".parquet"])
def test_a_file_that_cannot_be_entered_anywhere_is_one_part(suffix):
    [part] = parts_of_crawl(crawl_of(900 * MIB, suffix=suffix), PartSizing(8, DEFAULT))
    assert [piece.split.end for piece in part.content.slices] == [None]


def test_small_files_share_a_part_with_their_neighbours():
    parts = parts_of_crawl(crawl_of(*[1000] * 500), PartSizing(2, DEFAULT))
    files = [piece.file_number for part in parts for piece in part.content.slices]
    assert len(parts) == 1
    assert files == list(range(500))


def test_the_records_of_a_list_are_shared_out_without_loss():
    ranges = tuple(RecordRange(n * 300_000, 200_000) for n in range(20))
    inputs = [InputFile("a.warc.gz", 4_000_000, "", ranges)]
    parts = parts_of_crawl(inputs, PartSizing(2, DEFAULT))
    assert len(parts) > 4
    assert tuple(r for p in parts for s in p.content.slices for r in s.split.ranges) == ranges


def test_what_little_a_step_kept_of_its_parts_is_read_as_fewer():
    parts = parts_of_step(
        Step(), Done((3 * MIB, 1000, 1000, 2 * MIB, 1000)), PartSizing(2, DEFAULT)
    )
    places = [[file.part for file in part.content.files] for part in parts]
    assert places == [[0], [1, 2], [3], [4]]
    assert [part.number for part in parts] == [0, 1, 2, 3]
    parts = parts_of_step(Step(), Done((1000,) * 99), PartSizing(2, DEFAULT))
    assert [file.path for part in parts for file in part.content.files] == [
        f"folder/{n}.parquet" for n in range(99)
    ]
    assert len(parts) == 1


def test_the_parts_of_a_large_step_stay_below_a_quarter_of_a_part_of_the_crawl():
    done = Done((MIB,) * 10_000)
    parts = parts_of_step(Step(), done, PartSizing(2, DEFAULT))
    assert {len(part.content.files) for part in parts} == {64, 10_000 % 64}


def test_a_crawl_or_a_step_of_nothing_has_no_part():
    assert parts_of_crawl([], PartSizing(2, DEFAULT)) == []
    assert parts_of_step(Step(), Done(()), PartSizing(2, DEFAULT)) == []
