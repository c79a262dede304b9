"""The GLSL programs, as text. `assemble` joins a program with what all of them share.

Lighting happens in squared display values (see `light.py`); `finish` makes the picture of them.
A program is compiled once per style (STYLE, see `STYLE_NUMBER`) and kept. What is drawn leaves a
note in the picture's fourth channel for `shaders_post.py`: 0 the place, up to 0.4 what glows in
it, 1 a subject, 0.8 what glows in it.
"""

from __future__ import annotations

STYLE_NUMBER = {
    "natural": 0,
    "cartoon": 1,
    "noir": 2,
    "3d animation": 3,
    "watercolour": 4,
    "pixel art": 5,
    "papercraft": 6,
    "clay": 7,
    "line drawing": 8,
}

FRAME = """
#version 330
layout(std140) uniform Frame {
    mat4 clip;          // world -> clip space of the pass that is drawn
    mat4 moving_map;    // world -> the shadow map of what moves
    mat4 still_map;     // world -> the shadow map of what stands still
    vec4 eye;           // position of the camera; w: seconds
    vec4 sun_dir;       // to the sun; w: how dark a shadow is
    vec4 sun;           // w: metres that the stage's unit of 1 means
    vec4 up;            // ambient from above; w: fog, 1 / m
    vec4 down;          // ambient from below; w: key light on subjects
    vec4 zenith;        // w: clouds
    vec4 horizon;       // w: stars
    vec4 halo;          // w: sky 1, indoors 0
    vec4 disc_dir;      // w: cosine of the disc's radius
    vec4 disc;          // w: wet
    vec4 cloud;         // w: white
    vec4 rim;           // w: seed, 0..1
    vec4 ray_x;         // camera's right, times the half width of the picture at distance 1;
                        // w: metres from the eye at which the mist begins
    vec4 ray_y;         // camera's up, times the half height; w: metres to the subjects
    vec4 ray_z;         // where the camera looks
    vec4 size;          // width, height of the pass in pixels; frame height in m; water
    vec4 lamp[4];       // position; w: reach in m, 0: none
    vec4 lamp_rgb[4];
    vec4 blob[4];       // x, z of the soft shadow under a subject; w: its strength
    vec4 blob_axis[4];  // direction in x, z; 1 / length along and across
    vec4 ground_a;      // ground colours (display values)
    vec4 ground_b;
};
vec3 swayed(vec3 p, float leaf) {   // leaves in the wind
    p.x += leaf * 0.012 * p.y * sin(1.5 * eye.w + p.x / sun.w);
    return p;
}
float mist(float far, float share) {  // how much of what is `far` metres away it hides
    return 1.0 - exp(-max(far - ray_x.w, 0.0) * up.w * share);
}
vec3 neutral(vec3 c, float share) { return mix(c, vec3(dot(c, vec3(0.3, 0.6, 0.1))), share); }
"""

