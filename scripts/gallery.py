"""Make docs/gallery: one small film a subject from plain words, seed 0, and sheets of frames.

    .venv/bin/python scripts/gallery.py

Nothing is picked: one film a prompt, the default settings, the weights that ship.
"""

from __future__ import annotations

from pathlib import Path

from yozora.media.images import contact_sheet, fit, save_png
from yozora.media.video import read_video
from yozora.render import load_engine, render
from yozora.request import Request

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"
PROMPTS = {
    "woman": "a woman in a red dress walking on a beach",
    "man": "a man in a blue coat dancing in a library",
    "child": "a child in a yellow jacket jumping in the snow",
    "dog": "a dog running in the park",
    "cat": "a black cat sitting in a library",
    "horse": "a white horse running through the desert at sunset",
    "bird": "a red bird flying over a snow field",
    "car": "a yellow car driving through the desert",
    "boat": "a green boat sailing on the sea at sunset",
    "ball": "an orange ball bouncing on the beach",
    "box": "a purple box spinning in the park",
    "robot": "a blue robot waving inside a spaceship",
    "flower": "a pink flower blooming in the forest in spring",
    "spaceship": "a red spaceship hovering over the snow at night",
}
STRIP = ("dog", "car", "spaceship", "cat", "boat", "robot", "bird")


def main() -> None:
    GALLERY.mkdir(parents=True, exist_ok=True)
    engine = load_engine()
    pictures, labels = [], []
    middles = {}
    for name, prompt in PROMPTS.items():
        path = GALLERY / f"{name}.mp4"
        render(Request(prompt, path, seconds=4.0, seed=0), engine=engine)
        path.with_suffix(".latents.safetensors").unlink()
        frames = read_video(path).frames_THWC
        for at in (0.15, 0.5, 0.85):
            pictures.append(frames[int(at * len(frames))])
            labels.append(f"{prompt}" if at == 0.15 else "")
        middles[name] = frames[len(frames) // 2]
    save_png(GALLERY / "sheet.png", contact_sheet(pictures, labels, columns=6))
    strip = [fit(middles[name][None], 256, 144)[0] for name in STRIP]
    save_png(GALLERY / "strip.png", contact_sheet(strip, [PROMPTS[n] for n in STRIP], columns=4))


if __name__ == "__main__":
    main()
