"""Where data lies, on each platform; and a bar that tells the time left."""

from __future__ import annotations

import io
from pathlib import Path

from yozora.cli.progress import Progress
from yozora.home import home


def test_home_is_where_the_platform_keeps_data():
    assert home({"YOZORA_HOME": "/data"}) == Path("/data")
    assert home({"XDG_DATA_HOME": "/x"}, "linux") == Path("/x/yozora")
    assert home({}, "linux").parts[-3:] == (".local", "share", "yozora")
    assert home({}, "darwin").parts[-2:] == ("Application Support", "yozora")
    assert home({"LOCALAPPDATA": "/a"}, "win32") == Path("/a/yozora")


def test_progress_tells_the_time_left():
    times = iter([0.0, 6.0, 7.0, 12.0])
    stream = io.StringIO()
    bar = Progress("making", stream, clock=lambda: next(times))
    for done in (2, 3, 4):
        bar.update(done, 4)
    assert stream.getvalue() == "making 2/4, 6 s left\nmaking 4/4, 0 s left\n"
