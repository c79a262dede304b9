"""What people wear, and what two do with each other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world.assets import ASSETS, Look, biped
from yozora.world.assets.garments import GARMENT_NAMES
from yozora.world.assets.skeleton import FORE_L, FORE_R, PRESENT
from yozora.world.scene import COLOURS

PEOPLE = ("woman", "man", "child")
BIPEDS = (*PEOPLE, "robot", "superhero", "astronaut", "knight")
MOST_TRIANGLES_DRESSED = 1800  # with two garments; there are never more


@pytest.mark.parametrize(("kind", "garment"), product(PEOPLE, GARMENT_NAMES))
def test_a_garment_is_seen_in_its_colour(kind: str, garment: str) -> None:
    other = "boots" if garment != "boots" else "scarf"
    for seed in range(4):
        mesh = ASSETS[kind].build(Look(seed, "red", ((garment, "lime"), (other, "blue"))))
        assert len(mesh.triangle_T3) <= MOST_TRIANGLES_DRESSED
        share = np.isclose(mesh.colour_V3, np.array(COLOURS["lime"]), atol=1e-3).all(axis=1)
        assert share.mean() > 0.015


def test_who_wears_a_hat_has_no_other() -> None:
    for kind, seed in product(PEOPLE, range(20)):
        bare = ASSETS[kind].build(Look(seed, "lime"))
        hat = ASSETS[kind].build(Look(seed, "lime", (("hat", "purple"),)))
        top = bare.position_V3[bare.colour_V3[:, 1] > 0.8, 1].max()
        assert hat.position_V3[:, 1].max() >= 0.98 * top


@pytest.mark.parametrize(("first", "second"), product(BIPEDS, BIPEDS))
def test_hands_meet(first: str, second: str) -> None:
    """Face to face at `meeting_m`, right hands meet within a hand's breadth or two."""

    def hand(kind: str, t_s: float) -> NDArray[np.float32]:
        look = Look(3, "red")
        mesh = ASSETS[kind].build(look)
        at = mesh.position_V3[mesh.bone_V == FORE_R]
        low = at[at[:, 1] <= np.percentile(at[:, 1], 20)].mean(axis=0)
        bones = ASSETS[kind].pose("shake hands", t_s, look).bones_B44
        return np.asarray(bones[FORE_R, :3, :3] @ low + bones[FORE_R, :3, 3])

    apart = biped.meeting_m(ASSETS[first].height_m, ASSETS[second].height_m)
    for t_s in (0.15, 0.45):
        a, b = hand(first, t_s), hand(second, t_s)
        b = np.array((apart - b[0], b[1], -b[2]))
        assert np.linalg.norm(a - b) < 0.28


@pytest.mark.parametrize("kind", BIPEDS)
def test_a_present_is_with_one_of_two(kind: str) -> None:
    def size(action: str, t_s: float) -> float:
        bones = ASSETS[kind].pose(action, t_s, Look(1, "blue")).bones_B44
        assert np.isfinite(bones[FORE_L]).all()
        return float(np.cbrt(np.linalg.det(bones[PRESENT, :3, :3].astype(float))))

    half = biped.PAIR_S / 2
    assert size("give", half - 0.1) > 0.99 and size("take", half - 0.1) < 0.01
    assert size("give", half + 0.1) < 0.01 and size("take", half + 0.1) > 0.99
    assert size("stand", 1.0) < 0.01
