"""Three upright films of the same words, steered away from red."""

import yozora

films = yozora.generate(
    "a woman in a coat walks through a neon street at night",
    "street.mp4",
    seconds=1,
    size=(144, 256),
    seed=7,
    variations=3,
    negative="red",
)
for film in films:
    print(film.path, f"{film.width}x{film.height}", film.recipe.timeline.seed)
