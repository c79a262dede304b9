"""The life of one render: the only place that joins words, timeline, engine and files.

    prompt -> recaption -> timeline -> compile -> sample -> decode -> finish -> encode -> store

Each arrow is one function with one home; `render` below is the list of them. Refusals come before
any heavy work, and files appear whole, at the end, or not at all. The CLI and the studio call this.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from yozora import recipe as recipes
from yozora.media import files, latents, video
from yozora.media.errors import MediaError
from yozora.media.references import Reference
from yozora.recipe import Recipe
from yozora.references import check_taught, given_again, latents_of, read_references, redrawn
from yozora.request import Request, check
from yozora.timeline import document, tools
from yozora.timeline.document import Timeline, to_seconds, to_ticks
from yozora.world.captions import acts

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.finish import Finish, Finisher
    from yozora.engine.protocol import Engine, Frames
    from yozora.prompts.recaption import Recaption
    from yozora.timeline.compile import Compiled

BYTES_A_PIXEL = 0.05  # of a coded film, generously: what is asked of the disk beforehand


@dataclass(frozen=True, slots=True)
class Recaptioned:
    """The words that the model gets, before any sampling."""

    recaption: Recaption


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth a line: what was snapped, what differs from the recipe."""

    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One network evaluation is done."""

    film: int  # 0, 1, ... of `films`
    films: int
    done: int
    of: int
    preview: Callable[[], Frames]  # a small picture of each latent frame; free until called


@dataclass(frozen=True, slots=True)
class Stored:
    """A film is on disk."""

    result: Result


Event = Recaptioned | Noted | Step | Stored
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One film on disk."""

    path: Path
    latents: Path
    recipe: Recipe
    frames: int
    width: int
    height: int
    fps: float
    wall_s: float  # from request to file


def render(
    request: Request,
    on_event: OnEvent = lambda event: None,
    *,
    engine: Engine | None = None,
    finisher: Finisher | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    draw_seed: Callable[[], int] = lambda: secrets.randbelow(2**31),
) -> tuple[Result, ...]:
    """Make what was asked: one Result a variation, in order.

    `finisher`: the networks that give sizes and rates; those that ship, where `engine` is None too.

    Raises RequestError, MediaError, WeightsError or PromptError with a sentence, and Cancelled
    within a step of `cancelled()` turning true.
    """
    from yozora.prompts.negative import told_negative

    began = time.perf_counter()
    request = check(request)
    paths = film_paths(request)
    check_places(paths, request)
    shown, told = read_references(request)
    for note in told:
        on_event(Noted(note))
    finisher = finisher or load_finisher(engine)
    engine = engine or load_engine()
    check_taught(shown, engine)
    seed = draw_seed() if request.seed is None else request.seed
    negative, notes = told_negative(request.negative)
    for note in notes:
        on_event(Noted(note))
    results = []
    for film, path in enumerate(paths):
        recaption = write_caption(request, seed + film, engine.words, negative.values)
        on_event(Recaptioned(recaption))
        recipe = plan(request, recaption, negative.said, seed + film, engine, shown)
        stage = _Stage(film, len(paths), on_event, cancelled, shown)
        results.append(_make(recipe, path, engine, finisher, stage, began))
        began = time.perf_counter()
    return tuple(results)


