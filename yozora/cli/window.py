"""A window that shows a live film, with a line to steer it by."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yozora.cli.steering import steer_live
from yozora.request import RequestError

if TYPE_CHECKING:
    from yozora.engine.finish import Frame
    from yozora.live import Live

AHEAD = 8  # frames that wait to be shown: more would make words late
SIDE = 640  # pixels that a picture is at least wide on the screen
NO_DISPLAY = (
    "there is no display to show the film on: name a file with -o film.mp4, or pipe it as "
    "yozora stream ... -o - --format y4m | ffplay -"
)


def check_display() -> None:
    """Raises RequestError where no window can be opened."""
    _window().destroy()


def _window() -> Any:
    try:
        import tkinter

        return tkinter.Tk()
    except ImportError as error:
        raise RequestError(NO_DISPLAY) from error
    except tkinter.TclError as error:
        raise RequestError(NO_DISPLAY) from error


def show_live(live: Live, say: Callable[[str], None]) -> None:
    """Until the film ends or the window is closed. Space pauses; Enter sends the line of words."""
    import tkinter

    root = _window()
    root.title(f"Yozora: {live.caption[:60]}")
    width, _ = live.size
    times = max(1, round(SIDE / width))
    screen = tkinter.Label(root, background="black")
    screen.pack()
    line = tkinter.Entry(root)
    line.pack(fill="x")
    told = tkinter.Label(root, text=live.caption, anchor="w")
    told.pack(fill="x")
    ready: queue.Queue[Frame | None] = queue.Queue(AHEAD)
    failed: list[BaseException] = []

    def make() -> None:
        try:
            for frame in live:
                ready.put(frame)
        except BaseException as error:
            failed.append(error)
        ready.put(None)

    def tell(sentence: str) -> None:
        told.configure(text=sentence)
        say(sentence)

    def steer(_: object) -> None:
        words = line.get().strip()
        line.delete(0, "end")
        if words:
            steer_live(live, words, tell)

    def pause(event: Any) -> None:
        if event.widget is not line:
            (live.resume if live.paused else live.pause)()

    begun: list[float] = []  # when the first frame was shown, on a clock that stands still when
    # nothing is ready

    def tick() -> None:
        wait = 1.0 / float(live.fps)
        try:
            frame = ready.get_nowait()
        except queue.Empty:
            begun.clear()
            root.after(5, tick)
            return
        if frame is None:
            root.quit()
            return
        rows, cols = frame.shape[:2]
        header = f"P6 {cols} {rows} 255 ".encode()
        picture = tkinter.PhotoImage(data=header + frame.tobytes(), format="PPM").zoom(times)
        screen.configure(image=picture)
        screen.image = picture  # type: ignore[attr-defined]  # else it is collected while shown
        now = time.monotonic()
        due = (begun[0] if begun else now) + wait
        begun[:] = [due]
        root.after(max(1, round(1000 * (due - now))), tick)

    line.bind("<Return>", steer)
    root.bind("<space>", pause)
    root.bind("<Escape>", lambda _: root.quit())
    root.protocol("WM_DELETE_WINDOW", root.quit)
    threading.Thread(target=make, daemon=True).start()
    root.after(1, tick)
    try:
        root.mainloop()
    finally:
        live.stop()
        while not ready.empty():
            ready.get_nowait()
        root.destroy()
    if failed:
        raise failed[0]
