"""Laws of the transformer on fresh weights."""

import pytest
import torch

from yozora.model.grid import FINE, Grid
from yozora.model.transformer import ROUTED, References, Transformer, TransformerSize, picked

GRID = Grid(channels=4)
STATE = GRID.channels + FINE**2
F, H, W = 3, 4, 8


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = Transformer(GRID, TransformerSize(width=64, blocks=2, text_width=64, cross_every=2), 40)
    for p in made.parameters():
        if p.abs().sum() == 0:
            torch.nn.init.normal_(p, std=0.05)
    return made.eval()


def call(network, ids, captions, seed=0, level=None, references=None, w=1.0):
    g = torch.Generator().manual_seed(seed)
    b = len(captions)
    x = torch.randn(1, F, STATE, H, W, generator=g).expand(b, -1, -1, -1, -1)
    level = torch.full((b, F), 0.5) if level is None else level
    with torch.no_grad():
        text = network.encode_text(torch.tensor(ids))
        return network(
            x,
            level,
            level,
            torch.full((b,), w),
            text,
            torch.tensor(captions),
            torch.arange(F) / 3,
            references,
        )


def test_a_clip_with_one_caption_equals_the_same_caption_said_for_each_frame(network):
    once = call(network, [[3, 4, 0]], [[0, 0, 0]])
    thrice = call(network, [[3, 4, 0]] * 3, [[0, 1, 2]])
    torch.testing.assert_close(once, thrice, rtol=1e-4, atol=1e-5)


def test_each_frame_listens_to_its_own_caption(network):
    same = call(network, [[3, 4], [5, 6]], [[0, 0, 0]])
    changed = call(network, [[3, 4], [5, 6]], [[0, 0, 1]])
    moved = (same - changed).abs().amax((0, 2, 3, 4))
    assert moved[2] > 5 * moved[0] > 0  # frame 2 at once, the others through attention


def test_padding_changes_nothing(network):
    torch.testing.assert_close(
        call(network, [[3, 4]], [[0, 0, 0]]),
        call(network, [[3, 4, 0, 0]], [[0, 0, 0]]),
        rtol=1e-4,
        atol=1e-5,
    )


def test_rows_of_a_batch_do_not_see_each_other(network):
    both = call(network, [[3, 4], [5, 6]], [[0, 0, 0], [1, 1, 1]])
    alone = call(network, [[5, 6]], [[0, 0, 0]])
    torch.testing.assert_close(both[1:], alone, rtol=1e-4, atol=1e-5)


def test_levels_guidance_and_references_are_heard(network):
    plain = call(network, [[3]], [[0, 0, 0]])
    level = torch.tensor([[0.5, 0.5, 0.9]])
    assert (call(network, [[3]], [[0, 0, 0]], level=level) - plain).abs().max() > 1e-3
    assert (call(network, [[3]], [[0, 0, 0]], w=4.0) - plain).abs().max() > 1e-3
    look = References(torch.randn(1, 1, 4, 2, 2), (0,))
    style = References(look.latents_BKCHW, (1,))
    seen = call(network, [[3]], [[0, 0, 0]], references=look)
    assert seen.shape == plain.shape and (seen - plain).abs().max() > 1e-3
    assert (call(network, [[3]], [[0, 0, 0]], references=style) - seen).abs().max() > 1e-4


@pytest.fixture(scope="module")
def deep():
    """With blocks in the middle, which routed tokens pass by."""
    torch.manual_seed(1)
    made = Transformer(GRID, TransformerSize(width=64, blocks=6, text_width=64, cross_every=2), 40)
    for p in made.parameters():
        if p.abs().sum() == 0:
            torch.nn.init.normal_(p, std=0.05)
    return made.eval()


def routed(network, kept, references=None):
    g = torch.Generator().manual_seed(0)
    x, level = torch.randn(2, F, STATE, H, W, generator=g), torch.full((2, F), 0.5)
    text = network.encode_text(torch.tensor([[3, 4], [5, 6]]))
    captions, seconds = torch.tensor([[0, 0, 1], [1, 1, 1]]), torch.arange(F) / 3
    kept = None if kept is None else torch.tensor(kept)
    return network.outlined(
        x, level, level, torch.ones(2), text, captions, seconds, references, kept_N=kept
    )


@pytest.mark.parametrize("seen", [False, True])
def test_where_all_tokens_are_kept_nothing_is_routed(deep, seen):
    looks = References(torch.ones(2, 1, 4, 2, 2), (0,)) if seen else None
    tokens = GRID.tokens(W * GRID.cell_px, H * GRID.cell_px)
    with torch.no_grad():
        plain, same = routed(deep, None, looks), routed(deep, range(tokens), looks)
        fewer = routed(deep, range(0, tokens, 2), looks)
    for a, b, c in zip(plain, same, fewer, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)
        assert a.shape == c.shape and (a - c).abs().max() > 1e-3


def test_routed_tokens_pass_the_middle_blocks_by_and_still_learn(deep):
    tokens = GRID.tokens(W * GRID.cell_px, H * GRID.cell_px)
    places = picked(torch.tensor([1, 3]), 2, tokens, 2 * tokens + 2).tolist()
    assert places == [1, 3, tokens + 1, tokens + 3, 2 * tokens, 2 * tokens + 1]
    out, outline = routed(deep, range(tokens // 2))
    assert out.isfinite().all() and outline.isfinite().all()
    deep.zero_grad()
    (out.square().mean() + outline.square().mean()).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in deep.layers()[3].parameters())
    middle = deep.layers()[ROUTED[0]].mlp
    seen = []
    hook = middle.register_forward_hook(lambda module, told, made: seen.append(made.shape[1]))
    routed(deep, range(tokens // 2))
    hook.remove()
    assert seen == [F * (tokens // 2)]


def test_level_zero_is_finite(network):
    out = call(network, [[2]], [[0, 0, 0]], level=torch.zeros(1, F))
    assert torch.isfinite(out).all()


def test_tokens_there_and_back(network):
    x = torch.randn(2, F, STATE, H, W)
    torch.testing.assert_close(network.from_tokens(network.to_tokens(x), H, W), x)
