from curation.sources.reader import SourceOptions, read
from curation.sources.tables import ParquetReader, TableReader
from curation.sources.warc import WarcReader


def test_the_suffix_decides_which_reader_reads():
    options = SourceOptions(max_body_bytes=5)
    assert isinstance(read("s3://b/A.PARQUET", options), ParquetReader)
    assert isinstance(read("a.jsonl.zst", options), TableReader)
    warc = read("a.anything", options)
    assert isinstance(warc, WarcReader)
    assert warc.max_body_bytes == 5
