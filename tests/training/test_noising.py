"""What a network is shown in training is what it meets in use."""

from __future__ import annotations

import pytest
import torch

from yozora.training.noising import noised


@pytest.mark.parametrize("shared", [0.0, 0.4, 0.9])
def test_frames_of_a_clip_share_noise_and_clips_do_not(shared: float) -> None:
    torch.manual_seed(0)
    clean = torch.randn(3, 4, 6, 24, 24)
    level = torch.tensor([[1.0, 0.5, 0.2, 1.0]] * 3)
    x, target = noised(clean, level, 0.0, shared)
    noise = (target + clean).flatten(2)
    assert noise.var(2) == pytest.approx(torch.ones(3, 4).numpy(), abs=0.1)
    likeness = torch.corrcoef(noise.flatten(0, 1)).view(3, 4, 3, 4)
    for clip in range(3):
        for other in range(3):
            for a in range(4):
                for b in range(4):
                    same = clip == other and a == b
                    wanted = 1.0 if same else shared if clip == other else 0.0
                    assert float(likeness[clip, a, other, b]) == pytest.approx(wanted, abs=0.08)
    t = level[:, :, None, None, None]
    torch.testing.assert_close(x, clean + t * target)
