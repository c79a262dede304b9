"""Laws of the optimiser: Muon's steps are semi-orthogonal, and an interruption changes nothing."""

from __future__ import annotations

import copy
import io

import pytest
import torch
from torch import Tensor, nn

from yozora.training.optim import Optimiser, OptimiserSettings, orthogonalise


def network(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(48, 96), nn.SiLU(), nn.Linear(96, 40), nn.Linear(40, 40))


def step(net: nn.Module, optimiser: Optimiser, seed: int) -> None:
    torch.manual_seed(seed)
    x = torch.randn(16, 48)
    loss: Tensor = (net(x) - x[:, :40].flip(1)).square().mean()
    loss.backward()
    optimiser.step()


@pytest.mark.parametrize("shape", [(64, 64), (96, 48), (48, 160)])
def test_muon_moves_by_semi_orthogonal_matrices(shape):
    torch.manual_seed(1)
    u, _, v = torch.linalg.svd(torch.randn(3, *shape), full_matrices=False)
    spectrum = torch.logspace(0, -1.3, min(shape))  # singular values from 1 down to 0.05
    g = u * spectrum @ v
    out = orthogonalise(g, 5).float()
    values = torch.linalg.svdvals(out)
    assert values.min() > 0.6 and values.max() < 1.3
    assert (out * g).sum((1, 2)).min() > 0  # it turns nothing: the step goes downhill


def test_a_hidden_matrix_moves_by_the_rate_whatever_its_gradient():
    settings = OptimiserSettings(muon_lr=0.02, warmup=0, weight_decay=0.0)
    for scale in (1.0, 1e-4):
        net = network()
        optimiser = Optimiser(net, settings)
        before = optimiser.masters["2.weight"].clone()
        torch.manual_seed(3)
        (net(torch.randn(16, 48)).square().mean() * scale).backward()
        optimiser.step()
        values = torch.linalg.svdvals(optimiser.masters["2.weight"] - before)
        # a batch of 16 has 16 directions; the others of this 40 x 96 matrix stay
        assert ((values > 0.3 * 0.02) & (values < 1.3 * 0.02)).sum() >= 12
        assert values.max() < 1.3 * 0.02


def test_resuming_equals_going_on_bit_for_bit():
    whole, part = network(), network()
    settings = OptimiserSettings(warmup=4)
    one, two = Optimiser(whole, settings, 0.9), Optimiser(part, settings, 0.9)
    for seed in range(7):
        step(whole, one, seed)
        step(part, two, seed)
    stored = io.BytesIO()
    torch.save(two.state_dict(), stored)
    stored.seek(0)
    other = network(seed=9)
    resumed = Optimiser(other, settings, 0.9)
    resumed.load_state_dict(torch.load(stored, weights_only=True))
    for seed in range(7, 20):
        step(whole, one, seed)
        step(other, resumed, seed)
    for name, value in one.masters.items():
        assert torch.equal(value, resumed.masters[name]), name
        assert torch.equal(one.ema[name], resumed.ema[name]), name
    assert all(
        torch.equal(a, b) for a, b in zip(whole.parameters(), other.parameters(), strict=True)
    )


def test_a_step_without_finite_gradients_is_dropped():
    net = network()
    optimiser = Optimiser(net, OptimiserSettings())
    step(net, optimiser, 0)
    before = copy.deepcopy(optimiser.state_dict())
    (net(torch.full((2, 48), float("nan"))).sum()).backward()
    optimiser.step()
    after = optimiser.state_dict()
    assert after["steps_done"] == before["steps_done"]
    assert all(torch.equal(v, after["masters"][n]) for n, v in before["masters"].items())
    assert all(p.grad is None for p in net.parameters())


def test_it_learns_and_the_average_follows():
    net = network()
    optimiser = Optimiser(net, OptimiserSettings(warmup=5), ema_decay=0.9)
    torch.manual_seed(0)
    x = torch.randn(64, 48)
    losses = []
    for _ in range(100):
        loss = (net(x) - x[:, :40].flip(1)).square().mean()
        losses.append(loss.item())
        loss.backward()
        optimiser.step(0.5)
    assert losses[-1] < 0.4 * losses[0]
    average = network(seed=4)
    average.load_state_dict(optimiser.ema_state())
    assert (average(x) - x[:, :40].flip(1)).square().mean() < 0.6 * losses[0]