FINISH = """
float hash(vec2 p) {
    vec3 q = fract(vec3(p.xyx) * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}
vec4 finish(vec3 light) {   // squared display values -> what is shown
    vec2 at = gl_FragCoord.xy / size.xy - 0.5;
    float edge = dot(at, at);
#if STYLE == 2
    float grey = sqrt(max(dot(light, vec3(0.36, 0.54, 0.10)), 0.0));
    grey = clamp(grey * 1.06 - 0.03, 0.0, 1.0);
    grey = mix(grey, grey * grey * (3.0 - 2.0 * grey), 0.85);
    grey *= max(1.08 - 1.9 * edge, 0.0);
    grey += (hash(gl_FragCoord.xy + rim.w * 917.0) - 0.5) * 0.045;
    return vec4(vec3(grey), 0.0);
#else
    #if STYLE == 3
    light *= 1.08;
    #endif
    vec3 over = max(light - 0.75, 0.0);
    light = min(light, 0.75) + 0.3 * over / (0.3 + over);
    vec3 c = sqrt(max(light, 0.0));
    #if STYLE == 1 || STYLE == 3 || STYLE == 5 || STYLE == 6
    float grey = dot(c, vec3(0.3, 0.6, 0.1));
    return vec4(clamp(mix(vec3(grey), c, VIVID), 0.0, 1.0), 0.0);
    #elif STYLE == 0
    return vec4(c * (1.0 - 0.32 * edge), 0.0);
    #elif STYLE == 7
    c = mix(vec3(dot(c, vec3(0.3, 0.6, 0.1))), c, 0.85) * vec3(1.04, 1.0, 0.94) + 0.03;
    return vec4(clamp(c, 0.0, 1.0), 0.0);
    #else
    return vec4(c, 0.0);
    #endif
#endif
}
vec3 sky_base(vec3 d) {
    float h = clamp(d.y * 2.6, 0.0, 1.0);
    vec3 c = mix(horizon.rgb, zenith.rgb, sqrt(h) * 0.55 + h * 0.45);
    float near = max(dot(d, disc_dir.xyz), 0.0);
    float near2 = near * near;
    float near8 = near2 * near2 * near2 * near2;
    float near32 = near8 * near8 * near8 * near8;
    c += halo.rgb * (0.35 * near8 + 0.65 * near32 * near32);
#if STYLE == 2
    c *= mix(0.85, 0.30, sqrt(h));
#elif STYLE == 6                        // sheets of paper, one above the other
    float sheet = floor(h * 5.0 + 0.35 * sin(d.x * 5.0) + 0.2 * sin(d.x * 11.0 + 2.0)) / 5.0;
    c = mix(horizon.rgb, zenith.rgb, clamp(sheet * 1.1, 0.0, 1.0));
#endif
    return c;
}
"""

SHADOW_VERT = """
in vec3 in_position;
#if SKIN
in float in_bone;
layout(std140) uniform Bones { mat4 bone[40]; };
#endif
uniform mat4 map;
void main() {
#if SKIN
    gl_Position = map * (bone[int(in_bone)] * vec4(in_position, 1.0));
#else
    gl_Position = map * vec4(in_position, 1.0);
#endif
}
"""
SHADOW_FRAG = """
void main() {}
"""

STAGE_VERT = """
in vec3 in_position;
in vec4 in_normal;      // w: 1 leaves
in vec4 in_colour;      // display values; w: glow
#if KIND >= 2           // what moves in a place
in float in_bone;
layout(std140) uniform Bones { mat4 bone[40]; };
#endif
FACET out vec3 v_dim;   // colour by ambient light and lamps
FACET out vec4 v_sun;   // colour by the sun, where no shadow falls; w: glow
out vec4 v_place;       // world position; w: fog
void main() {
#if KIND >= 2
    mat4 m = bone[int(in_bone)];
    vec3 p = (m * vec4(in_position, 1.0)).xyz, n = normalize(mat3(m) * in_normal.xyz + 1e-6);
#else
    vec3 p = swayed(in_position, in_normal.w), n = in_normal.xyz;
#endif
    vec3 base = in_colour.rgb * in_colour.rgb;
    float snow = cloud.w * smoothstep(0.2, 0.7, n.y) * (1.0 - in_colour.w);
    base = mix(base, vec3(0.88, 0.90, 0.95), snow);
    float facing = dot(n, sun_dir.xyz);
#if STYLE == 1
    facing = smoothstep(0.05, 0.25, facing) * 0.85;
    vec3 ambient = mix(down.rgb, up.rgb, 0.75);
#else
    #if STYLE == 3 || STYLE == 7
    facing = (facing + 0.35) / 1.35;
    #elif STYLE == 4 || STYLE == 8
    facing = facing * 0.6 + 0.3;
    #endif
    vec3 ambient = mix(down.rgb, up.rgb, n.y * 0.5 + 0.5);
#endif
#if STYLE == 3
    float turned = 1.0 - abs(dot(n, normalize(eye.xyz - p)));
    ambient += (sun.rgb * 0.30 + up.rgb * 0.25) * turned * turned;
#endif
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp[i].xyz - p;
        float far = length(to) / lamp[i].w;
        float fall = max(1.0 - far, 0.0);
        ambient += lamp_rgb[i].rgb * fall * fall * (0.35 + 0.65 * max(dot(n, normalize(to)), 0.0));
    }
    float bright = in_colour.w;
    v_dim = base * mix(ambient, vec3(1.25), bright);
    v_sun = vec4(base * sun.rgb * max(facing, 0.0) * (1.0 - bright), bright);
    v_place = vec4(p, mist(distance(p, eye.xyz), 1.0 - 0.6 * bright));
    gl_Position = clip * vec4(p, 1.0);
}
"""

