"""The life of one render: the only place that joins words, timeline, engine and files.

    prompt -> recaption -> timeline -> compile -> sample -> decode -> finish -> encode -> store

Each arrow is one function with one home; `render` below is the list of them. Refusals come before
any heavy work, and files appear whole, at the end, or not at all. The CLI and the studio call this.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from yozora import assets
from yozora import recipe as recipes
from yozora.assets import File
from yozora.events import Event, Noted, OnEvent, Recaptioned, Result, Step, Stored
from yozora.media import latents, video
from yozora.media.references import Reference
from yozora.recipe import Recipe
from yozora.references import check_taught, drawing_on, given_again, latents_of, read_references
from yozora.request import Request, check
from yozora.steering import Heard, Steering
from yozora.storing import (
    check_places,
    film_paths,
    pixels_of,
    pixels_of_film,
    read_recipe,
    store,
)
from yozora.timeline import tools
from yozora.timeline.assemble import assembled, finished
from yozora.timeline.document import Timeline, to_seconds, to_ticks
from yozora.timeline.material import Material, Picture, shown_whole
from yozora.world.captions import acts

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.finish import Finisher
    from yozora.engine.protocol import Engine, Frames
    from yozora.prompts.recaption import Recaption
    from yozora.timeline.compiled import Compiled

__all__ = ["Edit", "Event", "Noted", "Recaptioned", "Result", "Step", "Stored", "edit",
           "read_recipe", "render", "repeat"]  # fmt: skip


def render(
    request: Request,
    on_event: OnEvent = lambda event: None,
    *,
    engine: Engine | None = None,
    finisher: Finisher | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    draw_seed: Callable[[], int] = lambda: secrets.randbelow(2**31),
    steering: Steering | None = None,
) -> tuple[Result, ...]:
    """Make what was asked: one Result a variation, in order.

    `finisher`: the networks that give sizes and rates; those that ship, where `engine` is None too.
    `steering`: wishes that come meanwhile, for what is not done by then.

    Raises RequestError, MediaError, WeightsError or PromptError with a sentence, and Cancelled
    within a step of `cancelled()` turning true.
    """
    from yozora.prompts.negative import told_negative

    began = time.perf_counter()
    request = check(request)
    paths = film_paths(request.out, request.variations)
    check_places(paths, pixels_of(request))
    shown, told = read_references(request)
    for note in told:
        on_event(Noted(note))
    finisher = finisher or load_finisher(engine)
    engine = engine or load_engine()
    check_taught(shown, engine)
    seed = draw_seed() if request.seed is None else request.seed
    negative, notes = told_negative(request.avoided)
    for note in notes:
        on_event(Noted(note))
    results = []
    for film, path in enumerate(paths):
        recaption = write_caption(request, seed + film, engine.words, negative.values)
        on_event(Recaptioned(recaption))
        recipe = plan(request, recaption, negative.said, seed + film, engine, shown)
        stage = _Stage(film, len(paths), on_event, cancelled, shown, steering=steering)
        results.append(_make(recipe, path, engine, finisher, stage, began))
        began = time.perf_counter()
    return tuple(results)


OnFrame = Callable[[Picture], None]


@dataclass(frozen=True, slots=True)
class Edit:
    """A timeline to be made: what every tool comes to."""

    timeline: Timeline  # captions as the weights read them, assets by sha256
    files: Mapping[str, File]  # the assets
    request: Request  # all else: the words as written, names, seed, settings
    recaption: Recaption | None = None  # what became of the words
    notes: tuple[str, ...] = ()  # what is to be said before it is made


def edit(
    wish: Edit,
    on_event: OnEvent = lambda event: None,
    *,
    engine: Engine,
    finisher: Finisher,
    cancelled: Callable[[], bool] = lambda: False,
    draw_seed: Callable[[], int] = lambda: secrets.randbelow(2**31),
    on_frame: OnFrame = lambda frame: None,
    steering: Steering | None = None,
) -> tuple[Result, ...]:
    """Make a timeline, as `render` makes words; one Result a variation.

    `on_frame` gets each frame (H, W, 3) of a film before it is coded. Raises as `render` does, and
    TimelineError for what cannot be laid out.
    """
    from yozora.prompts.negative import told_negative

    began = time.perf_counter()
    request = check(wish.request, bare=True)
    paths = film_paths(request.out, request.variations)
    sources = [file.path for file in wish.files.values()]
    check_places(paths, pixels_of_film(wish.timeline), sources)
    shown, told = read_references(request)
    negative, notes = told_negative(request.avoided)
    for note in (*told, *notes, *wish.notes):
        on_event(Noted(note))
    check_taught(shown, engine)
    seed = draw_seed() if request.seed is None else request.seed
    if wish.recaption is not None:
        on_event(Recaptioned(wish.recaption))
    results = []
    for film, path in enumerate(paths):
        drawn = drawing_on(wish.timeline, shown)
        timeline = replace(drawn, seed=seed + film, negative=negative.said)
        recipe = recipe_of(timeline, request, engine, shown)
        stage = _Stage(film, len(paths), on_event, cancelled, shown, wish.files, on_frame, steering)
        results.append(_make(recipe, path, engine, finisher, stage, began))
        began = time.perf_counter()
    return tuple(results)


def repeat(
    recipe: Recipe,
    out: Path,
    on_event: OnEvent = lambda event: None,
    *,
    references: Sequence[Path | Reference] = (),
    files: Mapping[str, File] | None = None,
    engine: Engine | None = None,
    finisher: Finisher | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Make a film again from its recipe; says what differs here, and whether the packets match.

    `references`: the files that it was made with, in any order; `files`: what `assets.needed` finds
    of the films and pictures that its timeline is made from. Raises as `render` does: a recipe too
    may ask for what cannot be made.
    """
    began = time.perf_counter()
    film, files = recipe.timeline, files or {}
    wish = Request("again", out, width=film.width, height=film.height, steps=recipe.steps)
    if not files and recipe.quality != "live":  # words alone: no more than words may ask for
        wish = replace(wish, seconds=to_seconds(film.ticks), fps=film.fps)
    wish = check(replace(wish, references=tuple(references)))
    sources = [file.path for file in files.values()]
    check_places((out,), pixels_of_film(film), sources)
    shown, redrawn = given_again(recipe, wish)
    recipe = replace(recipe, finishing=recipe.finishing or {})
    finisher = finisher or load_finisher(engine)
    engine = engine or load_engine()
    check_taught(shown, engine)
    here = recipes.of_this_machine(recipe, engine.name, engine.weights_sha256)
    for difference in recipes.differences(recipe, here):
        on_event(Noted(difference))
    for note in redrawn:
        on_event(Noted(note))
    stage = _Stage(0, 1, on_event, cancelled, shown, files)
    result = _make(here, out, engine, finisher, stage, began)
    if recipe.packets_sha256:
        same = result.recipe.packets_sha256 == recipe.packets_sha256
        on_event(Noted("the same packets as the original" if same else "other packets than it had"))
    return result


