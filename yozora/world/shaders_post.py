"""The GLSL programs that finish a picture: they shrink it, and give a style its material.

All read the large picture (its fourth channel: see `shaders.py`) and its depth. Lengths are in
144ths of the picture's height, so that a style looks alike at every size. Paper and grain belong to
places of the picture, never to the order of calls.
"""

from __future__ import annotations

POST_VERT = """
out vec2 v_at;
void main() {
    v_at = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(v_at * 2.0 - 1.0, 0.0, 1.0);
}
"""

COMMON = """
uniform sampler2D large;
uniform sampler2D depth;
uniform sampler2D soft;
uniform sampler2D noise;
uniform vec2 lens;      // of the projection: what turns a depth into metres
uniform vec2 reach;     // of the four taps, as a share of the picture
in vec2 v_at;
out vec4 colour;
float near(vec2 at) { return (2.0 * texture(depth, at).r - 1.0 + lens.x) / lens.y; }    // 1 / m
float luma(vec3 c) { return dot(c, vec3(0.3, 0.6, 0.1)); }
float clear(float q) { return exp(-max(1.0 / q - ray_x.w, 0.0) * up.w); }   // what the mist leaves
vec4 mean4(sampler2D of, vec2 at, vec2 by) {
    return 0.25 * (texture(of, at + by) + texture(of, at - by)
        + texture(of, at + vec2(by.x, -by.y)) + texture(of, at + vec2(-by.x, by.y)));
}
"""

SHRINK_FRAG = """
uniform sampler2D large;
uniform vec2 reach;     // of the four taps, as a share of the picture
in vec2 v_at;
out vec4 colour;
void main() {
#if KIND == 1           // one tap between four pixels is their mean
    colour = texture(large, v_at);
#else
    colour = 0.25 * (texture(large, v_at + reach) + texture(large, v_at - reach)
        + texture(large, v_at + vec2(reach.x, -reach.y))
        + texture(large, v_at + vec2(-reach.x, reach.y)));
#endif
}
"""

# KIND 1: what glows; 2: the place without subjects, w: its share; 3: everything, w: subjects
QUARTER_FRAG = """
uniform sampler2D large;
uniform vec2 reach;     // half a pixel of the target, as a share of the picture
in vec2 v_at;
out vec4 colour;
void main() {
    vec4 sum = vec4(0.0);
    for (int y = 0; y < 3; y++) for (int x = 0; x < 3; x++) {
        vec2 at = v_at + (vec2(x, y) * 0.67 - 0.67) * reach;
#if KIND == 1           // one pixel each: between two, a note says nothing
        vec4 c = texelFetch(large, ivec2(at * vec2(textureSize(large, 0))), 0);
        float glow = c.a < 0.45 ? c.a * 2.5 : min((1.0 - c.a) * 5.0, 1.0);
  #if STYLE == 3
        glow = max(glow, 0.22 * smoothstep(0.70, 1.0, dot(c.rgb, vec3(0.3, 0.6, 0.1))));
  #endif
        sum += vec4(c.rgb * c.rgb * glow, 0.0);
#elif KIND == 2
        vec4 c = texture(large, at);
        sum += vec4(c.rgb, 1.0) * step(c.a, 0.5);
#else
        vec4 c = texture(large, at);
        sum += vec4(c.rgb, smoothstep(0.4, 0.8, c.a));
#endif
    }
    colour = sum / 9.0;
}
"""

BLUR_FRAG = """
uniform sampler2D quarter;
in vec2 v_at;
out vec4 colour;
void main() {
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
#if KIND == 1
    unit *= 11.0;
#elif KIND == 2
    unit *= 4.5;
#else
    unit *= 3.2;
#endif
    float total = 1.0;
    vec4 blur = texture(quarter, v_at);
    for (int i = 0; i < 12; i++) {
        float r = i < 5 ? 0.45 : 1.0, turn = i < 5 ? float(i) * 1.2566 : float(i) * 0.8976;
        float weight = i < 5 ? 0.75 : 0.35;
        blur += weight * texture(quarter, v_at + vec2(cos(turn), sin(turn)) * r * unit);
        total += weight;
    }
    blur /= total;
#if KIND == 2
    blur.rgb /= max(blur.a, 1e-3);
#endif
    colour = blur;
}
"""

