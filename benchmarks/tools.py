"""What the editor's tools keep and change, with the weights that ship and the default settings.

    python benchmarks/tools.py [--cases 20] [--out DIR] [--only remix,loop]

Each case is a film of two seconds of a held-out scene, seed i, and every tool is used on it as a
person would, on files. The judge says what is in a film before and after; the layout is compared by
a linear map from latents to the logarithm of depth, fitted here to the world's labels. `join` is
the step into a joined frame over the median step, `beside` that over the median step where two
latent frames meet; `inside` the
largest step in what was made and into it, over that too. `stayed` is what the judge names as
before; `right stayed` that of what it named as the caption has it, `again` what it names the same
after a film went through the tokenizer once more: the most that `stayed` can be. `words`: what was
asked for is named in a film that is made of the new caption alone. `in one`: of the two halves of
a film that is made in one go. Of an
insert `added` is what the judge names in the whole film, where another subject comes first; `near`
what it names in the box and half of its sides around it, `near was` what it named there before. In
`alone` the place is empty, so that the judge is asked for the one subject of a whole film; `words`
is a film of the same caption, made of nothing. Prints a table and one JSON line a case; a run that
is stopped goes on in its folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from layout import Depth

from yozora import editing
from yozora.desk import Desk
from yozora.engine.protocol import Engine, Frames
from yozora.media.latents import latents_path, load_latents
from yozora.model.checkpoint import load_judge, weights_folder
from yozora.model.judge import Judge
from yozora.model.layers import compute_dtype
from yozora.render import Edit, render
from yozora.request import Request
from yozora.training.eval_clips import held_out_scene
from yozora.training.measures import psnr
from yozora.world.captions import caption, caption_said
from yozora.world.parsing import parse
from yozora.world.phrases import CANONICAL
from yozora.world.scene import COLOURS, STYLES, TIMES, WEATHERS, Scene

SECONDS = 2.0
COLUMNS = ("subject", "colour", "place", "time", "weather", "style", "camera", "count")
WHO = {"subject": "kind", "colour": "colour"}
CUT, LOOP = 1.5, 1.2  # times the median step
WINDOW = (0.5, 1.25)  # seconds of a retake
CORNER = (0.62, 0.45, 0.36, 0.5)  # of an insert
MIDDLE = (0.3, 0.15, 0.4, 0.75)  # of one where nobody is
NEAR = (
    0.5  # of a box's sides around it, as far as the judge sees: films of one subject that are cut
)
# closer than that it no longer names
INSERTED = ("a red ball", "a yellow balloon", "a blue box", "a white flower")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("tools-benchmark"))
    parser.add_argument("--only", default="", help="tools, by commas; all unless told")
    arguments = parser.parse_args()
    only = [name for name in arguments.only.split(",") if name] or list(TOOLS)
    arguments.out.mkdir(parents=True, exist_ok=True)
    kept = arguments.out / "cases.jsonl"
    lines = kept.read_text().splitlines() if kept.exists() else []
    rows = {(row["tool"], row["case"]): row for row in map(json.loads, lines)}
    bench = Bench(arguments.out)
    with kept.open("a") as file:
        for case in range(arguments.cases):
            for tool in only:
                if (tool, case) in rows:
                    continue
                row = {"tool": tool, "case": case, **TOOLS[tool](bench, case)}
                rows[tool, case] = row
                print(json.dumps(row), file=file, flush=True)
                print(json.dumps(row), file=sys.stderr, flush=True)
    for line in table([row for row in rows.values() if row["case"] < arguments.cases]):
        print(line)


class Bench:
    """The engine, the judge and the head for depth, and films that several tools use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk.open()
        judge, _ = load_judge(weights_folder() / "judge.safetensors")
        self.judge: Judge = judge.to(compute_dtype())
        self._depth: Depth | None = None

    @property
    def engine(self) -> Engine:
        return self.desk.engine

    @property
    def depth(self) -> Depth:
        self._depth = self._depth or Depth.fitted(self.engine)
        return self._depth

    def scene(self, case: int) -> Scene:
        return replace(held_out_scene(case).as_one_act(), length_s=SECONDS)

    def film(
        self, case: int, words: str = "", name: str = "film", seconds: float = SECONDS
    ) -> Path:
        """A film of words, made once; of the case's scene, unless told."""
        path = self.folder / f"{name}-{case}.mp4"
        if not path.exists():
            words = words or caption(self.scene(case))
            wish = Request(words, path, seconds, seed=case, enhance=False)
            render(wish, engine=self.engine, finisher=self.desk.finisher)
        return path

    def wish(self, name: str, case: int, prompt: str = "", **more: Any) -> Request:
        return Request(prompt, self.folder / f"{name}-{case}.mp4", seed=1000 + case, **more)

    def frames(self, case: int) -> Frames:
        """A film of words as it was before it was coded."""
        return self.decoded(self.film(case))

    def decoded(self, film: Path) -> Frames:
        return self.engine.decode(load_latents(latents_path(film)).latents_FCHW)

    def made(self, edit: Edit) -> tuple[Frames, Path]:
        """An edit's frames before they are coded, and its file."""
        frames: list[Any] = []
        (result,) = self.desk.make(edit, on_frame=frames.append)
        return np.stack(frames), result.path

    def ratio(self, frames: Frames, at: list[int], closed: bool = False) -> dict[str, float]:
        """The largest step before the frames `at` over the median step, and over the median step
        where two latent frames meet."""
        step, k = steps(frames, closed), self.engine.grid.frames_per_latent
        worst = max(float(step[n - 1]) for n in at)
        made = range(at[0], at[-1] + 1)
        meeting = [step[n - 1] for n in range(k, len(frames), k) if n not in made]
        usual = float(np.median(meeting or step))
        found = {"join": worst / float(np.median(step)), "beside": worst / usual}
        return found | ({"inside": float(step[at[0] - 1 : at[1]].max()) / usual} if at[1:] else {})

    def seen(self, frames: Frames) -> dict[str, str]:
        opinion = self.judge.look(frames, self.engine.grid.fps)
        return {column: opinion.best(column) for column in COLUMNS}

    def shown(self, frames: Frames) -> set[str]:
        """Kinds and colours of the first two subjects."""
        opinion = self.judge.look(np.ascontiguousarray(frames), self.engine.grid.fps)
        columns = ("subject", "second_subject", "colour", "second_colour")
        return {opinion.best(column) for column in columns}


