"""A recipe that cannot be run is refused when it is read, with the setting and a remedy."""

from pathlib import Path

import pytest

from yozora.training.errors import TrainingError
from yozora.training.recipe import read_recipe

RUNS = Path(__file__).parents[2] / "runs"


@pytest.mark.parametrize("path", sorted(RUNS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_that_ships_is_read(path: Path) -> None:
    assert read_recipe(path).name


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ('name = "../../x"', "name", "use letters"),
        ('name = ""', "name", "use letters"),
        ("threads = 0", "threads", "above 0"),
        ('threads = "two"', "threads", "whole number"),
        ("[data]\nscenes = 0", "data.scenes", "above 0"),
        ("[data]\nscenes = true", "data.scenes", "whole number"),
        ('[data]\nsource = "youtube"', "data.source", "choose one of world"),
        ("[data]\nlengths = []", "data.lengths", "[[3, 0.6]"),
        ("[data]\nlengths = [[0, 1.0]]", "data.lengths", "[[3, 0.6]"),
        ("[data]\nlengths = 3", "data.lengths", "list"),
        ("[data]\nsizes = [[250, 144, 1.0]]", "data.sizes", "16"),
        ("[data]\nworkers = -1", "data.workers", "below 0"),
        ("[data]\nreference_share = 2.0", "data.reference_share", "0 to 1"),
        ("[tokenizer]\nminutes = -1", "tokenizer.minutes", "0 or more"),
        ("[tokenizer]\nminutes = nan", "tokenizer.minutes", "0 or more"),
        ("[tokenizer]\ncrop = 100", "tokenizer.crop", "multiple of 16"),
        ("[tokenizer]\nbatch = 0", "tokenizer.batch", "above 0"),
        ("[transformer]\nstages = []", "transformer.stages", "at least one"),
        ("[transformer]\nwidth = 3", "no setting 'width'", "it knows"),
        ("[judge]\nbatch = 0", "judge.batch", "above 0"),
        ("data = 3", "data", "[recipe.toml.data]"),
    ],
)
def test_values_that_cannot_be_are_refused_with_a_remedy(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(TrainingError) as told:
        read_recipe(path)
    assert place in str(told.value)
    assert remedy in str(told.value)
