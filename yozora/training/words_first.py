"""Words before pictures: the text encoder learns to keep a caption's words, and then rests.

Pictures are a poor teacher of words: what all captions share grows with each step that moves all
directions alike, until one word among forty changes what is said by a hundredth (docs/log.md).
Which words a caption has is a lesson that costs next to nothing: from each pooled vector a linear
map, thrown away afterwards, must find them.
"""

# U captions, L words, D channels, V words of the vocabulary

from __future__ import annotations

import random

import torch
from torch import Tensor, nn

from yozora.model.text import PAD, TextEncoder
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import Vocabulary
from yozora.training.latent_clips import LatentClips

CAPTIONS = 96  # a step
RATE = 3e-3  # of Adam; falls to zero
LOUD = 0.4  # root mean square of the pooled vectors afterwards: what they begin with


def bags(ids_UL: Tensor, words: int) -> Tensor:
    """(U, V): 1 for each word that a caption has."""
    bag = torch.zeros(len(ids_UL), words, device=ids_UL.device)
    bag.scatter_(1, ids_UL, 1.0)
    bag[:, PAD] = 0.0
    return bag


def learn_words(
    text: TextEncoder,
    clips: LatentClips,
    words: Vocabulary,
    most: int,
    steps: int,
    rng: random.Random,
) -> float:
    """Trains `text` in place on captions of the clips; returns the share of words found at the end.

    `most`: words of a caption that are read.
    """
    dtype, device = text.place.dtype, text.place.device
    text.float()
    head = nn.Linear(text.pool.out_features, len(words), device=device)
    both = [*text.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(both, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: 1.0 - n / max(steps, 1))
    found = 0.0
    for _ in range(steps):
        told = clips.captions(rng, CAPTIONS)
        ids = torch.tensor(words.encode_all(told, most), device=device)
        bag = bags(ids, len(words))
        logits = head(text(ids)[1])
        loss = nn.functional.binary_cross_entropy_with_logits(logits, bag, reduction="sum")
        optimiser.zero_grad()
        (loss / len(ids)).backward()
        nn.utils.clip_grad_norm_(both, 1.0)
        optimiser.step()
        falling.step()
        hit = float(((logits > 0) * bag).sum() / bag.sum())
        found += 0.05 * (hit - found)
    with torch.no_grad():  # as loud as the noise level beside it, which must be heard as well
        loud = text(ids)[1].square().mean().sqrt()
        for linear in (text.pool, text.told):
            linear.weight.mul_(LOUD / loud)
            linear.bias.mul_(LOUD / loud)
    text.to(dtype)
    return found


def resting(network: Transformer) -> dict[str, Tensor]:
    """The text encoder's values where no optimiser keeps them."""
    rests = not network.text.place.requires_grad
    return dict(network.text.state_dict()) if rests else {}