def repeat(
    recipe: Recipe,
    out: Path,
    on_event: OnEvent = lambda event: None,
    *,
    references: Sequence[Path | Reference] = (),
    engine: Engine | None = None,
    finisher: Finisher | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Make a film again from its recipe; says what differs here, and whether the packets match.

    `references`: the files that it was made with, in any order. Raises as `render` does: a recipe
    too may ask for what cannot be made.
    """
    began = time.perf_counter()
    film = recipe.timeline
    length_s = to_seconds(film.ticks)
    whole = film.fps is not None and film.fps.denominator == 1
    fps = int(film.fps) if film.fps is not None and whole else None
    wish = Request("again", out, length_s, film.width, film.height, fps, steps=recipe.steps)
    wish = check(replace(wish, references=tuple(references)))
    check_places((out,), wish)
    shown = given_again(recipe, read_references(wish)[0])
    recipe = replace(recipe, finishing=recipe.finishing or {})
    finisher = finisher or load_finisher(engine)
    engine = engine or load_engine()
    check_taught(shown, engine)
    here = recipes.of_this_machine(recipe, engine.name, engine.weights_sha256)
    for difference in recipes.differences(recipe, here):
        on_event(Noted(difference))
    for note in redrawn(recipe, shown):
        on_event(Noted(note))
    stage = _Stage(0, 1, on_event, cancelled, shown)
    result = _make(here, out, engine, finisher, stage, began)
    if recipe.packets_sha256:
        same = result.recipe.packets_sha256 == recipe.packets_sha256
        on_event(Noted("the same packets as the original" if same else "other packets than it had"))
    return result


def film_paths(request: Request) -> tuple[Path, ...]:
    """Where the films go: `name.mp4`, or `name-1.mp4`... for variations."""
    out = request.out
    if request.variations == 1:
        return (out,)
    return tuple(out.with_stem(f"{out.stem}-{n}") for n in range(1, request.variations + 1))


def check_places(paths: tuple[Path, ...], request: Request) -> None:
    """Refuse places that cannot take the films. Raises MediaError."""
    pixels = (
        (request.width or 512) * (request.height or 288) * request.seconds * (request.fps or 12)
    )
    need = round(pixels * BYTES_A_PIXEL * len(paths)) + (1 << 20)
    for path in paths:
        files.check_writable(path, need)
        files.check_writable(latents.latents_path(path))
    files.check_apart([place for path in paths for place in (path, latents.latents_path(path))])


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
    told = recaption(request.prompt, seed, request.enhance, colours=plain, avoided=avoided)
    return in_words_of(told, known)


def plan(
    request: Request, recaption: Recaption, negative: str, seed: int, engine: Engine,
    shown: tuple[Reference, ...] = (),
) -> Recipe:  # fmt: skip
    """The timeline and every setting of one film: all that making it again takes."""
    drawn_on = tuple(document.Reference(one.sha256) for one in shown)
    timeline = replace(
        told(recaption.caption, to_ticks(request.seconds), drawn_on),
        width=request.width or engine.grid.width,
        height=request.height or engine.grid.height,
        fps=None if request.fps is None else Fraction(request.fps),
        seed=seed,
        negative=negative,
    )
    return recipes.of_this_machine(
        Recipe(
            prompt=request.prompt,
            negative_prompt=request.negative,
            added=tuple(recaption.added),
            references=tuple(recipes.Shown(r.name, r.sha256, r.pixels_sha256) for r in shown),
            timeline=timeline,
            steps=request.steps,
            quality=request.quality,
        ),
        engine.name,
        engine.weights_sha256,
    )


def told(caption: str, ticks: int, references: tuple[document.Reference, ...] = ()) -> Timeline:
    """Text to video; a subject that does one thing and then another gets a span for each."""
    parts = acts(caption)
    cuts = [ticks * i // len(parts) for i in range(len(parts) + 1)]
    return tools.storyboard(
        [
            tools.text_to_video(part, cuts[i + 1] - cuts[i], references)
            for i, part in enumerate(parts)
        ]
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Who is listening to a film being made."""

    film: int
    films: int
    on_event: OnEvent
    cancelled: Callable[[], bool]
    shown: tuple[Reference, ...] = ()  # what the timeline's references stand for


def _make(
    recipe: Recipe, path: Path, engine: Engine, finisher: Finisher, stage: _Stage, began: float
) -> Result:
    """compile -> sample -> decode -> finish -> encode -> store."""
    compiled = lay_out(recipe.timeline, engine, stage.shown)
    finish = plan_finish(compiled, engine, finisher, recipe)
    for note in (*compiled.notes, *finish.notes):
        stage.on_event(Noted(note))
    made, steps = sample(compiled, recipe, engine, stage)
    more = 0 if compiled.canvas.closed else 1  # what comes after the last, where it was made
    frames = engine.decode(made, compiled.canvas.closed)[: compiled.frames + more]
    film = video.encode(_unless_cancelled(finish.frames(frames), stage), compiled.fps)
    recipe = replace(
        recipe,
        evaluations=steps,
        finishing=dict(finish.told),
        packets_sha256=film.packets_sha256,
    )
    store(path, film, made, recipe, engine)
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


def lay_out(timeline: Timeline, engine: Engine, shown: tuple[Reference, ...] = ()) -> Compiled:
    """The timeline on the engine's grid. Raises TimelineError."""
    from yozora.timeline.compile import compile_timeline

    assert timeline.seed is not None, "plan draws a seed"
    return compile_timeline(timeline, engine.grid, timeline.seed, latents_of(shown, engine))


def sample(compiled: Compiled, recipe: Recipe, engine: Engine, stage: _Stage) -> tuple[Floats, int]:
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
    )
    return made, taken


def plan_finish(compiled: Compiled, engine: Engine, finisher: Finisher, recipe: Recipe) -> Finish:
    """How the engine's frames become a film of the size and rate asked. Raises WeightsError."""
    from yozora.engine.finish import Asked, plan

    grid, (rows, cols) = engine.grid, compiled.canvas.content_FCHW.shape[2:]
    asked = Asked(
        width=compiled.width,
        height=compiled.height,
        rate=compiled.fps,
        count=compiled.count,
        made_width=cols * grid.cell_px,
        made_height=rows * grid.cell_px,
        made_rate=Fraction(grid.fps),
        closed=compiled.canvas.closed,
    )
    return plan(asked, finisher, recipe.finishing)


def _unless_cancelled(frames: Iterator[Frames], stage: _Stage) -> Iterator[Frames]:
    """Large sizes and high rates take their time, and may be stopped too."""
    from yozora.engine.protocol import Cancelled

    for frame in frames:
        if stage.cancelled():
            raise Cancelled
        yield frame


def store(path: Path, film: video.Encoded, made: Floats, recipe: Recipe, engine: Engine) -> None:
    """The latents and the film, both or neither: what was there before stays. Raises MediaError."""
    header = {
        "engine": engine.name,
        "weights_sha256": engine.weights_sha256,
        "grid": recipes.plain_json(engine.grid.to_dict()),
    }
    told = {video.RECIPE_KEY: recipes.to_json(recipe)}
    files.write_together({
        latents.latents_path(path): latents.to_file(made, header),
        path: video.to_mp4(film, told),
    })  # fmt: skip


def read_recipe(path: Path) -> Recipe:
    """The recipe inside a film. Raises MediaError."""
    text = video.read_recipe(path)
    try:
        return recipes.from_json(text)
    except (ValueError, OverflowError, RecursionError) as error:
        raise MediaError(f"the recipe in {path} is damaged ({error}): render it anew") from error
