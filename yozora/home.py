"""Where Yozora keeps data: `YOZORA_HOME`, else the platform's data folder."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path


def home(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder; not made yet."""
    if named := environment.get("YOZORA_HOME"):
        return Path(named)
    try:
        user = Path.home()
    except RuntimeError:  # a user whom the system does not know
        user = Path(tempfile.gettempdir())
    if platform == "darwin":
        return user / "Library" / "Application Support" / "yozora"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA", str(user))) / "yozora"
    return Path(environment.get("XDG_DATA_HOME", str(user / ".local" / "share"))) / "yozora"
