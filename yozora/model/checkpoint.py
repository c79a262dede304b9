"""Networks on disk: safetensors whose header says everything needed to build them again.

Shipped files hold large matrices as int8 rows with a float16 scale each and the rest as float16;
they are dequantised on load, and training can resume from them. The header carries the kind of
network, the grid, the size, the vocabulary and where the weights came from.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from yozora.model import sizes
from yozora.model.errors import WeightsError
from yozora.model.grid import Grid
from yozora.model.interpolator import Interpolator, InterpolatorSize
from yozora.model.judge import Judge
from yozora.model.matcher import Matcher, MatcherSize
from yozora.model.outlines import outline_grid
from yozora.model.plans import plan_grid
from yozora.model.tokenizer import Tokenizer, TokenizerSize
from yozora.model.transformer import Transformer, TransformerSize
from yozora.model.upsampler import Upsampler, UpsamplerSize
from yozora.prompts.vocabulary import Vocabulary
from yozora.world.phrases import article

FORMAT = "yozora-1"
SHAPES = {"outliner": outline_grid, "planner": plan_grid}  # what their values stand for
INT8_FROM = 1 << 12  # matrices with at least this many values are stored as int8 rows


@dataclass(frozen=True, slots=True)
class Header:
    """What a weights file says about itself."""

    kind: str  # "tokenizer", "transformer", "outliner", "judge", "matcher", "upsampler", ...
    grid: Grid
    size: Mapping[str, Any]  # arguments of the network's size class
    words: tuple[str, ...] = ()  # vocabulary, for networks that read words
    facts: Mapping[str, Any] | None = None  # training steps, samples, whether distilled, ...

    def to_metadata(self) -> dict[str, str]:
        body = {
            "kind": self.kind,
            "grid": self.grid.to_dict(),
            "size": dict(self.size),
            "words": list(self.words),
            "facts": dict(self.facts or {}),
        }
        return {"format": FORMAT, "yozora": json.dumps(body, sort_keys=True)}


def quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix to int8 rows and a float16 scale a row; the scale minimises the squared error."""
    rows = weight.float().reshape(weight.shape[0], -1)
    best_scale = rows.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127.0
    best_error = torch.full_like(best_scale, float("inf"))
    top = best_scale.clone()
    for shrink in (1.0, 0.92, 0.84, 0.76):
        scale = (top * shrink).half().float().clamp(min=6e-8)
        error = ((rows / scale).round().clamp(-127, 127) * scale - rows).square()
        error = error.sum(1, keepdim=True)
        best_scale = torch.where(error < best_error, scale, best_scale)
        best_error = torch.minimum(error, best_error)
    q = (rows / best_scale).round().clamp(-127, 127).to(torch.int8)
    return q.reshape(weight.shape), best_scale.half().reshape(-1)


def save(path: Path, header: Header, state: Mapping[str, Tensor], *, small: bool) -> None:
    """Write weights so that a kill at any moment leaves the old file or the new one.

    `small` stores int8 rows and float16; otherwise float32 as it is.
    """
    tensors: dict[str, Tensor] = {}
    for name, value in state.items():
        value = value.detach().cpu()
        if not small or not value.is_floating_point():
            tensors[name] = value.contiguous()
        elif value.ndim >= 2 and value.numel() >= INT8_FROM and "embed" not in name:
            tensors[name + ":q"], tensors[name + ":s"] = quantise(value)
        else:
            tensors[name] = value.half().contiguous()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, partial, metadata=header.to_metadata())
        os.replace(partial, path)
    except (SafetensorError, OSError) as fault:
        raise WeightsError(
            f"{path} cannot be written ({str(fault)[:80]}): free some space, or clear that place, "
            "and give the same command again."
        ) from None
    finally:
        with suppress(OSError):  # Ctrl-C leaves nothing either
            partial.unlink(missing_ok=True)