# rgb: the blur (KIND as there, 0: none); w: how open a place is to light
SOFT_FRAG = (
    COMMON
    + """
uniform sampler2D blurred;
void main() {
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
    vec4 blur = vec4(0.0);
#if KIND > 0
    blur = texture(blurred, v_at);
#endif
#if KIND != 3
    vec2 grid = vec2(textureSize(depth, 0)), at = (floor(v_at * grid) + 0.5) / grid;
    float q = near(at), z = 1.0 / q, radius = 0.10 * size.z, shut = 0.0;
    float span = min(radius * 72.0 / (length(ray_y.xyz) * z), 18.0);
    for (int i = 0; i < 6; i++) {       // opposite taps: a plane has no mean curvature
        float turn = float(i) * 0.5236 + 0.2;
        float share = i % 3 == 0 ? 1.0 : i % 3 == 1 ? 0.45 : 0.7;
        vec2 by = vec2(cos(turn), sin(turn)) * unit * span * share;
        by = round(by * grid) / grid;       // between pixels, a plane would seem bent
        float q1 = near(at + by), q2 = near(at - by);
        float ahead = (z - 1.0 / max(q1, q2)) / radius;     // a thing far in front is no crease
        float bend = 0.5 * (q1 + q2 - 2.0 * q) * z * z / radius;
        shut += clamp(bend - 0.03, 0.0, 0.25) * smoothstep(2.6, 0.6, ahead);
    }
    shut *= clear(q) * exp(-max(z / ray_y.w - 1.2, 0.0) * 0.9);
    blur.a = 1.0 - 0.40 * (1.0 - exp(-shut * 1.2));
#endif
    colour = blur;
}
"""
)

# natural, 3d animation, clay. KIND 1: something glows; 2: what is behind the subject is blurred
POST_FRAG = (
    COMMON
    + """
void main() {
#if STYLE == 7          // nothing that hands have made is straight
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
    vec4 hand = texture(noise, v_at / unit / 144.0 * 0.8 + rim.w);
    hand.g = texture(noise, v_at / unit / 144.0 * 0.9 + 0.3).r;
    vec2 at = v_at + (hand.rg - 0.5) * 4.8 * unit;
    at = clamp(at, 0.002, 0.998);
    vec4 c = mean4(large, at, reach * 1.6);
#else
    vec4 c = mean4(large, v_at, reach);
#endif
    vec2 by = vec2(1.1, 0.7) / vec2(textureSize(soft, 0));
    vec4 s = 0.5 * (texture(soft, v_at + by) + texture(soft, v_at - by));
    vec3 rgb = c.rgb;
#if KIND == 2
    float far = smoothstep(1.15, 1.9, 1.0 / near(v_at) / ray_y.w);
    rgb = mix(rgb, s.rgb, far * (1.0 - smoothstep(0.3, 0.9, c.a)));
#endif
#if KIND == 2
    rgb *= mix(s.a, 1.0, far);
#else
    rgb *= s.a;
#endif
#if KIND == 1
    rgb = sqrt(rgb * rgb * (1.0 - 0.3 * s.rgb) + s.rgb * BLOOM);
#endif
#if STYLE == 3
    float dim = luma(rgb);
    rgb += rgb * (1.0 - rgb) * (0.16 + 0.10 * dim);     // gentle contrast, light and full
    rgb = mix(vec3(dim), rgb, 1.06);
    rgb *= mix(vec3(0.93, 0.97, 1.08), vec3(1.02, 1.00, 0.97), smoothstep(0.05, 0.75, dim));
    rgb += vec3(0.030, 0.016, 0.075) * (1.0 - dim) * (1.0 - dim);   // shadows are never black
    vec2 edge = v_at - 0.5;
    float corner = smoothstep(0.06, 0.52, dot(edge, edge));
    rgb *= mix(vec3(1.05, 1.04, 1.01), vec3(0.74, 0.76, 0.90), corner);
#elif STYLE == 7        // every shape is a cushion: light from the upper left
    float q = near(at), bulge = 0.0;
    for (int i = 1; i < 4; i++) {
        vec2 by = vec2(0.7, -0.8) * float(i) * 1.1 * unit;
        bulge += smoothstep(0.92, 0.75, near(at - by) / q) * 0.7
            - smoothstep(0.92, 0.75, near(at + by) / q);
    }
    rgb *= 1.0 + 0.15 * bulge * clear(q);
    vec2 edge = v_at - 0.5;
    rgb *= vec3(1.02, 1.0, 0.97) * (1.06 - 0.55 * dot(edge, edge));
#endif
    colour = vec4(clamp(rgb, 0.0, 1.0), 1.0);
}
"""
)

