"""The critic: it tells decoded from rendered, and pulls what is blurred towards what is sharp."""

import dataclasses

import torch

from tests.fakes.weights import write_tiny_weights
from tests.training.test_decoder_only import recipe_for, shards  # noqa: F401
from yozora.model.checkpoint import load_tokenizer
from yozora.training.critic import Opponent
from yozora.training.tokenizer_loop import train_tokenizer

FRAMES, SIDE = 4, 32


def stripes(count: int) -> torch.Tensor:
    """Black and white bars that begin anywhere, (B, T, 3, Y, X)."""
    at = torch.arange(SIDE)[None] + torch.randint(8, (count, 1))
    bars = ((at // 4) % 2).float() * 2 - 1
    return bars[:, None, None, None].expand(count, 2 * FRAMES, 3, SIDE, SIDE).contiguous()


def test_it_prefers_sharp_bars_to_grey_where_squared_error_prefers_grey() -> None:
    """What a decoder would paint that cannot know where the bars begin: their mean, grey."""
    torch.manual_seed(0)
    opponent = Opponent(FRAMES, torch.device("cpu"), lr=2e-3)
    for _ in range(80):
        opponent.learn(torch.zeros(8, FRAMES, 3, SIDE, SIDE), stripes(8)[:, :FRAMES])
    with torch.no_grad():
        grey = opponent.critic(torch.zeros(8, FRAMES, 3, SIDE, SIDE))[0].mean()
        sharp = opponent.critic(stripes(8)[:, :FRAMES])[0].mean()
    assert sharp > grey + 1.0
    faint, meant = 0.3 * stripes(8), stripes(8)
    pull = opponent.pull(faint, meant, 100.0)
    assert (pull * faint).sum() < 0, "down the gradient: more contrast"


def test_the_pull_is_as_large_as_asked_and_looks_at_k_frames_anywhere() -> None:
    torch.manual_seed(0)
    opponent = Opponent(FRAMES, torch.device("cpu"))
    out = torch.randn(2, 2 * FRAMES, 3, SIDE, SIDE)
    video, first = torch.zeros_like(out), set()
    for _ in range(40):
        wish = opponent.pull(out, video, 0.5) - 8.0 * out / out.numel()
        seen = wish.abs().amax((0, 2, 3, 4)) > 1e-7
        assert seen.sum() == FRAMES
        first.add(int(seen.int().argmax()))
        torch.testing.assert_close(wish.norm(), 0.5 * (8.0 * out / out.numel()).norm())
    assert first == set(range(FRAMES + 1))


def test_a_run_with_a_critic_goes_on_where_it_was(tmp_path, shards) -> None:  # noqa: F811
    write_tiny_weights(tmp_path)
    weights = tmp_path / "tokenizer.safetensors"
    size = load_tokenizer(weights)[0].size
    recipe = recipe_for(size)
    for steps in (3, 5):
        settings = dataclasses.replace(recipe.tokenizer, critic=0.5, steps=steps)
        run = dataclasses.replace(recipe, tokenizer=settings)
        made = train_tokenizer(run, tmp_path / "run", shards, weights)
    state = torch.load(tmp_path / "run" / "state.pt", weights_only=False)
    assert state["steps"] == 5
    taken = next(iter(state["critic"]["optimiser"]["state"].values()))["step"]
    assert taken == 5, "the critic's optimiser went on too"
    video = torch.rand(1, 4, 3, 64, 128) * 2 - 1
    with torch.no_grad():
        before, after = load_tokenizer(weights)[0], load_tokenizer(made)[0]
        assert torch.equal(before.encode(video), after.encode(video))
