"""New words, and a new place, in the middle of a render: what is done stays."""

import yozora
from yozora.events import Step
from yozora.steering import Steering

steering = Steering()


def watch(event: object) -> None:
    if isinstance(event, Step) and event.done == 2:
        steering.steer("the car is blue", place=(0.3, 0.6))


wish = "a yellow car drives on a road"
(film,) = yozora.generate(
    wish, "steered.mp4", seconds=1.0, seed=5, on_event=watch, steering=steering
)
print(film.path, film.recipe.steered)