WATERCOLOUR_FRAG = (
    COMMON
    + """
void main() {
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
    vec2 sheet = v_at / unit / 144.0;
    vec3 n1 = texture(noise, sheet * 0.50 + rim.w).rgb, n2 = texture(noise, sheet * 1.3 + 0.4).rgb;
    vec2 at = v_at + ((vec2(n1.r, n1.g) - 0.5) * 5.0 + (vec2(n2.r, n2.g) - 0.5) * 1.4) * unit;
    vec4 c = mean4(large, at, unit * 0.8);
    vec4 b = texture(soft, at);
    float on = smoothstep(0.35, 0.75, c.a);
    vec3 wash = mix(c.rgb, b.rgb, 0.40 - 0.30 * on);
    float dim = luma(wash);
    wash = mix(vec3(dim), wash, 1.42 - 0.30 * on) + 0.05 * on;
    float edge = smoothstep(0.05, 0.30, length(c.rgb - b.rgb))
        * smoothstep(-0.10, 0.12, luma(b.rgb) - luma(c.rgb));
    float brim = on * (1.0 - b.a) + 0.45 * (1.0 - on) * b.a;
    float pool = texture(noise, sheet * 0.31 + 0.7).r;
    float strong = mix(0.74, 0.92, on) * (0.78 + 0.44 * pool) + 0.28 * edge + 0.50 * brim;
    float tooth = texture(noise, sheet * 1.9).g;
    strong *= 0.88 + 0.24 * tooth;
    vec3 paper = vec3(0.985, 0.975, 0.95) - 0.035 * (tooth - 0.35);
    vec3 ink = clamp(1.02 - wash, 0.0, 1.0);
    vec3 rgb = paper - ink * strong * 0.92;
    vec2 rim_at = min(v_at, 1.0 - v_at) / unit;
    float border = min(rim_at.x, rim_at.y) + (n1.r - 0.5) * 20.0 + (n2.r - 0.5) * 5.0;
    rgb = mix(paper, rgb, smoothstep(1.5, 10.0, border));
    float ring = smoothstep(1.5, 9.0, border) * smoothstep(13.0, 8.0, border);
    rgb -= 0.07 * ring * ink;
    colour = vec4(clamp(rgb, 0.0, 1.0), 1.0);
}
"""
)

