"""The numbers behind the evaluation's table: pure functions of frames, features and verdicts."""

# T frames, H, W pixels, N clips, D feature channels, M moments, C columns

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yozora.model.judge import Opinion
from yozora.training.judge_data import BEHIND, IN_FRONT, depth, from_the_left
from yozora.world.captions import NONE, readable
from yozora.world.scene import DEEP, Scene

Frames = NDArray[np.uint8]
Floats = NDArray[np.floating]

# What "follows the prompt" is the mean of (architecture, section 5).
FOLLOWS = (
    "subject", "colour", "colour_binding", "action", "place", "time", "weather", "style",
    "camera", "count", "relation", "then",
)  # fmt: skip
LATER = ("third_subject", "depth", "worn", "worn_colour")  # columns that judges once lacked


# -- verdicts --------------------------------------------------------------------------------------


def verdict(scene: Scene, opinion: Opinion) -> dict[str, bool]:
    """Which of the scene's readable attributes the judge finds in a clip.

    The judge tells two kinds by their place. They stand as the scene says when that order of the
    kinds is likelier than the other; subject, colour and action then follow their kind, so that a
    wrong order counts once. `colour_binding`: both kinds have their own colour. `then` is scored
    where there is a second action, `count` where there is one kind. What an older judge has no
    column for is not scored, but for the subject, which it cannot find at a third place.
    """
    if unknown := {column for column in LATER if column not in opinion.shares}:
        blind = {column: {NONE: 1.0} for column in unknown}
        unscored = {*unknown, *(["relation"] if scene.relation in DEEP or _row(scene) else [])}
        found = verdict(scene, replace(opinion, shares={**opinion.shares, **blind}))
        return {column: right for column, right in found.items() if column not in unscored}
    seen = readable(scene)
    best = opinion.best
    columns = ("place", "time", "weather", "style", "camera")
    right = {c: best(c) == getattr(scene, c) for c in columns if c in seen}
    if not scene.subjects:
        return right | {"subject": best("subject") == NONE, "count": best("count") == "0"}
    first = scene.subjects[0]
    if first.then is not None:
        right["then"] = best("then") == first.then
    if _row(scene):
        return right | _three(scene, opinion)
    left, other = (*from_the_left(scene), None)[:2]
    assert left is not None
    if other is None:
        right["count"] = best("count") == str(first.count)
        right["subject"] = best("subject") == first.kind
        right["action"] = best("action") == first.action
        if "colour" in seen:
            right["colour"] = best("colour") == first.colour
        if first.worn:
            right["worn"] = best("worn") == first.worn[0][0]
            if "worn_colour" in seen:
                right["worn_colour"] = best("worn_colour") == first.worn[0][1]
        return right
    as_told = order(opinion, left.kind, other.kind) >= order(opinion, other.kind, left.kind)
    there = best("second_subject") != NONE
    if scene.relation in DEEP:  # nobody said who is left
        wanted = depth(scene) if as_told else {IN_FRONT: BEHIND, BEHIND: IN_FRONT}[depth(scene)]
        right["relation"] = there and best("depth") == wanted
    elif scene.relation is not None:
        right["relation"] = there and as_told
    first_is_left = (left is first) == as_told
    sides = ("", "second_") if first_is_left else ("second_", "")
    right["subject"] = best(sides[0] + "subject") == first.kind
    right["action"] = best(sides[0] + "action") == first.action
    second = scene.subjects[1]
    right["second_subject"] = best(sides[1] + "subject") == second.kind
    if "colour" in seen:
        right["colour"] = best(sides[0] + "colour") == first.colour
        right["second_colour"] = best(sides[1] + "colour") == second.colour
        right["colour_binding"] = right["colour"] and right["second_colour"]
    return right


def _row(scene: Scene) -> bool:
    """Whether three kinds stand in a row."""
    return len(scene.subjects) == 3


def _three(scene: Scene, opinion: Opinion) -> dict[str, bool]:
    """Three in a row: each is looked for at its place, so a wrong order counts as wrong kinds too.
    They stand as the scene says when the kinds at the ends are likelier so than exchanged."""
    names = ("", "second_", "third_")
    found = [opinion.best(name + "subject") for name in names]
    wanted = [subject.kind for subject in from_the_left(scene)]
    at = wanted.index(scene.subjects[0].kind)
    ends = wanted[0], wanted[2]
    as_told = order(opinion, *ends, names[2]) >= order(opinion, *ends[::-1], names[2])
    right = {
        "relation": found[2] != NONE and as_told,
        "subject": found[at] == wanted[at],
        "second_subject": found[1] == wanted[1],
        "third_subject": found[2 - at] == wanted[2 - at],
    }
    if names[at] != "third_":
        action = opinion.best(names[at] + "action")
        right["action"] = action == scene.subjects[0].action
    return right


def order(opinion: Opinion, left: str, right: str, place: str = "second_") -> float:
    """Log-probability that one kind stands leftmost and another at a place to the right of it."""
    shares = opinion.shares
    both = shares["subject"].get(left, 0.0), shares[f"{place}subject"].get(right, 0.0)
    return sum(math.log(max(share, 1e-9)) for share in both)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


