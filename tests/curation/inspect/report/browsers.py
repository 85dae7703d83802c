"""The browser that reports are opened in, and where its pictures go."""

import os
import shutil
from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def picture_folder(otherwise: Path) -> Path:
    """The folder that ``REPORT_SCREENSHOTS`` names, or another one."""
    folder = Path(os.environ.get("REPORT_SCREENSHOTS") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