def steps(frames: Frames, closed: bool = False) -> np.ndarray:
    """Mean change from each frame to the next; of a closed film also from its last to its first."""
    x = frames.astype(np.int16)
    found = [np.abs(b - a).mean() for a, b in pairwise(x)]
    return np.array([*found, np.abs(x[0] - x[-1]).mean()] if closed else found)


# Tools: (bench, case) -> what was measured --------------------------------------------------------


def asked_of(scene: Scene, case: int) -> tuple[str, str, str]:
    """(column, value, words) of a change that a scene can take."""
    tables = {"style": STYLES, "time": TIMES, "weather": WEATHERS, "colour": COLOURS}
    order = ["place", "style", "colour", "time", "weather"]
    told = caption(scene)
    for turn in range(len(order)):
        column = order[(case + turn) % len(order)]
        if column == "place":
            others = [p for p in ("beach", "park", "library", "snow field") if p != scene.place]
            value = others[case % len(others)]
            return column, value, CANONICAL["place"][value]
        if column == "colour":
            if not scene.subjects or scene.subjects[0].worn or len(scene.subjects) > 1:
                continue
            others = [c for c in ("red", "blue", "white", "green") if c != scene.subjects[0].colour]
            return column, others[case % 3], f"make it {others[case % 3]}"
        now = getattr(scene, column)
        if CANONICAL[column].get(now, "-") not in told:
            continue  # it does not show in this place
        others = [value for value in tables[column] if value != now]
        value = others[case % len(others)]
        return column, value, CANONICAL[column][value]
    raise AssertionError("a style shows everywhere")


def said_of(scene: Scene) -> dict[str, str | None]:
    """What a scene's caption says, by the judge's columns."""
    said = parse(caption(scene))
    told = {name: getattr(said, name) for name in ("place", "time", "weather", "style", "camera")}
    who = said.subjects[:1]
    return told | {name: getattr(one, of) for one in who for name, of in WHO.items()}


def mean(found: list[bool]) -> float | None:
    return float(np.mean(found)) if found else None


