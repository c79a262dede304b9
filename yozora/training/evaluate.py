"""`yozora eval`: the measures that decide, on the weights as they ship (docs/evaluation.md).

Default settings, seeds 0..N-1, nothing chosen. What is made is kept in the output folder, so an
evaluation that is stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from yozora.engine.protocol import Engine, Frames
from yozora.media import files
from yozora.model.checkpoint import load_judge, sha256_of, weights_folder
from yozora.model.judge import Judge
from yozora.model.layers import compute_dtype
from yozora.training import eval_clips, eval_probes, measures, viewer
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import OnProgress, Row, Rows
from yozora.training.judge_data import labels
from yozora.training.report import FULL, STARTER, Aim, Figure, percent, sheet, to_dict
from yozora.training.run import hold
from yozora.world.captions import caption

if TYPE_CHECKING:
    from yozora.world.renderer import Renderer

VERSION = 2  # of what is measured: rows of another version are not mixed
FRECHET_FROM = 256  # clips a side below which the distance is mostly noise
SHEET_FILMS = 48


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is made and measured."""

    out: Path
    prompts: int = 512  # held-out prompts, one film each
    reconstructions: int = 256  # held-out clips through the tokenizer
    loops: int = 16
    extensions: int = 10
    steered: int = 8
    footage: Path | None = None  # a camera's film for the tokenizer; None: a stand-in
    judge_only: bool = False  # only the judge's own four conditions

    @staticmethod
    def quick(out: Path, footage: Path | None = None, judge_only: bool = False) -> Settings:
        """Minutes instead of an hour: wide intervals, no Frechet distance."""
        return Settings(out, 40, 16, 2, 3, 1, footage, judge_only)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found."""

    figures: list[Figure]
    tier: str
    notes: tuple[str, ...]
    json: dict[str, Any]


def evaluate(
    settings: Settings,
    on_progress: OnProgress = lambda what, done, of: None,
    *,
    engine: Engine | None = None,
    judge: Judge | None = None,
    open_renderer: Callable[[int, int, int], Renderer | None] | None = None,
) -> Evaluation:
    """Measure and write `eval.json`, `films.png` and the viewer's form into the output folder.

    Raises WeightsError without weights or judge, TrainingError for a folder that cannot be used.
    """
    from yozora.engine.native import NativeEngine

    engine = engine or NativeEngine.load()
    judge_path = weights_folder() / "judge.safetensors"
    if judge is None:
        judge = load_judge(judge_path)[0].to(compute_dtype())
        who = sha256_of(judge_path)
    else:
        who = "given"
    try:
        for part in ("clips", "viewer"):
            (settings.out / part).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise TrainingError(
            f"Cannot write to {settings.out} ({fault.strerror}): name another folder with --out."
        ) from None
    busy = f"Another evaluation is at work in {settings.out}: wait for it, or name another folder"
    with hold(settings.out / ".lock", f"{busy} with --out.", "name with --out"):
        return _measure(settings, on_progress, engine, judge, who, open_renderer or open_world)


def _measure(
    settings: Settings,
    on_progress: OnProgress,
    engine: Engine,
    judge: Judge,
    who: str,
    open_renderer: Callable[[int, int, int], Renderer | None],
) -> Evaluation:
    """In a folder that is ours: look at what is there, make what is missing, write the figures."""
    grid = engine.grid
    tier = FULL if grid.fps >= 24 else STARTER
    name = "judge.json" if settings.judge_only else "eval.json"
    form = settings.out / "viewer" / "form.json"
    footage = eval_probes.footage_of(engine, settings.footage)  # refused now, not in an hour
    for made_last in (form, settings.out / name, settings.out / "films.png"):
        files.check_writable(made_last)
    films = min(settings.prompts, viewer.VIEWED) if settings.judge_only else settings.prompts
    eval_clips.check_places(settings.out, films)
    identity = hashlib.sha256(f"{VERSION}/{engine.weights_sha256}/{who}".encode()).hexdigest()[:24]
    viewer.check(form.parent, identity)

    def rows(name: str) -> Rows:
        return Rows(settings.out / f"{name}.jsonl", identity, eval_clips.NUMBERS[name])

    made = eval_clips.generate(
        engine, judge, rows("films"), films, settings.out / "clips", on_progress
    )
    notes: list[str] = []
    drawn: list[Row] = []
    through: list[Row] = []
    others: list[Row] = []
    opened = open_renderer(grid.width, grid.height, grid.fps)
    if opened is None:
        notes.append(
            "This machine cannot render the world (OpenGL without a window is missing), so what "
            "compares with renders was not measured: apt-get install libegl1 libgl1-mesa-dri."
        )
    else:
        with opened as renderer:
            stores = (rows("renders"), rows("reconstructions"))
            some = min(settings.reconstructions, settings.prompts)
            drawn, through = eval_clips.render(renderer, engine, judge, stores, some, on_progress)
            if not settings.judge_only:
                drawn, _ = eval_clips.render(
                    renderer, None, judge, stores, settings.prompts, on_progress
                )
                if settings.prompts >= FRECHET_FROM:
                    others = eval_clips.render_others(
                        renderer, judge, rows("others"), settings.prompts, on_progress
                    )
    viewer_folder = settings.out / "viewer"
    form = viewer.export(made, settings.out / "clips", viewer_folder, identity)
    figures = judge_figures(drawn, through, viewer.agreement(form, made), form)
    if not settings.judge_only:
        figures = [
            *follows(made),
            *looks_right(made, drawn, others),
            *holds_together(made, drawn),
            *tokenizer_figures(through),
            *probes(engine, judge, settings, footage, on_progress),
            *real_time(made),
            *figures,
        ]
    facts = {
        "version": VERSION,
        "engine": engine.name,
        "weights_sha256": engine.weights_sha256,
        "judge_sha256": who,
        "grid": grid.to_dict(),
        "settings": {k: v for k, v in asdict(settings).items() if k not in ("out", "footage")},
        "notes": notes,
    }
    body = to_dict(figures, facts, tier)
    files.write(settings.out / name, (json.dumps(body, indent=1) + "\n").encode())
    told = [(row.index, caption(row.scene)) for row in made[:SHEET_FILMS]]
    sheet(settings.out / "clips", told, settings.out / "films.png")
    return Evaluation(figures, tier, tuple(notes), body)


def open_world(width: int, height: int, fps: int) -> Renderer | None:
    """A renderer, or None where there is no OpenGL."""
    from yozora.world.errors import WorldError

    try:
        from yozora.world.renderer import Renderer

        return Renderer(width, height, fps=fps)
    except (ImportError, WorldError):
        return None


# -- figures ---------------------------------------------------------------------------------------


def follows(made: list[Row]) -> list[Figure]:
    """Does a film show what its prompt says?"""
    verdicts = [row.verdict for row in made]
    shares, told = measures.accuracies(verdicts), measures.counts(verdicts)
    mean = measures.macro(verdicts, measures.FOLLOWS)
    lines = [
        Figure(
            "follows the prompt, mean",
            100 * mean.mean,
            " %",
            Aim(True, 90.0, 70.0),
            100 * mean.low,
            100 * mean.high,
            f"{len(made)} held-out prompts",
        )
    ]
    for column in dict.fromkeys((*measures.FOLLOWS, *NAMES)):
        if column in shares:
            scored = column in measures.FOLLOWS
            aim = Aim(True, 75.0, 40.0) if scored else Aim(True)
            lines.append(
                percent(f"  {NAMES.get(column, column)}", shares[column], aim, f"of {told[column]}")
            )
    several = [
        row.verdict["count"]
        for row in made
        if "count" in row.verdict and any(s.count > 1 for s in row.scene.subjects)
    ]
    if several:
        note = f"of {len(several)}"
        lines.append(percent("  count, of two and three", float(np.mean(several)), note=note))
    return lines


NAMES = {
    "colour_binding": "colour binding",
    "then": "second action",
    "second_subject": "second subject",
    "second_colour": "second colour",
    "third_subject": "third subject there",
    "worn": "garment",
    "worn_colour": "garment's colour",
}


def looks_right(made: list[Row], drawn: list[Row], others: list[Row]) -> list[Figure]:
    """Frechet distance of films to renders of other scenes, over that of renders to them."""
    name, aim = "looks right (Frechet over floor)", Aim(False, 3.0)
    least = min(len(made), len(drawn), len(others))
    if least < FRECHET_FROM:
        return [Figure(name, math.nan, " x", aim, note=f"needs {FRECHET_FROM} clips a side")]
    real, again, film = (np.array([r.feature for r in rows]) for rows in (others, drawn, made))
    floor = measures.frechet(again, real)
    distance = measures.frechet(film, real)
    note = f"{least} against {least}: {distance:.3g} over {floor:.3g}"
    return [Figure(name, distance / max(floor, 1e-9), " x", aim, note=note)]


def holds_together(made: list[Row], drawn: list[Row]) -> list[Figure]:
    """Each measure of films over that of renders of the same scenes, as a difference."""
    lines = []
    both = min(len(made), len(drawn))
    for measure in eval_clips.TOGETHER:
        name, aim = f"{measure}, off renders", Aim(False, 2.0, 5.0)
        if not both:
            lines.append(Figure(name, math.nan, " %", aim, note="needs renders"))
            continue
        film, real = (
            float(np.mean([row.numbers[measure] for row in rows[:both]])) for rows in (made, drawn)
        )
        off = 100.0 * abs(film / real - 1.0)
        lines.append(Figure(name, off, " %", aim, note=f"{film:.4f}, renders {real:.4f}"))
    return lines


def tokenizer_figures(through: list[Row]) -> list[Figure]:
    """How renders survive the tokenizer."""
    if not through:
        return [Figure("tokenizer PSNR", math.nan, " dB", Aim(True, 33.0, 30.0),
                       note="needs renders")]  # fmt: skip
    psnrs = np.array([row.numbers["psnr"] for row in through])
    mean, low = float(psnrs.mean()), float(np.percentile(psnrs, 10))
    ratio = float(np.mean([row.numbers["gradient"] for row in through]))
    lines = [
        Figure("tokenizer PSNR", mean, " dB", Aim(True, 33.0, 30.0), note=f"{len(psnrs)} clips"),
        Figure("  10th percentile", low, " dB", Aim(True, mean - 5.0, mean - 5.0)),
        Figure("  gradient energy of the source", ratio, "", Aim(True, 0.85, 0.85)),
    ]
    on = [row.numbers["subject psnr"] for row in through if "subject psnr" in row.numbers]
    if on:
        lines.append(Figure("  PSNR on subjects' pixels", float(np.mean(on)), " dB"))
    return lines


def probes(
    engine: Engine, judge: Judge, settings: Settings, film: Frames, on_progress: OnProgress
) -> list[Figure]:
    """Laws that need films of their own."""
    stand_in = "" if settings.footage else "stand-in: moving leaves, noise and strokes"
    footage = eval_probes.footage_psnr(engine, film)
    scene = eval_clips.held_out_scene(0)
    film = eval_clips.make(eval_clips.film_of(scene, engine, 0), engine)
    change, loss = eval_probes.joins(engine, film)
    seam = eval_probes.loop_seam(engine, settings.loops, on_progress)
    kept = eval_probes.kept_spans(engine, settings.extensions, on_progress)
    delay, never = eval_probes.steering(engine, judge, settings.steered, on_progress)
    exact = kept.latents_same and kept.beyond_same
    return [
        Figure("  PSNR on camera footage", footage, " dB", note=stand_in),
        Figure("  lost beside a cut", loss, " dB", note=f"latents change by {change:.2g} at most"),
        Figure(
            "steering: seconds to the new caption",
            delay,
            " s",
            Aim(False, 1.0, 1.0),
            note=f"{never} of {settings.steered} never",
        ),
        Figure(
            "loop seam over median step",
            seam,
            "",
            Aim(False, 1.2, 1.2),
            note=f"{settings.loops} loops",
        ),
        Figure(
            "kept spans bit-exact",
            float(exact),
            "",
            Aim(True, 1.0, 1.0),
            note=f"{settings.extensions} extensions",
        ),
        Figure("  within the decoder's reach", kept.within_db, " dB", Aim(True, 40.0, 40.0)),
    ]


def real_time(made: list[Row]) -> list[Figure]:
    """Seconds of video a wall second, decode and encode included; the first film warms up."""
    timed = made[1:] or made
    video_s = sum(row.numbers["video_s"] for row in timed)
    wall_s = sum(row.numbers["wall_s"] for row in timed)
    speed = video_s / max(wall_s, 1e-9)
    note = "as busy as the machine was; benchmarks/realtime.py measures it alone"
    return [Figure("real time", speed, " s/s", Aim(True, 1.25, 1.25), note=note)]


def judge_figures(
    drawn: list[Row], through: list[Row], seen: viewer.Agreement | None, form: Path
) -> list[Figure]:
    """The four conditions under which the judge's figures count."""
    lines = []
    for name, rows, least in (
        ("judge on renders", drawn, 97.0),
        ("judge on reconstructions", through, 95.0),
    ):
        mean = measures.macro([row.verdict for row in rows], measures.FOLLOWS)
        note = f"{len(rows)} clips" if rows else "needs renders"
        if rows:
            shares = measures.accuracies([row.verdict for row in rows])
            told = {c: shares[c] for c in measures.FOLLOWS if c in shares}
            worst = min(told, key=told.__getitem__)
            note += f", worst {NAMES.get(worst, worst)} {100 * told[worst]:.0f} %"
        lines.append(Figure(name, 100 * mean.mean, " %", Aim(True, least, least),
                            100 * mean.low, 100 * mean.high, note))  # fmt: skip
    share, chance = shuffled(drawn)
    lines.append(Figure("judge on shuffled captions, off chance", 100 * abs(share - chance), " %",
                        Aim(False, 3.0, 3.0),
                        note=f"{100 * share:.1f} %, chance is {100 * chance:.1f} %"))  # fmt: skip
    if seen is None:
        lines.append(Figure("judge and a viewer agree", math.nan, " %", Aim(True, 90.0, 90.0),
                            note=f"fill in {form}"))  # fmt: skip
        return lines
    lines.append(percent("judge and a viewer agree", seen.agreed, Aim(True, 90.0, 90.0),
                         f"{seen.answers} answers, {seen.unsure} unsure"))  # fmt: skip
    recognised = seen.recognised / max(seen.films, 1)
    lines.append(percent("recognised by the viewer", recognised, Aim(True, 80.0, 60.0),
                         f"of {seen.films} films"))  # fmt: skip
    return lines


def shuffled(rows: list[Row], shifts: int = 20) -> tuple[float, float]:
    """(share right against other clips' captions, what independence would give), over columns."""
    truths = [labels(row.scene) for row in rows]
    found, chances = [], []
    for column in eval_clips.TOLD:
        told = [(row.best[column], t[column]) for row, t in zip(rows, truths, strict=True)
                if column in t]  # fmt: skip
        if len(told) < 2:
            continue
        n = len(told)
        moves = [1 + shift * (n - 1) // shifts for shift in range(shifts)]
        found.append(np.mean([told[i][0] == told[(i + m) % n][1] for m in moves for i in range(n)]))
        words = {word for pair in told for word in pair}
        share = lambda which, word: sum(t[which] == word for t in told) / n  # noqa: E731, B023
        chances.append(sum(share(0, word) * share(1, word) for word in words))
    if not found:
        return math.nan, math.nan
    return float(np.mean(found)), float(np.mean(chances))
