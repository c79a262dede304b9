"""Growing: what fits of older weights is taken over, by name, by word and by the judge's values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from yozora.model.checkpoint import Header, load_judge, load_transformer, save
from yozora.model.errors import WeightsError
from yozora.model.grid import Grid
from yozora.model.judge import Judge, JudgeSize
from yozora.model.transformer import Transformer, TransformerSize
from yozora.prompts.vocabulary import SPECIAL, Vocabulary
from yozora.training.grow import grow

SMALL = TransformerSize(width=64, blocks=2, text_width=64)
WIDER = TransformerSize(width=64, blocks=2, text_width=64, text_words=56)
BEFORE = Vocabulary((*SPECIAL, "cat", "dog", "runs"))
AFTER = Vocabulary((*SPECIAL, "bear", "cat", "runs", "sleeps"))


def saved_transformer(path: Path, grid: Grid) -> Transformer:
    torch.manual_seed(0)
    network = Transformer(grid, SMALL, len(BEFORE))
    state = {name: torch.randn_like(value) for name, value in network.state_dict().items()}
    save(path, Header("transformer", grid, SMALL.to_dict(), BEFORE.words, {}), state, small=True)
    return load_transformer(path)[0]


def test_words_keep_their_rows_and_new_ones_begin_anew(tmp_path: Path) -> None:
    path = tmp_path / "transformer.safetensors"
    old = saved_transformer(path, Grid()).state_dict()
    network = Transformer(Grid(channels=48), WIDER, len(AFTER))
    fresh = {name: value.clone() for name, value in network.state_dict().items()}
    told = grow(network, path, AFTER)
    new = network.state_dict()
    embed = "text.embed.weight"
    for word in ("cat", "runs"):
        row, before = AFTER.words.index(word), BEFORE.words.index(word)
        assert torch.equal(new[embed][row], old[embed][before])
    for word in ("bear", "sleeps"):
        row = AFTER.words.index(word)
        assert torch.equal(new[embed][row], fresh[embed][row])
    assert torch.equal(new["text.place"][:48], old["text.place"])
    assert torch.equal(new["text.place"][48:], fresh["text.place"][48:])
    assert torch.equal(new["blocks.1.qkv.weight"], old["blocks.1.qkv.weight"])
    assert torch.equal(new["patch_in.weight"], fresh["patch_in.weight"]), "other channels"
    assert "transformer.safetensors" in told and "%" in told


def test_the_judge_keeps_what_it_knows_of_each_value(tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    torch.manual_seed(1)
    before = JudgeSize((("subject", ("cat", "dog")), ("place", ("park", "beach"))), 4, 6)
    after = JudgeSize((("place", ("beach", "moon")), ("subject", ("none", "dog", "cat"))), 4, 6)
    state = {name: torch.randn_like(v) for name, v in Judge(before).state_dict().items()}
    save(path, Header("judge", Grid(), before.to_dict(), (), {}), state, small=True)
    old, network = load_judge(path)[0].state_dict(), Judge(after)
    grow(network, path)
    new = network.state_dict()
    assert torch.equal(new["head.1.weight"][[2, 1]], old["head.0.weight"])
    assert torch.equal(new["head.0.bias"][0], old["head.1.bias"][1])
    assert torch.equal(new["table_query_KD"], old["table_query_KD"][[1, 0]])


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "transformer.safetensors"
    saved_transformer(path, Grid())
    with pytest.raises(WeightsError, match="holds a transformer, not a judge"):
        grow(Judge(JudgeSize((("subject", ("cat",)), ("place", ("park",))), 4, 6)), path)


def test_a_network_that_learns_its_time_and_louder_words_begins_as_what_it_was(
    tmp_path: Path,
) -> None:
    """The clock and the bag of words begin at nothing; of an outliner's file as of any other."""
    torch.manual_seed(0)
    old = Transformer(Grid(), SMALL, len(BEFORE)).eval()
    for value in old.parameters():
        if not value.any():  # zero at the start of training: let it act
            torch.nn.init.normal_(value, std=0.05)
    path = tmp_path / "outliner.safetensors"
    header = Header("outliner", Grid(), SMALL.to_dict(), BEFORE.words, {})
    save(path, header, old.state_dict(), small=False)
    new = Transformer(Grid(), replace(SMALL, clock=1, bag=1), len(BEFORE)).eval()
    grow(new, path, BEFORE, "outliner")
    x, level, one = torch.randn(1, 3, old.state, 2, 4), torch.full((1, 3), 0.5), torch.ones(1)
    told = torch.ones(1, 2, dtype=torch.long), torch.zeros(1, 3, dtype=torch.long)

    def made(network: Transformer) -> torch.Tensor:
        text = network.encode_text(told[0])
        return network(x, level, level, one, text, told[1], torch.arange(3) / 3.0)

    with torch.no_grad():
        assert torch.allclose(made(new), made(old), atol=1e-5)
        new.clock.weight.normal_()
        assert not torch.allclose(made(new), made(old), atol=1e-3)