def remix(bench: Bench, case: int, strength: str | float = "mild") -> dict[str, Any]:
    film = bench.film(case)
    column, value, change = asked_of(bench.scene(case), case)
    wish = bench.wish("remix", case, change)
    edit = editing.remix(bench.desk, wish, film, strength)
    frames, path = bench.made(edit)
    before, after = bench.seen(bench.frames(case)), bench.seen(frames)
    again = bench.seen(bench.engine.decode(bench.engine.encode(bench.frames(case))))
    words = bench.film(case, edit.timeline.spans[0].caption, "remixed")
    told = said_of(bench.scene(case))
    hidden = {"time", "weather", "camera"} if column == "place" else set()
    others = [c for c in COLUMNS if c != column and c not in hidden]
    one, other = (load_latents(latents_path(p)).latents_FCHW for p in (film, path))
    return {
        "column": column,
        "changed": after[column] == value,
        "was": before[column] == value,
        "words": bench.seen(bench.decoded(words))[column] == value,
        "again": float(np.mean([before[c] == again[c] for c in others])),
        "stayed": float(np.mean([before[c] == after[c] for c in others])),
        "right stayed": mean([before[c] == after[c] for c in others if before[c] == told.get(c)]),
        "layout": bench.depth.agreement(one, other),
        "psnr": psnr(bench.frames(case), frames),
    }


def loop(bench: Bench, case: int) -> dict[str, Any]:
    wish = bench.wish("loop", case)
    frames, _ = bench.made(editing.loop(bench.desk, wish, bench.film(case), "normal"))
    seam = bench.ratio(frames, [len(frames)], closed=True)
    begins = bench.ratio(frames, [round(SECONDS * bench.engine.grid.fps)])
    return {"seam": seam["join"], "seam beside": seam["beside"], **begins}


def blend(bench: Bench, case: int) -> dict[str, Any]:
    wish = bench.wish("blend", case)
    one, other = bench.film(case), bench.film(case + 1)
    frames, _ = bench.made(editing.blend(bench.desk, wish, one, other, overlap_s=4 / 3))
    fps = bench.engine.grid.fps
    return dict(bench.ratio(frames, [round(2 / 3 * fps), round(2 * fps)]))


def bridge(bench: Bench, case: int) -> dict[str, Any]:
    """Two cards with media, and the gap between them."""
    wish = bench.wish("bridge", case, caption(bench.scene(case)), seconds=4 / 3)
    one, other = bench.film(case), bench.film(case + 1)
    frames, _ = bench.made(editing.extend(bench.desk, wish, one, ending=other))
    fps = bench.engine.grid.fps
    return dict(bench.ratio(frames, [round(2 * fps), round(10 / 3 * fps)]))


def retake(bench: Bench, case: int) -> dict[str, Any]:
    wish = bench.wish("retake", case, caption(bench.scene(case)))
    after, _ = bench.made(editing.retake(bench.desk, wish, bench.film(case), *WINDOW))
    fps = bench.engine.grid.fps
    first, last = (round(s * fps) for s in WINDOW)
    before = bench.frames(case)
    outside = np.r_[0:first, last : len(before)]
    return {
        "outside": bool(np.array_equal(before[outside], after[outside])),
        "changed": psnr(before[first:last], after[first:last]),
        **bench.ratio(after, [first, last]),
    }


def insert(bench: Bench, case: int) -> dict[str, Any]:
    film, thing = bench.film(case), INSERTED[case % len(INSERTED)]
    _, colour, kind = thing.split()
    wish = bench.wish("insert", case, f"add {thing}")
    after, _ = bench.made(editing.insert(bench.desk, wish, film, editing.Where(box=CORNER)))
    before = bench.frames(case)
    inside = np.zeros(before.shape[:3], bool)
    part(inside, CORNER)[:] = True
    was, near = (bench.shown(part(frames, CORNER, NEAR)) for frames in (before, after))
    return {
        "added": kind in bench.shown(after),
        "near": kind in near,
        "near was": kind in was,
        "colour": colour in near,
        "colour was": colour in was,
        "rest": psnr(before, after, ~inside),
    }


