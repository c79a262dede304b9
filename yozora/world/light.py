"""Light and air: what the sun, the moon, the sky and the mist look like by time and weather.

Colours here are squared display values ("linear-ish"): the renderer lights in this space and
takes the square root at the end, so that a surface fully lit at noon shows its own colour.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

RGB = tuple[float, float, float]
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """Everything that lights a scene, apart from its lamps."""

    sun_dir: Point  # unit vector to the sun or moon, for shading and shadows
    disc_dir: Point  # unit vector to the disc that is seen in the sky
    sun: RGB  # its light on a surface that faces it
    up: RGB  # ambient light from above
    down: RGB  # ambient light from below
    zenith: RGB  # sky overhead
    horizon: RGB  # sky at the horizon, and the mist
    halo: RGB  # added to the sky around the disc
    disc: RGB  # the disc itself; black: none
    disc_deg: float  # its angular radius
    cloud: RGB  # colour of the clouds
    clouds: float  # 0 none .. 1 overcast
    stars: float  # 0 none .. 1 a night full of them
    fog: float  # density of the mist, 1 / metre at scale 1
    rim: RGB  # light around the subject's outline
    subject: float  # brightness of the neutral key light on subjects
    wet: float = 0.0  # 0 dry .. 1 everything glistens
    white: float = 0.0  # 0 bare ground .. 1 freshly snowed over
    shadow: float = 0.75  # how dark a cast shadow is


def shown(red: float, green: float, blue: float) -> RGB:
    """A colour as seen on the screen -> the renderer's squared space."""
    return (red * red, green * green, blue * blue)


def direction(azimuth_deg: float, elevation_deg: float) -> Point:
    """Unit vector; azimuth 0 is straight ahead of the camera (-z), positive to the right."""
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return (math.sin(a) * math.cos(e), math.sin(e), -math.cos(a) * math.cos(e))


