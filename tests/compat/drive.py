"""Drives a running studio with whichever `openai` is on the path, and tells how it went.

    PYTHONPATH=.venv/compat/openai-3.52.0 python -S tests/compat/drive.py '{"url": ...}'

A line of JSON for each check: {"check", "result": passed | failed | absent, "said"}. `absent` is
what this version of the client has no means for.
"""

from __future__ import annotations

import json
import sys
import traceback
import warnings

import checks_of_errors
import checks_of_videos
from driver import Absent, Drive

ALLOWED = (DeprecationWarning, ResourceWarning)


def main() -> None:
    drive = Drive(json.loads(sys.argv[1]))
    checks = {**vars(checks_of_videos), **vars(checks_of_errors)}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name, check in checks.items():
            if not name.startswith("check_"):
                continue
            result, said = "passed", ""
            try:
                check(drive)
            except Absent as why:
                result, said = "absent", str(why)
            except Exception:
                result, said = "failed", traceback.format_exc()[-1500:]
            tell(name.removeprefix("check_"), result, said)
    others = {str(one.message) for one in caught if not issubclass(one.category, ALLOWED)}
    tell("warnings", "failed" if others else "passed", "; ".join(sorted(others))[:500])


def tell(check: str, result: str, said: str) -> None:
    print(json.dumps({"check": check, "result": result, "said": said}), flush=True)


if __name__ == "__main__":
    main()