SHADOWS = """
uniform sampler2DShadow moving_depth;
uniform sampler2DShadow still_depth;
float lit(vec3 p) {
    vec4 a = moving_map * vec4(p, 1.0);
    vec4 b = still_map * vec4(p, 1.0);
#if STYLE == 0 || STYLE == 3 || STYLE == 7   // a soft edge; a loop is skipped where nothing is
    vec2 away = abs(a.xy - 0.5);
    int taps = max(away.x, away.y) < 0.5 ? 3 : 0;
    float light = 1.0;
    for (int i = 0; i < taps; i++) {
        float turn = float(i) * 2.0944;
        vec2 by = vec2(cos(turn), sin(turn)) * 0.9 / 256.0;
        light -= 0.3333 * (1.0 - texture(moving_depth, vec3(a.xy + by, a.z)));
    }
    light = min(light, texture(still_depth, b.xyz));
#else
    float light = min(texture(moving_depth, a.xyz), texture(still_depth, b.xyz));
#endif
    return 1.0 - sun_dir.w * (1.0 - light);
}
"""

STAGE_FRAG = (
    SHADOWS
    + """
FACET in vec3 v_dim;
FACET in vec4 v_sun;
in vec4 v_place;
out vec4 colour;
#if STYLE == 7
uniform sampler2D noise;
#endif
void main() {
#if KIND == 1 || KIND == 3
    vec4 at = still_map * vec4(v_place.xyz, 1.0);
    vec3 c = v_dim + v_sun.rgb * (1.0 - sun_dir.w * (1.0 - texture(still_depth, at.xyz)));
#else
    vec3 c = v_dim + v_sun.rgb;
#endif
#if STYLE == 2
    c *= 0.72;
#elif STYLE == 7
    vec2 dent = vec2(v_place.x + 0.6 * v_place.z, v_place.y + 0.5 * v_place.z) / size.z * 0.5;
    vec4 slope = texture(noise, dent) - texture(noise, dent + 0.012);
    float swirl = texture(noise, dent * 0.7).r * 60.0 + dent.y * 110.0 + dent.x * 40.0;
    c *= 1.0 + (slope.r * 1.1 + slope.g * 0.14 + 0.055 * sin(swirl)) * (1.0 - v_sun.w);
#endif
    colour = finish(mix(c, horizon.rgb, v_place.w));
    colour.a = 0.4 * v_sun.w * (1.0 - v_place.w);
}
"""
)

HULL_VERT = """
in vec3 in_position;
in vec3 in_smooth;
#if SKIN
in float in_bone;
layout(std140) uniform Bones { mat4 bone[40]; };
#else
in vec4 in_normal;
#endif
uniform float width;    // of the line, in pixels
out float v_fog;
void main() {
#if SKIN
    mat4 m = bone[int(in_bone)];
#else
    mat4 m = mat4(1.0);
#endif
#if SKIN
    vec3 p = in_position;
#else
    vec3 p = swayed(in_position, in_normal.w);
#endif
    vec4 at = clip * (m * vec4(p, 1.0));
    vec4 to = clip * vec4(mat3(m) * in_smooth, 0.0);
    vec2 move = to.xy * size.xy;
    float span_px = length(move);
    v_fog = mist(at.w, 1.0);
    move *= min(50.0, 1.0 / max(span_px, 1e-6)) * width * 2.0;
    at.xy += move * at.w / size.xy;
    gl_Position = at;
}
"""
HULL_FRAG = """
uniform vec4 ink;       // rgb (squared); w: how much of the mist lies over it
in float v_fog;
out vec4 colour;
void main() { colour = finish(mix(ink.rgb, horizon.rgb, v_fog * ink.w)); }
"""

