"""Make docs/gallery: one small film a scene from plain words, seed 0, and sheets of frames.

    .venv/bin/python scripts/gallery.py

Nothing is picked: one film a prompt, the default settings, the weights that ship.
"""

from __future__ import annotations

from pathlib import Path

from yozora.media.images import contact_sheet, fit, save_jpeg, save_png
from yozora.media.video import read_video
from yozora.render import load_engine, render
from yozora.request import Request

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"
PROMPTS = {
    "tokyo": "a stylish woman in a black leather jacket, a long red dress and black boots walks "
    "down a Tokyo street of warm neon signs, the street damp and reflective",
    "dog": "a small brown dog running across a park",
    "flower": "a flower blooming",
    "library": "a serene library",
    "spaceship": "the interior of a spaceship",
    "lagos": "Lagos in 2056, flying cars between towering skyscrapers",
    "building": "a walkthrough of a new building",
    "gadget": "product shot of a smartphone turning on a pedestal",
    "car": "product shot of a red car on a pedestal",
    "superhero": "a superhero flying over the city",
    "handshake": "two people meeting and shaking hands",
    "dragon": "a castle with a dragon",
    "traffic-day": "driving through the city by day with traffic and pedestrians",
    "traffic-night": "driving through the city at night with traffic and pedestrians",
    "traffic-rain": "driving through the city in the rain with traffic and pedestrians",
    "traffic-fog": "driving through the city in fog with traffic and pedestrians",
    "traffic-snow": "driving through the city in snow with traffic and pedestrians",
    "planets": "the solar system, for teaching",
    "pendulum": "a pendulum swinging",
    "volcano": "an erupting volcano",
}
SMALL = (192, 108)  # pixels of a picture on the sheet
STRIP = ("dog", "car", "tokyo", "planets", "volcano", "dragon", "flower", "spaceship")


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
            pictures.append(fit(frames[int(at * len(frames))][None], *SMALL)[0])
            labels.append(f"{prompt}" if at == 0.15 else "")
        middles[name] = frames[len(frames) // 2]
    save_jpeg(GALLERY / "sheet.jpg", contact_sheet(pictures, labels, columns=6))
    strip = [fit(middles[name][None], 256, 144)[0] for name in STRIP]
    save_png(GALLERY / "strip.png", contact_sheet(strip, [PROMPTS[n] for n in STRIP], columns=4))


if __name__ == "__main__":
    main()
