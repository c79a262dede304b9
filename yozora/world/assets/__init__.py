"""The kinds of subjects there are: one file a kind, found by listing this folder."""

from __future__ import annotations

import importlib
import pkgutil

from yozora.world.assets.asset import Asset, Look, Pose

__all__ = ["ASSETS", "Asset", "Look", "Pose", "find_assets"]


def find_assets() -> dict[str, Asset]:
    """Every asset on this package's path by its kind, sorted; two of one kind are an error."""
    found: list[Asset] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        content = vars(importlib.import_module(f"{__name__}.{module}"))
        found += content.get("ASSETS", ())
        found += [content["ASSET"]] if "ASSET" in content else []
    kinds = [asset.kind for asset in found]
    assert len(set(kinds)) == len(kinds), f"two assets of one kind: {sorted(kinds)}"
    return {asset.kind: asset for asset in sorted(found, key=lambda asset: asset.kind)}


ASSETS = find_assets()