SKY_VERT = """
out vec3 v_ray;
void main() {
    vec2 at = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0;
    v_ray = ray_z.xyz + ray_x.xyz * at.x + ray_y.xyz * at.y;
    gl_Position = vec4(at, 1.0, 1.0);
}
"""
SKY_FRAG = """
uniform sampler2D noise;
in vec3 v_ray;
out vec4 colour;
void main() {
    vec3 d = normalize(v_ray);
    vec3 c = sky_base(d);
    float bright = 0.0;
    if (halo.w > 0.5 && d.y > 0.0) {
        if (horizon.w > 0.0) {
            vec3 cell = floor(d * 38.0);
            vec3 r = vec3(dot(cell, vec3(12.99, 78.2, 37.7)), dot(cell, vec3(39.3, 11.1, 83.1)),
                          dot(cell, vec3(73.1, 52.2, 9.1)));
            r = fract(sin(r + rim.w * 40.0) * 4375.5);
            float gap = distance(d, normalize(cell + 0.25 + 0.5 * r)) * 240.0;
            float twinkle = 0.8 + 0.2 * sin(eye.w * 3.0 + r.y * 40.0);
            c += horizon.w * max(1.0 - gap, 0.0) * step(0.35, r.x) * (0.35 + r.z) * twinkle
                * smoothstep(0.02, 0.10, d.y);
        }
        float sun_near = dot(d, disc_dir.xyz);
        float disc_in = smoothstep(disc_dir.w - 0.00022, disc_dir.w + 0.00010, sun_near);
        vec2 uv = d.xz / (d.y + 0.16) * 0.085 + vec2(eye.w * 0.0035, rim.w * 7.0);
        float n = texture(noise, uv).r * 0.62 + texture(noise, uv * 2.7).r * 0.38;
#if STYLE == 1 || STYLE == 5 || STYLE == 6
        float cover = smoothstep(0.60 - 0.35 * zenith.w, 0.63 - 0.35 * zenith.w, n);
#else
        float cover = smoothstep(0.62 - 0.35 * zenith.w, 0.90 - 0.35 * zenith.w, n);
#endif
        cover *= smoothstep(0.0, 0.07, d.y) * step(0.01, zenith.w) * 0.9;
        if (disc.r > 0.0) {
            c = mix(c, disc.rgb, disc_in);
            cover *= 1.0 - 0.75 * disc_in;
            bright = 0.4 * disc_in;
        }
        vec3 cover_rgb = cloud.rgb * (1.0 + step(0.97, zenith.w) * (0.47 - n) * 1.5);
        c = mix(c, cover_rgb + halo.rgb * pow(max(sun_near, 0.0), 20.0) * 0.6, cover);
    }
    colour = finish(c);
    colour.a = bright;
}
"""

VIVID = {1: 1.28, 3: 1.32, 5: 1.25, 6: 1.15}  # colourfulness by style
BLOOM = {3: 0.9, 7: 0.25}  # how much glows around what shines
METAL = {4: 0.5, 6: 0.6, 7: 0.25, 8: 0.5}  # how much metals shine
GRAIN = {3: 0.10, 5: 0.06, 6: 0.04, 8: 0.0}  # of the ground


def assemble(
    vertex: str, fragment: str, style: int, variant: int = 0, lamps: int = 0, blobs: int = 0
) -> tuple[str, str]:
    """The two shader texts of a program for one style and variant (SKIN, KIND or RAIN)."""
    lines = FRAME.strip().splitlines()
    values = {"STYLE": style, "SKIN": variant, "KIND": variant, "RAIN": variant,
              "LAMPS": lamps, "BLOBS": blobs,
              "FACET": "flat" if style == STYLE_NUMBER["papercraft"] else "",
              "VIVID": VIVID.get(style, 1.0),
              "GRAIN": GRAIN.get(style, 0.22),
              "METAL": METAL.get(style, 0.85),
              "BLOOM": BLOOM.get(style, 0.55)}  # fmt: skip
    defines = [f"#define {name} {value}" for name, value in values.items()]
    head = "\n".join([lines[0], *defines, *lines[1:]])
    return head + vertex, head + FINISH + fragment
