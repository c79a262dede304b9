"""Results to where generating looks for them: never a tokenizer and a transformer that do not fit.

A transformer is of one grid and of one tokenizer's latents. So a new tokenizer waits for its
transformer, which brings it along; a decoder that was trained on goes alone.
"""

from __future__ import annotations

from pathlib import Path

from yozora.media import files
from yozora.model.checkpoint import expect, latents_id, read_header, weights_folder
from yozora.model.grid import Grid
from yozora.training.errors import TrainingError
from yozora.training.run import held

TOKENIZER, TRANSFORMER = "tokenizer.safetensors", "transformer.safetensors"
ALONE = (
    "judge",
    "matcher",
    "upsampler",
    "interpolator",
    "outliner",
    "planner",
)  # what fits any weights beside it
BOTH = (
    "train it without --ship; with --ship, yozora train transformer or distill then puts both there"
)


def tokenizer_of(folder: Path) -> Path:
    """The run's own tokenizer, else the one that ships."""
    own = folder / "tokenizer" / TOKENIZER
    if own.exists():
        return own
    shipped = weights_folder() / TOKENIZER
    if not shipped.exists():
        raise TrainingError(
            f"No tokenizer in {folder}: train it first with yozora train tokenizer --config ..."
        )
    return shipped


def tokenizer_if_any(folder: Path, grid: Grid) -> Path | None:
    """The tokenizer that the run's transformer would have, where there is one of this grid."""
    try:
        tokenizer = tokenizer_of(folder)
    except TrainingError:
        return None
    return None if unlike(read_header(tokenizer).grid, grid) else tokenizer


def check_tokenizer_rests(folder: Path) -> None:
    """Raises `TrainingError` while the run's own tokenizer is not what it is going to be: latents
    would be of one that nobody keeps."""
    part = folder / "tokenizer"
    if held(part / ".lock") or held(folder / "data" / ".pixels.lock"):
        raise TrainingError(f"The tokenizer in {folder} is being trained: wait until it is done.")
    if (part / "state.pt").exists() and not (part / TOKENIZER).exists():
        raise TrainingError(
            f"The tokenizer in {folder} is not finished: go on with yozora train tokenizer "
            f"--config ..., or move {part} away to use the one that ships."
        )


def borrowed(folder: Path) -> str:
    """Whose tokenizer a run without one of its own uses, in one line; "" where it has one."""
    tokenizer = tokenizer_of(folder)
    own = folder / "tokenizer" / TOKENIZER
    return "" if tokenizer == own else f"no tokenizer in {folder}: {tokenizer} is used"


def same_grid(weights: Path, grid: Grid, what: str) -> None:
    """Raises `TrainingError` where weights are of another grid than they are to work with."""
    other = unlike(read_header(weights).grid, grid)
    if other:
        raise TrainingError(
            f"{what}: {weights} was trained on another grid ({other}). Train a tokenizer with this "
            "recipe first."
        )


def same_latents(transformer: Path, tokenizer: Path, what: str) -> None:
    """Raises `TrainingError` where a transformer was trained on another tokenizer's latents."""
    known = (expect(transformer, "transformer").facts or {}).get("latents")
    if known and known != latents_id(tokenizer):
        raise TrainingError(
            f"{what}: {transformer} was trained on the latents of another tokenizer than "
            f"{tokenizer}. Use both files of one run."
        )


def unlike(theirs: Grid, ours: Grid) -> str:
    """Which values of two grids differ."""
    return ", ".join(k for k, v in theirs.to_dict().items() if v != ours.to_dict()[k])


def check_ship(
    network: str, folder: Path, grid: Grid, latents_of: Path | None, place: Path
) -> None:
    """Before any work: whether the result may go to `place`, where generating looks.

    `latents_of`: the tokenizer whose latents a run of the tokenizer leaves as they are, if any.
    Raises `TrainingError`, or `MediaError` for a folder that takes nothing.
    """
    alone = network in ALONE
    files.check_writable(place / (f"{network}.safetensors" if alone else TRANSFORMER))
    if network == "tokenizer":
        files.check_writable(place / TOKENIZER)
        check_tokenizer(latents_of, grid, place)
    elif not alone and tokenizer_of(folder) != place / TOKENIZER:
        files.check_writable(place / TOKENIZER)


def check_tokenizer(latents_of: Path | None, grid: Grid, place: Path) -> None:
    """Whether a tokenizer on `grid` with these latents, or new ones, fits the transformer there."""
    partner = place / TRANSFORMER
    if not partner.exists():
        return
    header = expect(partner, "transformer")
    if other := unlike(header.grid, grid):
        raise TrainingError(
            f"The tokenizer cannot be shipped: {partner} was trained on another grid ({other}): "
            f"{BOTH}."
        )
    known = (header.facts or {}).get("latents")
    if latents_of is None or (known and latents_id(latents_of) != known):
        raise TrainingError(
            f"The tokenizer cannot be shipped: {partner} was trained on the latents of another: "
            f"{BOTH}."
        )


def ship(made: Path, folder: Path, place: Path) -> None:
    """Copy a run's weights to `place`, a transformer with its tokenizer. Raises as above."""
    wanted = {place / made.name: made}
    if made.name == TOKENIZER:
        check_tokenizer(made, read_header(made).grid, place)
    elif made.name == TRANSFORMER:
        tokenizer = fitting(made, (place / TOKENIZER, folder / "tokenizer" / TOKENIZER))
        if tokenizer != place / TOKENIZER:
            wanted[place / TOKENIZER] = tokenizer
    files.write_together({to: source.read_bytes() for to, source in wanted.items()})


def fitting(made: Path, tokenizers: tuple[Path, ...]) -> Path:
    """The first of these tokenizers that a transformer works with. Raises `TrainingError`."""
    header = read_header(made)
    known = (header.facts or {}).get("latents")
    for path in tokenizers:
        same = path.exists() and read_header(path).grid == header.grid
        if same and (not known or latents_id(path) == known):
            return path
    raise TrainingError(
        f"{made} is not shipped: it fits neither {' nor '.join(map(str, tokenizers))}. Put the "
        "tokenizer that it was trained with there, and give the same command again."
    )