def mixed(a: RGB, b: RGB, share: float) -> RGB:
    """`share` of b, the rest of a."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def scaled(a: RGB, factor: float) -> RGB:
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def luma(a: RGB) -> float:
    return 0.3 * a[0] + 0.6 * a[1] + 0.1 * a[2]


def light_for(time: str, weather: str, seed: int) -> Light:
    """The light outdoors; `seed` chooses the side that the sun or moon stands on."""
    rng = random.Random(f"light {seed}")
    side = rng.choice((-1.0, 1.0))
    jitter = rng.uniform(-1.0, 1.0)
    clear = _CLEAR[time](side, jitter)
    if weather == "rain":
        return _rained(clear, time)
    if weather == "snow":
        return _snowed(clear, time)
    if weather == "cloudy":
        return _clouded(clear, time)
    if weather == "fog":
        return _fogged(clear, time)
    return clear


def _dawn(side: float, jitter: float) -> Light:
    return Light(
        sun_dir=direction(side * (115 + 12 * jitter), 22),
        disc_dir=direction(side * (12 + 4 * jitter), 2.6),
        sun=(0.95, 0.62, 0.60),
        up=(0.36, 0.32, 0.50),
        down=(0.26, 0.20, 0.26),
        zenith=shown(0.58, 0.60, 0.86),
        horizon=shown(0.97, 0.77, 0.82),
        halo=shown(0.62, 0.42, 0.30),
        disc=shown(1.0, 0.93, 0.86),
        disc_deg=1.7,
        cloud=shown(0.99, 0.74, 0.80),
        clouds=0.38,
        stars=0.0,
        fog=0.024,
        rim=(0.55, 0.32, 0.40),
        subject=0.82,
        shadow=0.6,
    )


def _day(side: float, jitter: float) -> Light:
    return Light(
        sun_dir=direction(side * (125 + 15 * jitter), 48),
        disc_dir=direction(side * 120, 48),
        sun=(0.92, 0.86, 0.74),
        up=(0.30, 0.38, 0.50),
        down=(0.20, 0.19, 0.16),
        zenith=shown(0.16, 0.46, 0.90),
        horizon=shown(0.72, 0.88, 0.98),
        halo=(0.0, 0.0, 0.0),
        disc=(0.0, 0.0, 0.0),
        disc_deg=1.5,
        cloud=shown(1.0, 1.0, 1.0),
        clouds=0.45,
        stars=0.0,
        fog=0.0065,
        rim=(0.12, 0.14, 0.17),
        subject=1.0,
        shadow=0.78,
    )


def _sunset(side: float, jitter: float) -> Light:
    return Light(
        sun_dir=direction(side * (62 + 10 * jitter), 17),
        disc_dir=direction(side * (13 + 4 * jitter), 3.2),
        sun=(1.55, 0.70, 0.22),
        up=(0.30, 0.20, 0.36),
        down=(0.20, 0.09, 0.10),
        zenith=shown(0.34, 0.24, 0.60),
        horizon=shown(1.0, 0.55, 0.20),
        halo=shown(0.75, 0.42, 0.10),
        disc=shown(1.0, 0.93, 0.55),
        disc_deg=2.6,
        cloud=shown(0.88, 0.28, 0.26),
        clouds=0.5,
        stars=0.0,
        fog=0.0075,
        rim=(1.0, 0.42, 0.10),
        subject=0.84,
        shadow=0.8,
    )


def _night(side: float, jitter: float) -> Light:
    return Light(
        sun_dir=direction(side * (70 + 12 * jitter), 40),
        disc_dir=direction(side * (13 + 4 * jitter), 9.2),
        sun=(0.060, 0.085, 0.16),
        up=(0.030, 0.045, 0.105),
        down=(0.012, 0.016, 0.035),
        zenith=shown(0.025, 0.04, 0.14),
        horizon=shown(0.10, 0.17, 0.36),
        halo=shown(0.18, 0.22, 0.32),
        disc=shown(0.97, 0.97, 0.90),
        disc_deg=1.9,
        cloud=shown(0.15, 0.20, 0.36),
        clouds=0.2,
        stars=1.0,
        fog=0.008,
        rim=(0.26, 0.40, 0.75),
        subject=0.74,
        shadow=0.7,
    )


_CLEAR = {"dawn": _dawn, "day": _day, "sunset": _sunset, "night": _night}


def for_noir(light: Light) -> Light:
    """The same light for black and white film: nights are lit so that things stay readable."""
    dark = max(0.0, 1.0 - luma(light.up) / 0.25)  # 0 by day .. 1 in the dark
    lift = 1.0 + 1.6 * dark
    return replace(
        light,
        sun=scaled(light.sun, lift),
        up=scaled(light.up, lift),
        down=scaled(light.down, lift),
        rim=scaled(light.rim, 1.0 + 0.6 * dark),
        subject=max(light.subject, 0.95),
    )


def lit_by_signs(light: Light, signs: RGB) -> Light:
    """The same light among shining signs: they brighten all around, and edge subjects in their
    own colour, so that dark clothes stay readable by night."""
    return replace(
        light,
        up=_sum(light.up, scaled(signs, 0.17)),
        down=_sum(light.down, scaled(signs, 0.13)),
        rim=_sum(scaled(light.rim, 1.0 - 0.7 * max(signs)), scaled(signs, 3.3)),
    )


def _sum(a: RGB, b: RGB) -> RGB:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _greyed(light: Light, grey: RGB, share: float, dim: float) -> Light:
    """The same hour under a closed cover of cloud."""
    horizon = mixed(light.horizon, grey, share)
    return replace(
        light,
        sun=scaled(mixed(light.sun, (luma(light.sun),) * 3, 0.6), 0.28 * dim),
        up=scaled(mixed(light.up, (luma(light.up) * 1.1,) * 3, 0.55), 1.15 * dim),
        down=scaled(mixed(light.down, (luma(light.down),) * 3, 0.5), dim),
        zenith=mixed(light.zenith, grey, share),
        horizon=horizon,
        halo=scaled(light.halo, 0.25),
        disc=(0.0, 0.0, 0.0),
        cloud=scaled(mixed(light.cloud, grey, 0.85), 0.8),
        clouds=0.9,
        stars=0.0,
        rim=scaled(mixed(light.rim, (luma(light.rim),) * 3, 0.4), 0.6),
        shadow=0.35,
    )


def _rained(light: Light, time: str) -> Light:
    grey = {
        "dawn": shown(0.55, 0.47, 0.54),
        "day": shown(0.50, 0.55, 0.61),
        "sunset": shown(0.62, 0.36, 0.27),
        "night": shown(0.07, 0.10, 0.17),
    }[time]
    wet = _greyed(light, grey, 0.72, 0.85)
    if time == "night":  # the lamps of the town on the clouds
        wet = replace(wet, up=scaled(wet.up, 1.7), down=scaled(wet.down, 1.7))
    return replace(
        wet, fog=min(light.fog, 0.014) * 1.6 + 0.006, wet=1.0, subject=light.subject * 0.88
    )


def _snowed(light: Light, time: str) -> Light:
    grey = {
        "dawn": shown(0.90, 0.80, 0.86),
        "day": shown(0.84, 0.88, 0.93),
        "sunset": shown(0.93, 0.66, 0.50),
        "night": shown(0.16, 0.21, 0.36),
    }[time]
    white = _greyed(light, grey, 0.7, 1.15)
    return replace(white, fog=min(light.fog, 0.014) * 1.2 + 0.009, white=1.0)


def _clouded(light: Light, time: str) -> Light:
    """A closed grey cover with darker billows, and no shadows; dry."""
    grey = {
        "dawn": shown(0.66, 0.60, 0.68),
        "day": shown(0.70, 0.73, 0.77),
        "sunset": shown(0.70, 0.50, 0.45),
        "night": shown(0.22, 0.23, 0.28),
    }[time]
    dull = _greyed(light, grey, 0.88, 1.0)
    lift = 1.5 if time == "night" else 1.0  # the lamps of the town on the clouds
    up, down = (mixed(c, (luma(c),) * 3, 0.7) for c in (dull.up, dull.down))
    return replace(
        dull, up=scaled(up, lift), down=scaled(down, lift), zenith=scaled(grey, 0.62),
        cloud=grey, clouds=1.0, fog=min(light.fog, 0.014) * 0.8 + 0.016,
        halo=(0.0, 0.0, 0.0), shadow=0.10, subject=light.subject * 0.93,
    )  # fmt: skip


def _fogged(light: Light, time: str) -> Light:
    """White air: what stands behind the subject is lost within a few metres."""
    grey = {
        "dawn": shown(0.88, 0.82, 0.85),
        "day": shown(0.87, 0.89, 0.91),
        "sunset": shown(0.92, 0.76, 0.66),
        "night": shown(0.27, 0.31, 0.40),
    }[time]
    air = _greyed(light, grey, 1.0, 1.1)
    return replace(
        air, zenith=scaled(grey, 0.92), horizon=grey, cloud=grey, clouds=0.0, fog=0.17,
        halo=scaled(light.halo, 0.12), shadow=0.12, subject=light.subject * 0.96,
    )  # fmt: skip


def indoor_light(tint: RGB = (1.0, 0.90, 0.76), level: float = 0.8) -> Light:
    """Even light from the ceiling: `tint` its colour, `level` its brightness (0..1)."""
    wall = scaled(tint, 0.25 * level)
    return Light(
        sun_dir=direction(150, 62),
        disc_dir=direction(150, 62),
        sun=scaled(tint, 0.55 * level),
        up=scaled(tint, 0.50 * level),
        down=scaled(mixed(tint, (1.0, 1.0, 1.0), 0.4), 0.30 * level),
        zenith=wall,
        horizon=wall,
        halo=(0.0, 0.0, 0.0),
        disc=(0.0, 0.0, 0.0),
        disc_deg=1.0,
        cloud=wall,
        clouds=0.0,
        stars=0.0,
        fog=0.0,
        rim=scaled(tint, 0.22),
        subject=0.95,
        shadow=0.55,
    )
