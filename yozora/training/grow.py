"""Starts a network from weights of other words, columns or grid: what fits is taken over.

A wider world has more words and more for the judge to tell apart; another tokenizer has other
channels. Most of a trained network is none of that, and a start from it is worth hours
(docs/log.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from yozora.model.checkpoint import expect, load_state
from yozora.model.judge import Judge
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import Vocabulary

EMBEDDING, PLACES = "text.embed.weight", "text.place"
QUERIES = "table_query_KD"


def grow(
    network: nn.Module, path: Path, words: Vocabulary | None = None, kind: str = "transformer"
) -> str:
    """Fill a network with what fits it of a weights file; a sentence says how much that was.

    `kind`: of which kind the file is, where the network is no judge: "outliner" is one too.

    Tensors of equal name and shape are copied. A word keeps its row whatever its number, and so do
    the judge's columns and their values. Raises `WeightsError` for a file that is none.
    """
    kind = "judge" if isinstance(network, Judge) else kind
    header, old = expect(path, kind), load_state(path)
    new = network.state_dict()
    taken = {name for name, value in old.items() if name in new and new[name].shape == value.shape}
    taken -= {EMBEDDING, QUERIES, *(name for name in new if name.startswith("head."))}
    for name in taken:
        new[name] = old[name]
    if isinstance(network, Transformer) and words is not None:
        _rows(new[EMBEDDING], old[EMBEDDING], words.words, header.words)
        count = min(len(new[PLACES]), len(old[PLACES]))
        new[PLACES][:count] = old[PLACES][:count]
        taken |= {EMBEDDING, PLACES}
    if isinstance(network, Judge):
        before = [(str(name), tuple(values)) for name, values in header.size["columns"]]
        names = [name for name, _ in before]
        now = network.size.columns
        _rows(new[QUERIES], old[QUERIES], [name for name, _ in now], names)
        for i, (name, values) in enumerate(now):
            if name not in names:
                continue
            at = names.index(name)
            for part in ("weight", "bias"):
                _rows(new[f"head.{i}.{part}"], old[f"head.{at}.{part}"], values, before[at][1])
                taken.add(f"head.{i}.{part}")
        taken.add(QUERIES)
    network.load_state_dict(new)
    all_ = sum(value.numel() for value in new.values())
    share = sum(new[name].numel() for name in taken) / all_
    return f"{share:.0%} of the values are those of {path.name}, the rest begin anew"


def _rows(new: Tensor, old: Tensor, names: Sequence[str], before: Sequence[str]) -> None:
    """Copy the rows of names that both have, in place; rows that cannot be compared stay new."""
    if new.shape[1:] != old.shape[1:]:
        return
    at = {name: row for row, name in enumerate(before)}
    pairs = [(row, at[name]) for row, name in enumerate(names) if name in at]
    if pairs:
        to, source = (torch.tensor(rows) for rows in zip(*pairs, strict=True))
        new[to] = old[source].to(new.dtype)