def read_header(path: Path) -> Header:
    """The header alone; raises `WeightsError` with a remedy."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except FileNotFoundError:
        if path.stem in (*SHAPES, "judge", "matcher", "upsampler", "interpolator"):
            raise WeightsError(
                f"No {path.stem} at {path}: train one with yozora train {path.stem} --config "
                "runs/starter.toml --ship."
            ) from None
        raise WeightsError(
            f"No weights at {path}: train them (yozora train) or point YOZORA_WEIGHTS at a folder "
            "that holds tokenizer.safetensors and transformer.safetensors."
        ) from None
    except (SafetensorError, OSError, ValueError) as fault:
        raise WeightsError(
            f"{path} is not a readable safetensors file ({str(fault)[:80]}): "
            "fetch it again, or restore it from the repository."
        ) from None
    if metadata.get("format") != FORMAT:
        raise WeightsError(
            f"{path} was not written by Yozora (format {metadata.get('format')!r}, "
            f"wanted {FORMAT!r}): use weights made with yozora train."
        )
    try:
        body = json.loads(metadata["yozora"])
        return Header(
            kind=str(body["kind"]),
            grid=sizes.read_grid(body["grid"]),
            size=body["size"],
            words=sizes.words(body["words"]),
            facts=dict(body["facts"] or {}),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as fault:
        raise WeightsError(
            f"{path} has a header that cannot be read ({type(fault).__name__} {str(fault)[:60]}): "
            "it is damaged or from another version; fetch it again."
        ) from None


def load_state(path: Path) -> dict[str, Tensor]:
    """All tensors, dequantised to float32."""
    read_header(path)  # what is missing or foreign has a sentence of its own
    state: dict[str, Tensor] = {}
    try:
        with safe_open(path, framework="pt") as file:
            names = list(file.keys())
            for name in names:
                if name.endswith(":s"):
                    continue
                value = file.get_tensor(name)
                if name.endswith(":q"):
                    scale = file.get_tensor(name[:-2] + ":s").float()
                    shape = (-1, *([1] * (value.ndim - 1)))
                    state[name[:-2]] = value.float() * scale.view(shape)
                else:
                    state[name] = value.float() if value.is_floating_point() else value
    except (SafetensorError, OSError, ValueError, RuntimeError) as fault:
        raise WeightsError(
            f"{path} is damaged ({str(fault)[:80]}): restore it from the repository."
        ) from None
    broken = [name for name, value in state.items() if not value.isfinite().all()]
    if broken:
        raise WeightsError(
            f"{path} holds values that are no numbers ({broken[0]}): restore it from the "
            "repository, or train it again."
        )
    return state


def fill(network: nn.Module, path: Path) -> None:
    """Load tensors into a network; a file made for another shape is refused with a sentence."""
    try:
        network.load_state_dict(load_state(path))
    except RuntimeError as fault:
        first = str(fault).splitlines()[1:2] or [str(fault)]
        raise WeightsError(
            f"{path} does not fit this network ({first[0].strip()[:120]}): "
            "it is damaged or from another version; use weights of one training run."
        ) from None


def expect(path: Path, kind: str) -> Header:
    header = read_header(path)
    if header.kind != kind:
        there, asked = (f"{article(name)} {name}" for name in (header.kind, kind))
        raise WeightsError(f"{path} holds {there}, not {asked}: name the right file.")
    return header


def load_tokenizer(path: Path) -> tuple[Tokenizer, Header]:
    header = expect(path, "tokenizer")
    with known(path):
        grid, size = header.grid, sizes.read_size(TokenizerSize, header.size)
        cell = 3 * grid.frames_per_latent * grid.cell_px**2 * grid.channels
        blocks = zip(size.encoder_blocks, size.decoder_blocks, strict=True)
        fine, coarse = (9 * sum(both) for both in blocks)
        sizes.room(path.stat().st_size, cell, fine * size.fine**2, coarse * size.coarse**2)
        network = Tokenizer(grid, size)
    fill(network, path)
    return network.eval(), header


def load_transformer(path: Path, kind: str = "transformer") -> tuple[Transformer, Header]:
    """`kind`: "outliner" for one whose latents are outlines, with none beside; "planner" for one
    whose latents are plans of them."""
    header = expect(path, kind)
    with known(path):
        Vocabulary(header.words)
        none = ("clock", "bag", *(("outlines", "flow_map") if kind in SHAPES else ()))
        grid, size = header.grid, sizes.read_size(TransformerSize, header.size, none)
        if kind in SHAPES and (grid != SHAPES[kind](grid) or size.outlines):
            raise ValueError(f"{article(kind)} {kind}'s values are of another kind")
        token = grid.channels * grid.token_rows * grid.token_cols * size.width
        block, text = 12 * size.width**2, len(header.words) * size.text_width
        sizes.room(path.stat().st_size, token, block * size.blocks, text, 24 * size.text_width**2)
        network = Transformer(grid, size, len(header.words))
    fill(network, path)
    return network.eval(), header


def load_judge(path: Path) -> tuple[Judge, Header]:
    header = expect(path, "judge")
    with known(path):
        size = sizes.read_judge_size(header.size)
        sizes.room(path.stat().st_size, 27 * (2 * size.width) ** 2)
        network = Judge(size)
    fill(network, path)
    return network.eval(), header


def load_matcher(path: Path) -> tuple[Matcher, Header]:
    header = expect(path, "matcher")
    with known(path):
        size = sizes.read_size(MatcherSize, header.size)
        sizes.room(path.stat().st_size, 162 * size.width**2)
        network = Matcher(size)
    fill(network, path)
    return network.eval(), header


def load_upsampler(path: Path) -> tuple[Upsampler, Header]:
    header = expect(path, "upsampler")
    with known(path):
        size = sizes.read_finish_size(UpsamplerSize, header.size, "around", 1)
        sizes.room(path.stat().st_size, 9 * size.blocks * size.width**2)
        network = Upsampler(size)
    fill(network, path)
    return network.eval(), header


def load_interpolator(path: Path) -> tuple[Interpolator, Header]:
    header = expect(path, "interpolator")
    with known(path):
        size = sizes.read_finish_size(InterpolatorSize, header.size)
        coarse, fine = 9 * size.coarse_blocks * size.coarse**2, 9 * size.fine_blocks * size.fine**2
        sizes.room(path.stat().st_size, coarse, fine, 4 * size.coarse * size.fine)
        network = Interpolator(size)
    fill(network, path)
    return network.eval(), header


@contextmanager
def known(path: Path) -> Iterator[None]:
    """What a header says may be of another time: sizes and words that this code does not know."""
    try:
        yield
    except (
        TypeError,
        ValueError,
        LookupError,
        AssertionError,
        ArithmeticError,
        RuntimeError,
    ) as fault:
        raise WeightsError(
            f"{path} tells of a network that this version does not know ({str(fault)[:80]}): "
            "use the Yozora that it was made with, or weights of this one."
        ) from None


def latents_id(tokenizer: Path) -> str:
    """Which latents a tokenizer makes: a hash of their statistics, which no other training shares.

    The decoder may be trained on; a transformer is of one such id.
    """
    state = load_state(tokenizer)
    names = ("latent_mean_C", "latent_std_C", "latent_scale_C")
    told = b"".join(state[name].half().numpy().tobytes() for name in names)
    return hashlib.sha256(told).hexdigest()[:16]


def sha256_of(*paths: Path) -> str:
    """One hash over several files, in the order given. Raises `WeightsError`."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            digest.update(path.read_bytes())
        except OSError as fault:
            raise WeightsError(
                f"{path} cannot be read ({fault.strerror}): put a weights file there, or move it "
                "away."
            ) from None
    return digest.hexdigest()


def weights_folder() -> Path:
    """YOZORA_WEIGHTS, or the folder that ships inside the package.

    Raises `WeightsError` for a name that no file system takes.
    """
    named = os.environ.get("YOZORA_WEIGHTS")
    if not named:
        return Path(__file__).parent / "weights"
    try:
        os.lstat(Path(named) / "transformer.safetensors")
    except OSError as fault:
        if fault.errno == errno.ENAMETOOLONG:
            raise WeightsError(
                f"YOZORA_WEIGHTS is too long a name ({named[:40]}...): point it at a folder that "
                "holds tokenizer.safetensors and transformer.safetensors."
            ) from None
    return Path(named)
