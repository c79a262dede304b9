"""Laws of upsampler and interpolator that hold for any weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from yozora.model.interpolator import Interpolator, InterpolatorSize, between, is_cut, warp
from yozora.model.upsampler import Upsampler, UpsamplerSize, double, enlarged, times_doubled

Frames = np.ndarray


def any_weights(network: nn.Module, seed: int) -> nn.Module:
    """Large random values everywhere: no law may rest on training."""
    torch.manual_seed(seed)
    for value in network.parameters():
        nn.init.normal_(value, std=0.2)
    return network.eval()


def upsampler(around: int = 1, seed: int = 0) -> Upsampler:
    network = any_weights(Upsampler(UpsamplerSize(16, 2, around)), seed)
    assert isinstance(network, Upsampler)
    return network


def interpolator(seed: int = 0) -> Interpolator:
    network = any_weights(Interpolator(InterpolatorSize(16, 16, 1, 1, 16)), seed)
    assert isinstance(network, Interpolator)
    return network


def noise(count: int, height: int, width: int) -> Frames:
    rng = np.random.default_rng(count * height + width)
    return rng.integers(0, 256, (count, height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("around", [0, 1])
@pytest.mark.parametrize(("height", "width"), [(32, 48), (33, 47), (1, 1), (2, 9)])
@pytest.mark.parametrize("count", [1, 4, 7])
def test_twice_the_size_is_exactly_twice(around: int, height: int, width: int, count: int) -> None:
    made = list(double(upsampler(around), noise(count, height, width)))
    assert len(made) == count
    assert all(f.shape == (2 * height, 2 * width, 3) and f.dtype == np.uint8 for f in made)
    assert not list(double(upsampler(around), []))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_plain_colour_stays_that_colour(dtype: torch.dtype) -> None:
    plain = np.empty((3, 22, 31, 3), np.uint8)
    plain[:] = (17, 133, 251)
    for made in double(upsampler().to(dtype), plain):
        assert (made == plain[0, 0, 0]).all()
    for time in (0.0, 0.2, 0.5, 1.0):
        assert (between(interpolator().to(dtype), plain[0], plain[1], time) == plain[0]).all()


def test_a_picture_depends_on_its_neighbours_in_time_alone() -> None:
    """However many come through at once, and however long the film is."""
    network, frames = upsampler(), noise(11, 12, 14)
    whole = list(double(network, frames))
    for first, last in ((0, 3), (2, 9), (7, 11)):
        part = list(double(network, iter(frames[first:last])))
        for i in range(first + (first > 0), last - (last < len(frames))):
            gap = np.abs(part[i - first].astype(int) - whole[i])
            assert gap.max() <= 1, "up to rounding: another number may come through at once"


def test_frames_stream_through() -> None:
    """The first frames are there before the last ones are asked for."""
    asked = []

    def film() -> object:
        for frame in noise(40, 8, 8):
            asked.append(1)
            yield frame

    next(double(upsampler(), film()))  # type: ignore[arg-type]
    assert len(asked) <= 8


def test_enlarging_reaches_the_size() -> None:
    assert [times_doubled(256, 144, *s) for s in ((256, 144), (64, 36), (257, 144))] == [0, 0, 1]
    assert times_doubled(256, 144, 1920, 1080) == 3
    assert times_doubled(144, 256, 720, 1280) == 2 and times_doubled(256, 144, 1282, 720) == 3
    (made,) = enlarged(upsampler(), noise(1, 9, 7), 2)
    assert made.shape == (36, 28, 3)


def test_untrained_networks_are_the_plain_ways() -> None:
    """Training starts from bicubic pictures and from the mean of both frames."""
    ramp = np.repeat(np.arange(0, 240, 4, dtype=np.uint8)[None, :, None], 20, 0).repeat(3, 2)
    (large,) = double(Upsampler(UpsamplerSize(16, 1)), [ramp])
    assert np.abs(large[::2, 4:-4:2].astype(int) - ramp[:, 2:-2]).max() <= 2
    first, second = noise(2, 16, 24)
    made = between(Interpolator(InterpolatorSize(16, 16, 1, 1, 16)), first, second, 0.5)
    mean = (first.astype(np.float32) + second) / 2.0
    assert np.abs(made - mean).max() <= 1.0


@pytest.mark.parametrize(("height", "width"), [(24, 32), (21, 30), (8, 8)])
def test_at_its_ends_the_frames_come_out(height: int, width: int) -> None:
    network = interpolator()
    first, second = noise(2, height, width)
    assert (between(network, first, second, 0.0) == first).all()
    assert (between(network, first, second, 1.0) == second).all()
    pair = torch.from_numpy(np.stack([first, second])).permute(0, 3, 1, 2)
    with torch.inference_mode():  # the network itself, without the short way
        for time, frame in ((0.0, pair[:1]), (1.0, pair[1:])):
            made = network(pair[:1], pair[1:], torch.tensor([time]))
            assert (made - frame).abs().max() < 0.05
    assert between(network, first, second, 0.3).shape == first.shape


def test_flow_says_where_colours_come_from() -> None:
    picture = torch.arange(12.0).view(1, 1, 1, 12).expand(1, 3, 4, 12)
    flow = torch.zeros(1, 2, 4, 12)
    flow[:, 0] = 2.0  # from two pixels further right
    moved = warp(picture, flow)
    assert torch.allclose(moved[..., :10], picture[..., 2:], atol=1e-3)
    assert torch.allclose(moved[..., 10:], picture[..., 11:].expand(1, 3, 4, 2), atol=1e-3)


def test_a_cut_is_not_blended() -> None:
    dark, bright = np.full((32, 48, 3), 20, np.uint8), np.full((32, 48, 3), 220, np.uint8)
    assert is_cut(dark, bright) and not is_cut(dark, dark)
    assert (between(interpolator(), dark, bright, 0.4) == dark).all()
    assert (between(interpolator(), dark, bright, 0.6) == bright).all()
    moved = noise(1, 32, 48)[0] // 8 + 40
    assert not is_cut(moved, np.roll(moved, 5, 1))