def part(frames: np.ndarray, box: tuple[float, float, float, float], around: float = 0.0) -> Any:
    """A box of each frame, and so much of its sides around it."""
    height, width = frames.shape[1:3]
    x, y, w, h = box
    left, right = max(x - around * w, 0.0), min(x + w + around * w, 1.0)
    top, bottom = max(y - around * h, 0.0), min(y + h + around * h, 1.0)
    rows = slice(round(top * height), round(bottom * height))
    return frames[:, rows, round(left * width) : round(right * width)]


def alone(bench: Bench, case: int) -> dict[str, Any]:
    """An insert into a place where nobody is, and a film of the same words."""
    _, colour, kind = (thing := INSERTED[case % len(INSERTED)]).split()
    place = replace(parse(caption(bench.scene(case))), subjects=(), relation=None)
    film = bench.film(case, caption_said(place), "place")
    wish = bench.wish("alone", case, f"add {thing}")
    edit = editing.insert(bench.desk, wish, film, editing.Where(box=MIDDLE))
    after, _ = bench.made(edit)
    words = bench.film(case, edit.timeline.spans[0].caption, "words")
    before, of_words = bench.decoded(film), bench.decoded(words)
    was, now, best = (bench.seen(frames) for frames in (before, after, of_words))
    return {
        "named": now["subject"] == kind,
        "was": was["subject"] == kind,
        "words": best["subject"] == kind,
        "colour": now["colour"] == colour,
        "colour words": best["colour"] == colour,
    }


def extend(bench: Bench, case: int) -> dict[str, Any]:
    wish = bench.wish("extend", case, caption(bench.scene(case)), seconds=SECONDS)
    frames, _ = bench.made(editing.extend(bench.desk, wish, bench.film(case)))
    count = round(SECONDS * bench.engine.grid.fps)
    before, after = bench.seen(frames[:count]), bench.seen(frames[count:])
    whole = bench.decoded(bench.film(case, wish.prompt, "whole", 2 * SECONDS))
    first, second = bench.seen(whole[:count]), bench.seen(whole[count:])
    return {
        "subject": before["subject"] == after["subject"],
        "place": before["place"] == after["place"],
        "subject in one": first["subject"] == second["subject"],
        "place in one": first["place"] == second["place"],
        "kept": bool(np.array_equal(frames[:count], bench.frames(case))),
        **bench.ratio(frames, [count]),
    }


TOOLS: dict[str, Callable[[Bench, int], dict[str, Any]]] = {
    "remix": remix,
    "loop": loop,
    "blend": blend,
    "bridge": bridge,
    "retake": retake,
    "insert": insert,
    "alone": alone,
    "extend": extend,
}


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line a tool and measure: the mean, the share within its bar, the cases."""
    bars = {
        ("loop", "seam"): ("<=", LOOP), ("loop", "seam beside"): ("<=", LOOP),
        ("loop", "join"): ("<=", CUT), ("retake", "join"): ("<=", CUT),
        ("blend", "join"): ("<=", CUT), ("bridge", "join"): ("<=", CUT),
        ("extend", "join"): ("<=", CUT), ("insert", "rest"): (">=", 35.0),
        ("remix", "layout"): (">=", 0.8),
        ("blend", "inside"): ("<=", CUT), ("bridge", "inside"): ("<=", CUT),
        ("blend", "beside"): ("<=", CUT), ("bridge", "beside"): ("<=", CUT),
        ("extend", "beside"): ("<=", CUT), ("retake", "beside"): ("<=", CUT),
    }  # fmt: skip
    for tool in TOOLS:
        mine = [row for row in rows if row["tool"] == tool]
        names = [
            name for name in (mine[0] if mine else {}) if name not in ("tool", "case", "column")
        ]
        for name in names:
            values = np.array([float(row[name]) for row in mine if row[name] is not None])
            line = f"{tool:8} {name:14} mean {values.mean():7.3f}  median {np.median(values):7.3f}"
            if (tool, name) in bars:
                sign, bar = bars[tool, name]
                good = values <= bar if sign == "<=" else values >= bar
                line += f"  {sign} {bar:g} in {good.mean():.0%}"
            yield f"{line}  of {len(values)}"
        if tool == "remix" and mine:
            shape = [row["layout"] for row in mine if row["column"] != "place"]
            yield f"remix    layout of changes of attribute alone {np.mean(shape):.3f}"


if __name__ == "__main__":
    main()