def load_engine() -> Engine:
    """The engine of the weights that ship, or of the folder `YOZORA_WEIGHTS` names."""
    from yozora.engine.native import NativeEngine  # torch: a second that refusals need not wait

    return NativeEngine.load()


def load_finisher(engine: Engine | None) -> Finisher:
    """The networks that lie beside the engine's weights; none beside a caller's own engine."""
    from yozora.engine.finish import Finisher

    return Finisher.shipped() if engine is None else Finisher()


def write_caption(
    request: Request, seed: int, known: Collection[str], avoided: frozenset[tuple[str, str]]
) -> Recaption:
    """The prompt in the words that the weights know, with what was left out. Raises PromptError."""
    from yozora.prompts.older import in_words_of
    from yozora.prompts.recaption import recaption

    plain = not request.references
    told = recaption(request.prompt, seed, request.enhance, plain, avoided, request.style)
    return in_words_of(told, known)


def plan(
    request: Request, recaption: Recaption, negative: str, seed: int, engine: Engine,
    shown: tuple[Reference, ...] = (),
) -> Recipe:  # fmt: skip
    """The timeline and every setting of one film: all that making it again takes."""
    timeline = replace(
        drawing_on(told(recaption.caption, to_ticks(request.seconds)), shown),
        width=request.width or engine.grid.width,
        height=request.height or engine.grid.height,
        fps=None if request.fps is None else Fraction(request.fps),
        seed=seed,
        negative=negative,
    )
    return replace(recipe_of(timeline, request, engine, shown), added=tuple(recaption.added))


def recipe_of(
    timeline: Timeline, request: Request, engine: Engine, shown: tuple[Reference, ...]
) -> Recipe:
    """Every setting beside the timeline."""
    return recipes.of_this_machine(
        Recipe(
            prompt=request.prompt,
            negative_prompt=request.negative,
            references=tuple(recipes.Shown(r.name, r.sha256, r.pixels_sha256) for r in shown),
            timeline=timeline,
            steps=request.steps,
            quality=request.quality,
        ),
        engine.name,
        engine.weights_sha256,
    )