def accuracies(verdicts: Sequence[Mapping[str, bool]]) -> dict[str, float]:
    """Share right by column, over the clips where the column can be told."""
    columns = dict.fromkeys(c for row in verdicts for c in row)
    return {c: float(np.mean([row[c] for row in verdicts if c in row])) for c in sorted(columns)}


def counts(verdicts: Sequence[Mapping[str, bool]]) -> dict[str, int]:
    """Clips in which each column can be told."""
    columns = sorted({c for row in verdicts for c in row})
    return {c: sum(c in row for row in verdicts) for c in columns}


def macro(
    verdicts: Sequence[Mapping[str, bool]], columns: Sequence[str], draws: int = 1000
) -> Interval:
    """Mean over columns of their share right; the interval is a bootstrap over clips
    (percentiles; Efron 1979), with a seed of its own: equal verdicts give equal intervals."""
    table_NC = np.array([[row.get(c, np.nan) for c in columns] for row in verdicts], np.float64)
    table_NC = table_NC[:, ~np.isnan(table_NC).all(0)]
    if table_NC.size == 0:
        return Interval(math.nan, math.nan, math.nan)
    told, good = ~np.isnan(table_NC), np.nan_to_num(table_NC)
    rng = np.random.default_rng(0)
    picks = rng.integers(len(table_NC), size=(draws, len(table_NC)))
    weight_RN = np.stack([np.bincount(p, minlength=len(table_NC)) for p in picks]).astype(float)
    n_RC = weight_RN @ told
    shares_RC = np.where(n_RC > 0, weight_RN @ good / np.maximum(n_RC, 1), np.nan)
    low, high = np.percentile(np.nanmean(shares_RC, axis=1), (2.5, 97.5))
    return Interval(float((good.sum(0) / told.sum(0)).mean()), float(low), float(high))


# -- distances between sets of clips ---------------------------------------------------------------


def frechet(a_ND: Floats, b_ND: Floats) -> float:
    """Squared Frechet distance of two Gaussians (Heusel et al. 2017, arXiv 1706.08500, eq. 6)."""
    a, b = np.asarray(a_ND, np.float64), np.asarray(b_ND, np.float64)
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root_a = _root(cov_a)
    # tr (A B)^1/2 = tr (A^1/2 B A^1/2)^1/2, whose argument is symmetric
    values = np.linalg.eigvalsh(root_a @ cov_b @ root_a)
    cross = np.sqrt(np.maximum(values, 0.0)).sum()
    gap = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return float(gap + np.trace(cov_a) + np.trace(cov_b) - 2.0 * cross)


def _root(cov_DD: Floats) -> Floats:
    values, vectors = np.linalg.eigh(cov_DD)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


# -- holding together ------------------------------------------------------------------------------


def consistency(features_MD: Floats) -> float:
    """Mean of each moment's likeness to the first and to the one before, in -1..1.

    VBench (arXiv 2311.17982), subject and background consistency, with the judge's features in
    place of DINO and CLIP: 1/(M-1) sum over m >= 2 of (<d1, dm> + <dm-1, dm>) / 2.
    """
    d = np.asarray(features_MD, np.float64)
    d = d / np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)
    with_first, with_last = d[1:] @ d[0], (d[1:] * d[:-1]).sum(1)
    return float(np.mean((with_first + with_last) / 2.0))


def smoothness(frames_THW3: Frames) -> float:
    """How well frames lie between their neighbours, 0..1: VBench's motion smoothness drops every
    other frame and interpolates it; here the mean of the neighbours is the interpolation."""
    x = frames_THW3.astype(np.float32)
    between = (x[:-2:2] + x[2::2]) / 2.0
    return float(1.0 - np.abs(x[1:-1:2] - between).mean() / 255.0)


def steadiness(frames_THW3: Frames) -> float:
    """VBench's temporal flickering: (255 - mean absolute difference of frames) / 255."""
    return float(1.0 - np.mean(steps(frames_THW3)) / 255.0)


def steps(frames_THW3: Frames) -> Floats:
    """Mean absolute difference of each frame to the next, (T - 1,), in 8-bit values."""
    x = frames_THW3.astype(np.int16)
    return np.array([np.abs(b - a).mean() for a, b in pairwise(x)])


def seam(frames_THW3: Frames) -> tuple[float, float]:
    """A loop's step from the last frame to the first, and its median step."""
    x = frames_THW3.astype(np.int16)
    return float(np.abs(x[0] - x[-1]).mean()), float(np.median(steps(frames_THW3)))


# -- reconstruction --------------------------------------------------------------------------------


def psnr(a: Frames, b: Frames, mask: NDArray[np.bool_] | None = None) -> float:
    """Decibels between frames of one shape, over the masked pixels (T, H, W); 99 when equal."""
    error = (a.astype(np.float32) - b.astype(np.float32)) ** 2
    mse = float(error[mask].mean()) if mask is not None else float(error.mean())
    return 99.0 if mse <= 0.0 else min(99.0, 10.0 * math.log10(255.0**2 / mse))


def gradient_energy(frames_THW3: Frames) -> float:
    """Mean squared difference of neighbouring pixels, down and across."""
    x = frames_THW3.astype(np.float32)
    return float((np.diff(x, axis=1) ** 2).mean() + (np.diff(x, axis=2) ** 2).mean())