# Few colours: 16 hues, 4 degrees of colourfulness, 6 shades; only shades are dithered, and only
# halfway between two. Blocks beside a subject become its outline.
CELL_FRAG = """
uniform sampler2D large;
uniform sampler2D depth;
uniform vec2 lens;
const float HUES = 16.0;
uniform vec2 cell;      // of a block, as a share of the picture
out vec4 colour;
float near(vec2 at) { return (2.0 * texture(depth, at).r - 1.0 + lens.x) / lens.y; }
void main() {
    ivec2 block = ivec2(gl_FragCoord.xy);
    vec2 at = gl_FragCoord.xy * cell;
    vec4 all = vec4(0.0), own = vec4(0.0);
    for (int y = 0; y < 3; y++) for (int x = 0; x < 3; x++) {
        vec4 c = texture(large, min(at + (vec2(x, y) - 1.0) * 0.30 * cell, 0.999));
        float on = smoothstep(0.4, 0.9, c.a);
        own += vec4(c.rgb * on, on);
        all += vec4(c.rgb * (1.0 - on), 1.0 - on);
    }
    bool mine = own.a > 3.6;
    vec3 c = mine ? own.rgb / own.a : all.rgb / max(all.a, 1e-3);
    float line = 0.0;
    vec3 beside = vec3(0.0);
    float q = near(at);
    for (int i = 0; i < 4; i++) {
        vec2 by = vec2(i < 2 ? i * 2 - 1 : 0, i < 2 ? 0 : i * 2 - 5) * cell;
        vec4 s = texture(large, at + by * 0.80);
        if (s.a > 0.6) { line = 1.0; beside = s.rgb; }
        if (!mine && near(at + by) < q * 0.80)       // the rim of what stands before
            c *= 1.0 - 0.14 * exp(-max(1.0 / q - ray_x.w, 0.0) * up.w);
    }
    if (!mine && line > 0.5) c = beside * 0.16 + c * 0.06 + vec3(0.0, 0.0, 0.03);
    float bayer[16] = float[](0.0, 8.0, 2.0, 10.0, 12.0, 4.0, 14.0, 6.0,
                              3.0, 11.0, 1.0, 9.0, 15.0, 7.0, 13.0, 5.0);
    float threshold = (bayer[(block.y & 3) * 4 + (block.x & 3)] + 0.5) / 16.0;
    float top = max(max(c.r, c.g), c.b), low = min(min(c.r, c.g), c.b), wide = top - low;
    float hue = wide < 1e-4 ? 0.0 : top == c.r ? (c.g - c.b) / wide
        : top == c.g ? 2.0 + (c.b - c.r) / wide : 4.0 + (c.r - c.g) / wide;
    hue = floor(hue * HUES / 6.0 + 0.5) / HUES;
    float full = floor(min(wide / max(top, 0.08) * 1.05, 1.0) * 3.0 + 0.5) / 3.0;
    float shade = top * 5.6, step_up = smoothstep(0.30, 0.70, fract(shade));
    shade = min((floor(shade) + step(threshold, step_up)) / 5.6, 1.0);
    vec3 pure = clamp(abs(fract(hue + vec3(1.0, 0.6667, 0.3333)) * 6.0 - 3.0) - 1.0, 0.0, 1.0);
    vec3 rgb = shade * mix(vec3(1.0), pure, full * 0.94);
    colour = vec4(rgb + (1.0 - shade) * vec3(0.035, 0.025, 0.075), 1.0);   // darks lean to blue
}
"""
PIXELS_FRAG = """
uniform sampler2D cells;
uniform int block;
in vec2 v_at;
out vec4 colour;
void main() { colour = texelFetch(cells, ivec2(gl_FragCoord.xy) / block, 0); }
"""

PAPER_FRAG = (
    COMMON
    + """
void main() {
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
    vec4 c = mean4(large, v_at, reach);
    float on = smoothstep(0.25, 0.75, c.a), q = near(v_at);
    float cut = 0.0, rim_far = 0.0;
    for (int i = 0; i < 8; i++) {
        vec2 by = vec2(cos(float(i) * 0.7854), sin(float(i) * 0.7854)) * unit;
        cut = max(cut, smoothstep(0.35, 0.75, texture(large, v_at + by * 1.9).a));
        rim_far = max(rim_far, smoothstep(0.80, 0.66, near(v_at + by * 1.0) / q));
    }
    float shade = 0.0, fall = 0.0;
    for (int i = 1; i < 5; i++) {       // light from the upper left: shadows fall down and right
        vec2 by = vec2(-1.05, 1.25) * float(i) * unit;
        fall += smoothstep(0.35, 0.75, texture(large, v_at + by * 1.6).a);
        shade += smoothstep(1.18, 1.5, near(v_at + by * 0.9) / q);
    }
    float seen = clear(q);
    rim_far *= seen;
    shade *= seen;
    vec3 rgb = c.rgb;
    rgb *= 1.0 - (1.0 - on) * max(0.13 * fall, 0.10 * shade);
    rgb = mix(rgb, vec3(0.97, 0.96, 0.93), max(cut * (1.0 - on), 0.50 * rim_far * (1.0 - on)));
    vec2 sheet = v_at / unit / 144.0;
    vec2 shift = on > 0.5 ? vec2(0.37, 0.11) : vec2(0.0);
    float fibre = texture(noise, sheet * vec2(1.1, 2.3) + shift).g - 0.5;
    float relief = texture(noise, sheet * 1.6 + shift).g
        - texture(noise, sheet * 1.6 + shift + vec2(-0.006, 0.006)).g;
    rgb *= 1.0 + 0.10 * fibre + 0.22 * relief;
    colour = vec4(clamp(rgb + 0.02, 0.0, 1.0), 1.0);
}
"""
)

