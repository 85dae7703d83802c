"""What every stage promises, as checks for the tests of whoever writes one.

>>> from curation.testing import check_stage
>>> from stages.language import Language
>>> check_stage(Language(min_confidence=0.9))
"""

from curation.testing.checks import Check, check_stage, checks_of

__all__ = ["Check", "check_stage", "checks_of"]