def told(caption: str, ticks: int) -> Timeline:
    """Text to video; a subject that does one thing and then another gets a span for each."""
    parts = acts(caption)
    cuts = [ticks * i // len(parts) for i in range(len(parts) + 1)]
    return tools.storyboard(
        [tools.text_to_video(part, cuts[i + 1] - cuts[i]) for i, part in enumerate(parts)]
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Who is listening to a film being made."""

    film: int
    films: int
    on_event: OnEvent
    cancelled: Callable[[], bool]
    shown: tuple[Reference, ...] = ()  # what the timeline's references stand for
    files: Mapping[str, File] = field(default_factory=dict)  # what it is made from
    on_frame: OnFrame = lambda frame: None
    steering: Steering | None = None


def _make(
    recipe: Recipe, path: Path, engine: Engine, finisher: Finisher, stage: _Stage, began: float
) -> Result:
    """compile -> sample -> decode -> finish -> assemble -> encode -> store."""
    with assets.opened(stage.files, engine) as found:
        for one in found.values():
            for note in one.notes:
                stage.on_event(Noted(note))
        recipe = replace(recipe, assets=assets.drawn_on(found))
        material = assets.material_of(found, engine, latents_of(stage.shown, engine))
        compiled = lay_out(recipe.timeline, engine, material)
        source = shown_whole(recipe.timeline, material)
        finish = finished(compiled, engine.grid, finisher, recipe.finishing, source)
        for note in (*compiled.notes, *finish.notes):
            stage.on_event(Noted(note))
        heard = Heard(stage.steering, recipe.steered, compiled, engine, stage.on_event)
        made, steps = sample(compiled, recipe, engine, stage, heard)
        if source is not None:
            whole = finish.frames(source)
        else:
            frames = decode(made, compiled, engine)
            parts = partial(finish.frames, frames)
            whole = assembled(parts, compiled, recipe.timeline, material)
        film = video.encode(_unless_cancelled(whole, stage), compiled.fps)
    recipe = replace(
        recipe,
        steered=tuple(heard.turns),
        evaluations=steps,
        finishing=dict(finish.told),
        packets_sha256=film.packets_sha256,
    )
    store(path, film, made, compiled, recipe, engine)
    result = Result(
        path=path,
        latents=latents.latents_path(path),
        recipe=recipe,
        frames=film.frames,
        width=film.width,
        height=film.height,
        fps=float(film.fps),
        wall_s=time.perf_counter() - began,
    )
    stage.on_event(Stored(result))
    return result


def lay_out(timeline: Timeline, engine: Engine, material: Material) -> Compiled:
    """The timeline on the engine's grid. Raises TimelineError."""
    from yozora.timeline.compile import compile_timeline

    assert timeline.seed is not None, "plan draws a seed"
    return compile_timeline(timeline, engine.grid, timeline.seed, material)


def decode(made_FCHW: Floats, compiled: Compiled, engine: Engine) -> Frames:
    """The frames that the film is finished from, and one more, where it was made."""
    frames = engine.decode(made_FCHW, compiled.canvas.closed, compiled.beside)
    if compiled.canvas.closed:
        return frames
    return frames[: -(-compiled.lead // 1) + compiled.frames + 1]


def sample(
    compiled: Compiled, recipe: Recipe, engine: Engine, stage: _Stage, heard: Heard
) -> tuple[Floats, int]:
    """(latents (F, C, H, W), steps taken)."""
    taken = 0

    def on_step(done: int, of: int, clean_FCHW: Floats) -> None:
        nonlocal taken
        taken = done
        preview = lambda: engine.preview(clean_FCHW)  # noqa: E731
        stage.on_event(Step(stage.film, stage.films, done, of, preview))

    made = engine.generate(
        compiled.canvas,
        steps=recipe.steps,
        quality=recipe.quality,
        negative=recipe.timeline.negative,
        on_step=on_step,
        cancelled=stage.cancelled,
        steered=heard,
    )
    return made, taken


def _unless_cancelled(frames: Iterator[Frames], stage: _Stage) -> Iterator[Frames]:
    """Large sizes and high rates take their time, and may be stopped too."""
    from yozora.engine.protocol import Cancelled

    for frame in frames:
        if stage.cancelled():
            raise Cancelled
        stage.on_frame(frame)
        yield frame
