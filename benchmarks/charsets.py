"""Charsets: what decoding costs, and how far Chinese stands from what is none.

    python -m benchmarks.charsets DATA

DATA holds ``extraction``, ``encoding`` and ``lid`` (the folder of real pages). Costs are those of
one core, beside resiliparse's detector and decoder. Shares are of frequent characters: the lowest
of real Chinese pages, the highest of such in GB18030 or Big5 that are read as the other, and of
text in other languages, written in their charsets and read as Chinese.
"""

import gzip
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stages.extract.charset import decode
from stages.extract.encodings import decode_as
from stages.extract.encodings.chinese import CHINESE, chinese_share

CHARSETS = {
    "rus": ("koi8-r", "windows-1251", "iso-8859-5", "cp866"), "ukr": ("koi8-u", "windows-1251"),
    "kor": ("cp949",), "jpn": ("cp932", "euc_jp"), "tha": ("cp874",), "heb": ("windows-1255",),
    "arb": ("windows-1256", "iso-8859-6"), "ell_monotonic": ("windows-1253",),
    "vie": ("windows-1258",), "pol": ("windows-1250",), "tur": ("windows-1254",),
    "fra": ("windows-1252",), "deu_1901": ("windows-1252",),
}  # fmt: skip


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def folders(data: Path) -> dict[str, list[bytes]]:
    """Pages by where they are from and whether they are UTF-8."""
    sources = {
        "Chinese": data / "extraction" / "zh" / "html",
        "English": data / "extraction" / "en" / "html",
        "foreign": data / "lid" / "foreign_html",
        "Big5": data / "encoding" / "g0v_big5" / "raw",
    }
    found: dict[str, list[bytes]] = {}
    for name, folder in sources.items():
        for path in sorted(folder.iterdir())[:150]:
            if path.suffix != ".jsonl":
                body = read(path)
                kind = "UTF-8" if decode(body).charset == "utf-8" else "others"
                found.setdefault(f"{name}, {kind}", []).append(body)
    return found


def cost(run: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    """Milliseconds a page, in the best of three rounds."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for body in bodies:
            run(body)
        rounds.append(time.process_time() - start)
    return min(rounds) / len(bodies) * 1000


def with_resiliparse(body: bytes) -> str:
    return bytes_to_str(body, detect_encoding(body) or "utf-8")


def shares(bodies: Sequence[bytes]) -> tuple[list[float], list[float]]:
    """The share of frequent letters of each page, as it is and read in the other encoding."""
    own: list[float] = []
    other: list[float] = []
    for body in bodies:
        decoded = decode(body)
        own.append(chinese_share(decoded.text).share)
        wrong = "big5" if decoded.charset == "gb18030" else "gb18030"
        if decoded.charset in CHINESE:
            other.append(chinese_share(decode_as(body, wrong).text).share)
    return own, other


def foreign_shares(data: Path) -> Iterator[tuple[float, str]]:
    for path in sorted((data / "encoding" / "chardet" / "EUC-JP").iterdir()):
        for encoding in CHINESE:
            text = decode_as(path.read_bytes(), encoding).text
            yield chinese_share(text).share, f"{path.name} as {encoding}"
    with zipfile.ZipFile(data / "lid" / "udhr2.zip") as declarations:
        for language, charsets in CHARSETS.items():
            text = declarations.read(f"udhr2/{language}.txt").decode("utf-8", "ignore")
            for charset in charsets:
                body = text.encode(charset, "ignore")
                for encoding in CHINESE:
                    share = chinese_share(decode_as(body, encoding).text).share
                    yield share, f"{language} in {charset} as {encoding}"


def main() -> None:
    data = Path(sys.argv[1])
    print(f"{'pages':>20}{'number':>8}{'kB':>7}{'ours, ms':>10}{'resiliparse':>13}")
    pages = folders(data)
    for name, bodies in pages.items():
        size = sum(map(len, bodies)) / len(bodies) / 1000
        ours, other = cost(decode, bodies), cost(with_resiliparse, bodies)
        print(f"{name:>20}{len(bodies):8}{size:7.0f}{ours:10.3f}{other:13.3f}")
    chinese = (body for name in pages if name[:4] in {"Chin", "Big5"} for body in pages[name])
    own, wrong = shares(list(chinese))
    print(f"{len(own)} Chinese pages: lowest share {min(own):.2f}, else {max(wrong):.2f} at most")
    for share, name in sorted(foreign_shares(data), reverse=True)[:3]:
        print(f"{name}: {share:.2f}")


if __name__ == "__main__":
    main()
