"""How long the ways of attention take here, side by side, at the shapes of films and streams.

    python benchmarks/attention.py [--rounds 15]

Milliseconds of the fused call, of softmax written out, and of `attend_normed`, the shortest of so
many rounds in turns, in the numbers that this machine computes in; and what the last one is times
as fast as the better of the others. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import math
import time

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from yozora.model.layers import attend_normed, compute_dtype, norm

SHAPES = {  # rows, heads, tokens that ask, tokens that are seen
    "words": (4, 6, 144, 16),
    "stream": (2, 6, 432, 864),
    "film": (1, 6, 1728, 1728),
    "film, guided": (2, 6, 1728, 1728),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    dtype = compute_dtype()
    ways = {"fused": scaled_dot_product_attention, "written": written, "normed": attend_normed}
    found: dict[str, object] = {"dtype": str(dtype).rpartition(".")[2]}
    for name, (rows, heads, asked, seen) in SHAPES.items():
        q, k, v = (
            norm(torch.randn(rows, heads, count, 64)).to(dtype) for count in (asked, seen, seen)
        )
        best = dict.fromkeys(ways, math.inf)
        with torch.inference_mode():
            for _ in range(rounds):
                for way, attend in ways.items():
                    began = time.perf_counter()
                    attend(q, k, v)
                    best[way] = min(best[way], 1000.0 * (time.perf_counter() - began))
        told = {f"{way}_ms": round(ms, 2) for way, ms in best.items()}
        ratio = min(best["fused"], best["written"]) / best["normed"]
        found[name] = told | {"times_as_fast": round(ratio, 2)}
    print(json.dumps(found))


def written(q_BHTE: Tensor, k_BHSE: Tensor, v_BHSE: Tensor) -> Tensor:
    scores = (q_BHTE * (1.0 / math.sqrt(q_BHTE.shape[-1]))) @ k_BHSE.transpose(-1, -2)
    return scores.softmax(-1) @ v_BHSE


if __name__ == "__main__":
    main()