LINES_FRAG = (
    COMMON
    + """
void main() {
    vec2 unit = vec2(length(ray_y.xyz) / length(ray_x.xyz), 1.0) / 144.0;
    vec2 sheet = v_at / unit / 144.0;
    vec4 wave = texture(noise, sheet * 0.55 + rim.w);
    vec2 at = v_at + (wave.rg - 0.5) * 2.6 * unit;
    vec4 c = mean4(large, at, reach);
    float on = smoothstep(0.3, 0.7, c.a);
    vec2 grid = vec2(textureSize(depth, 0));
    vec2 on_grid = (floor(at * grid) + 0.5) / grid;     // between pixels, a plane would seem bent
    vec2 by = max(round(unit * (0.62 + 0.35 * wave.r) * grid), 1.0) / grid;
    on_grid = clamp(on_grid, by, 1.0 - by);
    vec2 ax = vec2(by.x, 0.0), ay = vec2(0.0, by.y);
    vec4 l = texture(large, at - ax), r = texture(large, at + ax);
    vec4 d = texture(large, at - ay), u = texture(large, at + ay);
    float q = near(on_grid);
    float ql = near(on_grid - ax), qr = near(on_grid + ax);
    float qd = near(on_grid - ay), qu = near(on_grid + ay);
    float bend = max(abs(ql + qr - 2.0 * q), abs(qd + qu - 2.0 * q))
        / (max(max(max(ql, qr), max(qd, qu)), q) * 2.0 * length(ray_y.xyz) * by.y);
    float far = max(1.0 / max(max(max(ql, qr), max(qd, qu)), q) / ray_y.w - 1.0, 0.0);
    float line = smoothstep(mix(1.6, 1.0, on), mix(4.0, 2.0, on), bend) * mix(0.85, 1.0, on);
    line *= mix(0.35 + 0.65 * exp(-far * 0.22), 1.0, on);
    line = max(line, smoothstep(0.25, 0.6, abs(l.a - r.a) + abs(u.a - d.a)));
    float tones = abs(luma(l.rgb - r.rgb)) + abs(luma(u.rgb - d.rgb));
    line = max(line, smoothstep(0.16, mix(0.48, 0.42, on), tones) * 0.9);
    line *= exp(-max(1.0 / q - ray_x.w, 0.0) * up.w * 0.6);
    float tone = luma(c.rgb);
    vec3 paper = vec3(0.972, 0.966, 0.945);
    vec3 rgb = paper * (0.84 + 0.16 * tone);
    tone = mix(tone, max(max(c.r, c.g), c.b), 0.7 * on);    // a full red is not dark
    float hue = 1.0 - min(min(c.r, c.g), c.b) / max(max(max(c.r, c.g), c.b), 0.02);
    vec3 full = mix(vec3(tone), c.rgb, 1.0 + 0.3 * hue);
    vec3 tint = mix(vec3(1.0), full / max(max(max(full.r, full.g), full.b), 0.25), 0.46);
    rgb = mix(rgb, paper * tint * (0.60 + 0.40 * smoothstep(0.05, 0.90, tone)), on);
    vec2 px = sheet * 144.0 + (wave.gr - 0.5) * 3.0;
    float first = abs(fract((px.x + px.y) / 6.0) - 0.5) * 2.0;
    float second = abs(fract((px.x - px.y) / 6.0) - 0.5) * 2.0;
    float dark = 1.0 - tone;
    float ink = smoothstep(0.46, 0.10, first) * smoothstep(0.56, 0.80, dark) * 0.42;
    ink = max(ink, smoothstep(0.46, 0.10, second) * smoothstep(0.78, 0.94, dark) * 0.48);
    ink = max(ink * mix(0.9, 1.0, on), line);
    colour = vec4(mix(rgb, vec3(0.06, 0.06, 0.08), clamp(ink, 0.0, 1.0)), 1.0);
}
"""
)
