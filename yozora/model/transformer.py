"""The diffusion transformer over spacetime patches: `v(x, t, r, w)`, a flow map.

Full 3D attention; rotary positions with time in seconds and space in cells from the centre tell
tokens apart, and an added embedding of the place between the edges tells sky from ground;
normed queries and keys; one shared time MLP with a small table a block (adaLN-single, arXiv
2310.00426) and a noise level per latent frame (arXiv 2407.01392); cross-attention of each frame
to that frame's own caption; reference tokens with a role of their own.
`x_t = (1 - t) clean + t noise`; the output is the average velocity from t down to r under
guidance weight w (r = t and w = 1: the plain velocity noise - clean).
"""

# B batch, F latent frames, N tokens a frame, D channels, C latent channels, H, W cells
# U captions, L words, R reference tokens, S = F * N + R tokens in all

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from yozora.model.blocks import Block, Memory, Modulation, TextContext
from yozora.model.grid import FINE, Grid
from yozora.model.layers import Mlp, norm, rotary_angles, sinusoid
from yozora.model.text import TextEncoder

PAIRS = (8, 12, 12)  # rotary channel pairs for (seconds, rows, columns)
SPANS = (16.0, 48.0, 48.0)  # longest distances: seconds, cells, cells
ROLES = ("character", "style")
OUTLINED = 3  # the block (from 0) after which it does
TIME_CHANNELS = 256
PLACE_CHANNELS = 64  # an axis
CLOCK = 5.0  # how loud a token's second is: it begins at 0, and should be heard soon
ROUTED = (2, 2)  # blocks at the start and at the end through which every token goes in training


@dataclass(frozen=True, slots=True)
class TransformerSize:
    """One dial, the width; the rest follows."""

    width: int = 384
    blocks: int = 8
    text_width: int = 256
    cross_every: int = 2  # every n-th block reads the words; pooled text reaches all of them
    text_words: int = 48  # of a caption, at most: the rest is not read
    outlines: int = 1  # planes: where subjects are; with 2, which of them is the first
    shared_noise: float = 0.0  # of the noise's variance: what the frames of a clip have in common
    flow_map: int = 1  # 1: takes r and w, so that it can be distilled; 0: outliner and planner
    clock: int = 0  # 1: tokens know their second of the window, which rotary angles cannot say
    bag: int = 0  # 1: each word of a caption also adds its own vector to the condition

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Window:
    """Which cells of a larger picture a sample's latents are, one value a sample: its first row
    and column (whole tokens), and the rows and columns of the whole picture. Each (B,)."""

    top_B: Tensor
    left_B: Tensor
    rows_B: Tensor
    cols_B: Tensor


@dataclass(frozen=True, slots=True)
class References:
    """Reference stills as latents (B, K, C, H, W) and their roles, K indices into ROLES."""

    latents_BKCHW: Tensor
    roles: tuple[int, ...]


