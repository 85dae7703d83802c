"""No stage hangs on a text, raises on one, or takes more than time in proportion to its length."""

import signal

import pytest

from curation.testing import samples
from stages.base import CorpusStage
from stages.chain import ChainError, Document, open_chain, run_chain
from stages.registry import STAGES
from tests.hostile.texts import hostile_texts

CHARS = 5000  # 0.01 to 0.1 s in any stage; a pattern of cubic time took a minute
LIMIT_S = 10

TEXTS = hostile_texts(CHARS)
# Those that read HTML get hostile pages in tests/hostile.
STAGES_OF_TEXTS = sorted(name for name, stage in STAGES.items() if "text" in stage.reads)


class TookTooLongError(BaseException):
    """Passes every catch-all."""


@pytest.fixture
def limit():
    """Interrupts a text that takes too long; Python's regular expressions look at signals too."""

    def stop(*_):
        raise TookTooLongError

    before = signal.signal(signal.SIGALRM, stop)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def documents():
    """A document for each text, with the columns of an ordinary one."""
    ordinary = samples.documents()
    for number, (name, text) in enumerate(TEXTS.items()):
        row = dict(ordinary[number % len(ordinary)])
        yield name, {**row, "text": text, "body": b"", "content_type": "text/plain"}


@pytest.mark.parametrize("name", STAGES_OF_TEXTS)
def test_a_stage_judges_every_hostile_text_in_time(name, limit):
    stage = STAGES[name]()
    # What a corpus stage makes of a text is its keys; it judges by the flags that they raise.
    keys = stage.open_keys() if isinstance(stage, CorpusStage) else None
    chain = [] if keys else open_chain([stage])
    for text_name, row in documents():
        document = Document(row)
        limit()
        try:
            if keys:
                (made,) = keys([{column: row[column] for column in stage.reads}])
                assert set(made) == set(stage.keys), text_name
            run_chain(chain, [document])
        except TookTooLongError:
            pytest.fail(f"{name} took more than {LIMIT_S} s for {CHARS} characters of {text_name}")
        assert document.reason != ChainError.STAGE_FAILED, (text_name, document.detail)
