"""What every stage and every output promises, as checks for the tests of whoever writes one.

>>> from curation.testing import check_stage
>>> from stages.language import Language
>>> check_stage(Language(min_confidence=0.9))
"""

from curation.testing.checks import Check, check_stage, checks_of
from curation.testing.output_checks import check_output

__all__ = ["Check", "check_output", "check_stage", "checks_of"]