class Transformer(nn.Module):
    """See the file's head. Shapes: x (B, F, C, H, W), t and r (B, F), w (B,).

    The C channels of x and of the velocity are `state`: the grid's latents, then planes of FINE by
    FINE values that tell where subjects are (1 on one, -1 off it, 0 unknown; ADR 14).
    """

    def __init__(self, grid: Grid, size: TransformerSize, words: int) -> None:
        super().__init__()
        self.grid, self.size = grid, size
        self.attended, self.told, self.thought = Block.attended, Block.told, Block.thought
        d = size.width
        self.state = grid.channels + size.outlines * FINE**2  # values a cell: latents, outlines
        token = self.state * grid.token_rows * grid.token_cols
        self.text = TextEncoder(
            words, size.text_width, d, longest=size.text_words, bag=bool(size.bag)
        )
        self.patch_in = nn.Linear(token, d)
        self.place = nn.Linear(
            2 * PLACE_CHANNELS, d
        )  # where in the picture: rotary angles cannot say
        if size.clock:
            self.clock = nn.Linear(PLACE_CHANNELS, d)
        self.role = nn.Parameter(torch.randn(len(ROLES), d) * 0.02)
        self.time = Mlp(TIME_CHANNELS, d, d)
        if size.flow_map:
            self.gap = Mlp(TIME_CHANNELS, d, d)  # t - r
            self.guide = Mlp(TIME_CHANNELS, d, d)  # w
        self.modulation = nn.Linear(d, 6 * d)
        self.blocks = nn.ModuleList(
            [Block(d, i % size.cross_every == 1 % size.cross_every) for i in range(size.blocks)]
        )
        self.outline_head = nn.Linear(d, FINE * grid.token_rows * FINE * grid.token_cols)
        self.final_modulation = nn.Linear(d, 2 * d)
        self.patch_out = nn.Linear(d, token)
        self.skip = nn.Linear(d, self.state)  # of x itself: noise need not pass through the width
        self.initialise()

    def initialise(self) -> None:
        """Xavier for linears; zero where a branch joins, so that training starts as identity."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        zero: list[nn.Linear] = [self.modulation, self.final_modulation]
        zero += [self.gap.down, self.guide.down] if self.size.flow_map else []
        zero += [self.clock] if self.size.clock else []
        zero += [self.place, self.patch_out, self.skip, self.text.told, self.outline_head]
        zero += [b.cross_out for b in self.layers() if b.cross_out is not None]
        for linear in zero:
            nn.init.zeros_(linear.weight)

    def layers(self) -> list[Block]:
        """The blocks, with their type."""
        return [block for block in self.blocks if isinstance(block, Block)]

    def fuse(self) -> None:
        """Compile the blocks' many small operations into few; needs a compiler at the first call.

        Values change in the last bits, so this is for training.
        """
        self.attended = torch.compile(Block.attended)
        self.told = torch.compile(Block.told)
        self.thought = torch.compile(Block.thought)

    def encode_text(self, ids_UL: Tensor) -> TextContext:
        return TextContext(*self.text(ids_UL))

    def to_tokens(self, x_BFCHW: Tensor) -> Tensor:
        """(B, F, C, H, W) -> (B, F, N, C * rows * cols)."""
        b, f, c, h, w = x_BFCHW.shape
        r, q = self.grid.token_rows, self.grid.token_cols
        x = x_BFCHW.view(b, f, c, h // r, r, w // q, q).permute(0, 1, 3, 5, 2, 4, 6)
        return x.reshape(b, f, (h // r) * (w // q), c * r * q)

    def from_tokens(self, x_BFNC: Tensor, h: int, w: int, fine: int = 1) -> Tensor:
        """(B, F, N, C * rows * cols) -> (B, F, C, H, W), with `fine` values a side of a cell."""
        b, f, _, all_ = x_BFNC.shape
        r, q = fine * self.grid.token_rows, fine * self.grid.token_cols
        c = all_ // (r * q)
        x = x_BFNC.view(b, f, h // r, w // q, c, r, q).permute(0, 1, 4, 2, 5, 3, 6)
        return x.reshape(b, f, c, h, w)

    def middles(self, h: int, w: int, window: Window | None) -> tuple[Tensor, Tensor, Window]:
        """Cells from the picture's top to the middle of each token row, (1 or B, h / rows), and
        from its left to each column, with the window that they are in (the whole, where None)."""
        device = self.role.device
        if window is None:
            zero = torch.zeros(1, device=device)
            window = Window(zero, zero, zero + h, zero + w)
        r, q = self.grid.token_rows, self.grid.token_cols
        down = (torch.arange(h // r, device=device) + 0.5) * r + window.top_B[:, None]
        along = (torch.arange(w // q, device=device) + 0.5) * q + window.left_B[:, None]
        return down, along, window

    def positions(self, h: int, w: int, second_F: Tensor, window: Window | None = None) -> Tensor:
        """(1 or B, F * N, 3): seconds from the clip's start, rows and columns from the centre."""
        down, along, of = self.middles(h, w, window)
        row, col = down - of.rows_B[:, None] / 2, along - of.cols_B[:, None] / 2
        shape = (len(row), len(second_F), row.shape[1], col.shape[1])
        axes = (
            second_F.float()[None, :, None, None].expand(shape),
            row[:, None, :, None].expand(shape),
            col[:, None, None, :].expand(shape),
        )
        return torch.stack(axes, -1).flatten(1, 3)

    def placed(self, h: int, w: int, window: Window | None = None) -> Tensor:
        """What tells a token its place between the picture's edges: (1 or B, 1, N, D)."""
        down, along, of = self.middles(h, w, window)
        # half a radian to 50 from edge to edge: no two rows alike, neighbours much alike
        rows = sinusoid(down / of.rows_B[:, None] * 0.05, PLACE_CHANNELS, 100.0)
        cols = sinusoid(along / of.cols_B[:, None] * 0.05, PLACE_CHANNELS, 100.0)
        b, r, q = len(rows), rows.shape[1], cols.shape[1]
        both = [rows[:, :, None].expand(b, r, q, -1), cols[:, None].expand(b, r, q, -1)]
        return self.place(torch.cat(both, -1).to(self.place.weight.dtype)).view(b, 1, r * q, -1)

    def clocked(self, second_F: Tensor) -> Tensor:
        """What tells a token its time between the window's ends: (F, 1, D)."""
        at = sinusoid(second_F.float() / self.grid.window_s * 0.05, PLACE_CHANNELS, 100.0)
        return CLOCK * self.clock(at.to(self.clock.weight.dtype))[:, None]

    def condition(self, t: Tensor, r: Tensor, w: Tensor, pooled: Tensor) -> Tensor:
        """Levels (B, F), guidance (B,), pooled text (B, F, D) -> condition (B, F, D)."""
        dtype = self.patch_in.weight.dtype
        c = self.time(sinusoid(t, TIME_CHANNELS).to(dtype))
        if self.size.flow_map:  # at most 20 radians: smooth
            c = c + self.gap(sinusoid((t - r) * 0.02, TIME_CHANNELS).to(dtype))
            c = c + self.guide(sinusoid((w - 1.0) * 0.004, TIME_CHANNELS).to(dtype))[:, None]
        return torch.nn.functional.silu(c + pooled)

    def forward(self, *told: Any, **more: Any) -> Tensor:
        """The velocity (B, F, C, H, W) alone; what is told as `outlined` takes it."""
        return self.outlined(*told, **more)[0]

    def outlined(
        self,
        x_BFCHW: Tensor,
        t_BF: Tensor,
        r_BF: Tensor,
        w_B: Tensor,
        text: TextContext,
        caption_BF: Tensor,
        second_F: Tensor,
        references: References | None = None,
        window: Window | None = None,
        kept_N: Tensor | None = None,
        memory: Sequence[Memory] = (),
    ) -> tuple[Tensor, Tensor]:
        """Velocity (B, F, C, H, W), and where subjects will be: logits, float32, (B, F, FINE * H,
        FINE * W).

        `caption_BF` says which of the U captions each frame has; `second_F` the time of each
        latent frame, in seconds from the start; `window`, of which larger picture x is a part;
        `kept_N`, in training, which tokens of each frame go through the middle blocks (token
        routing, arXiv 2501.04765); None: all; `memory`, one a block, of frames that are not here.
        """
        dtype = self.patch_in.weight.dtype
        b, f, _, h, w = x_BFCHW.shape
        x = self.patch_in(self.to_tokens(x_BFCHW.to(dtype))) + self.placed(h, w, window)
        if self.size.clock:
            x = x + self.clocked(second_F)
        n = x.shape[2]
        pooled = text.pooled_UD[caption_BF]
        c = self.condition(t_BF, r_BF, w_B, pooled)
        m = self.modulation(c).view(b, f, 1, 6, -1)
        position = self.positions(h, w, second_F, window)
        x = x.reshape(b, f * n, -1)
        m_ref = None
        if references is not None:
            tokens, where, c_ref = self.reference_tokens(references, t_BF, w_B, pooled)
            x = torch.cat([x, tokens], 1)
            where = where.expand(len(position), -1, -1)
            position = torch.cat([position, where], 1)
            m_ref = self.modulation(c_ref).view(b, 1, 6, -1)
        angle = rotary_angles(position, PAIRS, SPANS)[:, None]  # alike for all heads
        cos, sin = angle.cos().to(dtype), angle.sin().to(dtype)
        groups, caption_G = caption_groups(caption_BF, len(text.pooled_UD))
        outline, whole, picked_S, count = x, x, None, n
        angles, layers = (cos, sin), self.layers()
        kept_N = kept_N if len(layers) > sum(ROUTED) else None  # else there is no middle
        for index, block in enumerate(layers):
            if kept_N is not None and index == ROUTED[0]:
                picked_S, count = picked(kept_N, f, n, x.shape[1]), len(kept_N)
                whole, x = x, x[:, picked_S]
                cos, sin = cos[:, :, picked_S], sin[:, :, picked_S]
            if picked_S is not None and index == len(layers) - ROUTED[1]:
                x, picked_S, count = whole.index_copy(1, picked_S, x), None, n
                cos, sin = angles
            own = m_ref + block.table if m_ref is not None else None
            mod = Modulation(m + block.table, own, count)
            x = self.attended(block, x, mod, cos, sin, memory[index] if memory else None)
            if block.cross_q is not None:
                head = x[:, : f * count].reshape(groups, -1, x.shape[-1])
                head = self.told(block, head, text, caption_G).view(b, f * count, -1)
                x = torch.cat([head, x[:, f * count :]], 1) if m_ref is not None else head
            x = self.thought(block, x, mod)
            if index == min(OUTLINED, len(layers) - 1):
                seen = x if picked_S is None else whole.index_copy(1, picked_S, x)
                outline = self.outline_head(norm(seen[:, : f * n])).view(b, f, n, -1).float()
        x = norm(x[:, : f * n]).view(b, f, n, -1)
        shift, scale = self.final_modulation(c).view(b, f, 1, 2, -1).unbind(3)
        out = self.from_tokens(self.patch_out(torch.addcmul(shift, x, 1.0 + scale)), h, w)
        out = out + self.skip(c)[..., None, None] * x_BFCHW.to(dtype)
        return out, self.from_tokens(outline, FINE * h, FINE * w, FINE).squeeze(2)

    def reference_tokens(
        self, references: References, t_BF: Tensor, w_B: Tensor, pooled: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens (B, R, D), positions (1, R, 3), condition (B, 1, D): clean, outside of time."""
        z = references.latents_BKCHW
        b, k, _, h, w = z.shape
        z = torch.cat([z, z.new_zeros(b, k, self.state - z.shape[2], h, w)], 2)
        tokens = self.patch_in(self.to_tokens(z.to(self.patch_in.weight.dtype)))
        role = self.role[list(references.roles)]
        tokens = (tokens + role[None, :, None]).reshape(b, -1, tokens.shape[-1])
        second = torch.full((k,), -4.0, device=z.device) - torch.arange(k, device=z.device)
        clean = torch.zeros_like(t_BF[:, :1])
        c = self.condition(clean, clean, w_B, pooled[:, :1])
        return tokens, self.positions(h, w, second), c


def picked(kept_N: Tensor, frames: int, tokens: int, all_: int) -> Tensor:
    """Where the kept tokens of all frames, and all reference tokens, stand in the sequence."""
    start_F = torch.arange(frames, device=kept_N.device) * tokens
    references = torch.arange(frames * tokens, all_, device=kept_N.device)
    return torch.cat([(start_F[:, None] + kept_N).flatten(), references])


def caption_groups(caption_BF: Tensor, captions: int) -> tuple[int, Tensor | None]:
    """How tokens are grouped to read captions: whole clips where each has one, frames otherwise.

    Returns the number of groups and each group's caption, None where that is 0, 1, 2, ...
    """
    first = caption_BF[:, :1]
    one_each = bool((caption_BF == first).all())
    index = first[:, 0] if one_each else caption_BF.reshape(-1)
    straight = torch.arange(captions, device=index.device)
    return len(index), None if torch.equal(index, straight) else index
