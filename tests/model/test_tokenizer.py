"""Laws of the time-uniform tokenizer, on fresh weights: they hold by construction."""

import pytest
import torch

from yozora.model.grid import Grid
from yozora.model.tokenizer import Tokenizer, TokenizerSize

GRID = Grid(channels=8)
K = GRID.frames_per_latent


@pytest.fixture(scope="module")
def tokenizer():
    torch.manual_seed(0)
    size = TokenizerSize(fine=32, coarse=48, encoder_blocks=(1, 1), decoder_blocks=(1, 1))
    network = Tokenizer(GRID, size).eval()
    for p in network.parameters():  # the zero-initialised branches too
        if p.abs().sum() == 0:
            torch.nn.init.normal_(p, std=0.05)
    return network


@pytest.fixture(scope="module")
def video():
    return torch.rand(1, 6 * K, 3, 32, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_latents_of_a_cut_are_the_cut_of_the_latents(tokenizer, video):
    with torch.no_grad():
        whole = tokenizer.encode(video)
        part = tokenizer.encode(video[:, 2 * K : 5 * K])
    torch.testing.assert_close(whole[:, 2:5], part, rtol=0, atol=1e-6)


def test_joined_latents_decode_as_the_joined_video_beyond_one_latent_frame(tokenizer, video):
    with torch.no_grad():
        z = tokenizer.encode(video)
        joined = tokenizer.decode(torch.cat([z[:, 3:], z[:, :3]], 1))
        whole = tokenizer.decode(z)
    # frames at least one latent frame away from the join and the ends are untouched
    torch.testing.assert_close(joined[:, K : 2 * K], whole[:, 4 * K : 5 * K], rtol=0, atol=1e-5)
    torch.testing.assert_close(joined[:, 4 * K : 5 * K], whole[:, K : 2 * K], rtol=0, atol=1e-5)


def test_reach_is_one_latent_frame_and_no_more(tokenizer, video):
    with torch.no_grad():
        z = tokenizer.encode(video)
        changed = z.clone()
        changed[:, 2] += 1.0
        difference = (tokenizer.decode(changed) - tokenizer.decode(z)).abs().amax((0, 2, 3, 4))
    touched = difference.view(-1, K).amax(1) > 0
    assert touched.tolist() == [False, True, True, True, False, False]


def test_a_rotated_closed_clip_decodes_to_the_rotated_video(tokenizer, video):
    with torch.no_grad():
        z = tokenizer.encode(video)
        straight = tokenizer.decode(z, closed=True)
        turned = tokenizer.decode(z.roll(2, 1), closed=True)
    torch.testing.assert_close(straight.roll(2 * K, 1), turned, rtol=0, atol=1e-5)


def test_each_position_is_normed_alone(tokenizer, video):
    """A bright far corner must not change the latents of this corner."""
    other = video.clone()
    other[..., 16:, 48:] = 1.0
    with torch.no_grad():
        a, b = tokenizer.encode_raw(video), tokenizer.encode_raw(other)
    torch.testing.assert_close(a[..., 0, 0], b[..., 0, 0], rtol=0, atol=1e-6)


def test_shapes(tokenizer, video):
    with torch.no_grad():
        z = tokenizer.encode(video)
        assert z.shape == (1, 6, 8, 2, 4)
        assert tokenizer.decode(z).shape == video.shape
