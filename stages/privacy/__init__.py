"""Personal data: found by form and check digits, masked; documents and sites full of it removed."""

from stages.privacy.finding import find
from stages.privacy.kinds import PLACEHOLDERS, PersonalData, PersonalDataKind
from stages.privacy.masking import mask
from stages.privacy.stage import Privacy, PrivacyReason

__all__ = [
    "PLACEHOLDERS",
    "PersonalData",
    "PersonalDataKind",
    "Privacy",
    "PrivacyReason",
    "find",
    "mask",
]
