"""Words to a film: the shortest use of Yozora."""

import yozora

(film,) = yozora.generate("a dog running in the park", "dog.mp4", seconds=2, seed=0)
print(film.path, film.recipe.timeline.spans[0].caption)
