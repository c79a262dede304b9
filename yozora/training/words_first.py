"""Words before pictures: the text encoder learns to keep a caption's words before it says any.

A pooled vector that begins as a mean of forty words tells a dog from a horse by a fortieth of
itself, and pictures teach it so slowly that shapes are learnt without it. Which words a caption has
is a lesson that costs next to nothing: from each pooled vector a linear map, thrown away
afterwards, must find them.
"""

# U captions, L words, D channels, V words of the vocabulary

from __future__ import annotations

import copy
import random

import torch
from torch import Tensor, nn

from yozora.model.text import PAD, TextEncoder
from yozora.prompts.vocabulary import Vocabulary
from yozora.training.latent_clips import LatentClips

CAPTIONS = 96  # a step
RATE = 3e-3  # of Adam; falls to zero
ANCHOR = 0.03  # a caption's words in nats, for a unit of squared distance from what was said


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
    anchored: bool = False,
) -> float:
    """Trains `text` in place on captions of the clips; returns the share of words found at the end.

    `most`: words of a caption that are read. `anchored`: for an encoder that a network listens to
    already, which is held near what it says now.
    """
    dtype, device = text.place.dtype, text.place.device
    text.float()
    before = copy.deepcopy(text).requires_grad_(False) if anchored else None
    head = nn.Linear(text.pool.out_features, len(words), device=device)
    both = [*text.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(both, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: 1.0 - n / max(steps, 1))
    found = 0.0
    for _ in range(steps):
        told = clips.captions(rng, CAPTIONS)
        ids = torch.tensor(words.encode_all(told, most), device=device)
        bag = bags(ids, len(words))
        vectors, pooled, _ = text(ids)
        logits = head(pooled)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, bag, reduction="sum")
        if before is not None:
            said = before(ids)
            moved = (pooled - said[1]).square().sum()
            loss = loss + ANCHOR * (moved + (vectors - said[0]).square().sum((0, 2)).mean())
        optimiser.zero_grad()
        (loss / len(ids)).backward()
        nn.utils.clip_grad_norm_(both, 1.0)
        optimiser.step()
        falling.step()
        hit = float(((logits > 0) * bag).sum() / bag.sum())
        found += 0.05 * (hit - found)
    text.to(dtype)
    return found
