"""A film carries its recipe: make it again, to the same packets."""

from pathlib import Path

import yozora
from yozora.render import read_recipe, repeat

(first,) = yozora.generate("a white horse gallops in the snow", "horse.mp4", seconds=1, seed=3)
again = repeat(read_recipe(first.path), Path("horse-again.mp4"), on_event=print)
assert again.recipe.packets_sha256 == first.recipe.packets_sha256
