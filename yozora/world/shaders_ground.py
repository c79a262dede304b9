"""The GLSL programs of the ground, of water and of what falls from the sky (see `shaders.py`)."""

from __future__ import annotations

from yozora.world.shaders import SHADOWS

# KIND, the plane y = 0: 0 solid, 1 wet, 2 water; parts of the stage: 3 water, 4 ground
GROUND_VERT = """
#if KIND < 3
in vec2 in_corner;      // -1..1
uniform vec3 around;    // x, z of the middle; half the side in m
#else
in vec3 in_position;
in vec4 in_colour;
out vec3 v_colour;
#endif
out vec3 v_place;
void main() {
#if KIND < 3
    vec2 p = around.xy + in_corner * around.z;
    v_place = vec3(p.x, 0.0, p.y);
#else
    v_place = in_position;
    v_colour = in_colour.rgb;
#endif
    gl_Position = clip * vec4(v_place, 1.0);
}
"""

GROUND_FRAG = (
    SHADOWS
    + """
in vec3 v_place;
out vec4 colour;
uniform sampler2D noise;
#if KIND == 1 || KIND == 2
uniform sampler2D mirror;
#endif
#if KIND < 3
#define FIRST ground_a.rgb
#else
in vec3 v_colour;
#define FIRST v_colour
#endif
void main() {
    vec3 p = v_place;
    vec3 away = p - eye.xyz;
    float far = length(away);
    vec3 d = away / far;
    vec2 uv = p.xz / sun.w;
    float coarse = texture(noise, uv * 0.045 + rim.w).r;
    float fine = texture(noise, uv * 0.37).g;
    float soft = exp(-far * 0.05 / sun.w);
    vec3 light = vec3(0.0);
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp[i].xyz - p;
        float fall = max(1.0 - length(to) / lamp[i].w, 0.0);
        light += lamp_rgb[i].rgb * fall * fall * 0.9;
    }
    float cover = 1.0;
    for (int i = 0; i < BLOBS; i++) {
        vec2 gap = p.xz - blob[i].xy, axis = blob_axis[i].xy;
        gap = vec2(dot(gap, axis), axis.x * gap.y - axis.y * gap.x) * blob_axis[i].zw;
        cover *= 1.0 - blob[i].w * exp(-dot(gap, gap) * 1.6);
    }
    float shade = lit(p);
#if KIND == 2 || KIND == 3
    vec2 at = p.xz / size.z;
    float t = eye.w;
    vec2 slope = vec2(0.0);
    slope += vec2(0.35, 1.0) * cos(dot(at, vec2(3.0, 9.0)) + t * 2.2);
    slope += vec2(-0.6, 1.0) * cos(dot(at, vec2(-8.0, 13.0)) + t * 3.1);
    slope += vec2(0.9, 0.7) * cos(dot(at, vec2(17.0, 14.0)) + t * 4.1) * 0.6;
    slope += (vec2(fine, texture(noise, uv * 0.31 + t * 0.02).g) - 0.5) * 3.0;
    slope *= 0.045 * soft + 0.006;
    vec3 n = normalize(vec3(-slope.x, 1.0, -slope.y));
    float fresnel = 0.06 + 0.94 * pow(1.0 - max(dot(n, -d), 0.0), 4.0);
    vec3 back = reflect(d, n);
    back.y = abs(back.y);
    vec3 body = FIRST * FIRST * (up.rgb * 0.9 + sun.rgb * 0.45 * shade + light);
    body += ground_b.rgb * ground_b.rgb * smoothstep(0.55, 0.9, slope.y * 9.0 + fine * 0.5)
        * (up.rgb + sun.rgb) * 0.35;
    vec3 sky = sky_base(back);
  #if KIND == 2
    vec4 seen = texture(mirror, gl_FragCoord.xy / size.xy + slope * vec2(0.55, 0.9));
    sky = mix(sky, seen.rgb * seen.rgb, 0.75);
  #endif
    float glitter = pow(max(dot(back, disc_dir.xyz), 0.0), 180.0);
  #if KIND == 3
    fresnel *= 0.5;
  #endif
    vec3 c = mix(body * mix(cover, 1.0, 0.6), sky, clamp(fresnel, 0.0, 0.85));
    c += (halo.rgb + disc.rgb * 0.4) * glitter * 1.4;
    float fog = mist(far, 0.7);
#else
    float white = cloud.w * smoothstep(0.16, 0.44, coarse * 0.5 + fine * 0.5);
    float mixing = smoothstep(0.30, 0.70, mix(0.5, coarse, 0.9) + (fine - 0.5) * 0.9 * soft);
  #if STYLE == 1 || STYLE == 5 || STYLE == 6
    mixing = smoothstep(0.47, 0.53, mixing) * 0.8;
  #endif
    vec3 base = mix(FIRST, ground_b.rgb, mixing);
  #if STYLE == 7
    float dent = dot((texture(noise, uv * 0.15) - texture(noise, uv * 0.15 + 0.012)).rg,
        vec2(1.0, 0.10));
    dent += 0.05 * sin(coarse * 60.0 + uv.x * 9.0 + uv.y * 14.0);   // ridges of fingers
    base *= 1.0 + dent * soft;
  #else
    base *= 1.0 + (fine - 0.5) * GRAIN * soft;
  #endif
    base *= base;
    base = mix(base, vec3(0.86, 0.89, 0.95), white * 0.92);
    base *= 1.0 - 0.35 * disc.w;
    vec3 sunlight = sun.rgb * max(sun_dir.y, 0.42) * 1.1 * shade;
    vec3 c = base * cover * (up.rgb + light + sunlight);
  #if KIND == 1
    float puddle = smoothstep(0.35, 0.65, coarse);
    vec2 wobble = (vec2(fine, texture(noise, uv * 0.41 + 0.37).g) - 0.5) * vec2(0.016, 0.05) * soft;
    vec4 seen = texture(mirror, gl_FragCoord.xy / size.xy + wobble);
    float fresnel = 0.16 + 0.70 * pow(1.0 - max(-d.y, 0.0), 5.0);
    c = mix(c, seen.rgb * seen.rgb, fresnel * mix(0.55, 1.0, puddle));
  #endif
    float fog = mist(far, 1.0);
#endif
    colour = finish(mix(c, horizon.rgb, fog));
}
"""
)

# RAIN 1: streaks, 0: flakes. Particles live in a box around the camera and wrap around in it.
FALLING_VERT = """
in vec2 in_corner;      // -1..1
in vec4 in_chance;      // 0..1, per particle
out vec2 v_at;
out float v_alpha;
void main() {
    float h = size.z, t = eye.w;
    vec3 box = vec3(3.6, 2.2, 3.0) * h;
    vec3 seeded = in_chance.xyz;
#if RAIN
    vec3 speed = vec3(0.22, -(3.0 + 0.8 * in_chance.w), 0.05) * h;
    vec3 swing = vec3(0.0);
#else
    vec3 speed = vec3(0.07, -(0.26 + 0.16 * in_chance.w), 0.03) * h;
    float turn = t * (1.0 + in_chance.w) + in_chance.x * 60.0;
    vec3 swing = vec3(sin(turn), 0.0, cos(turn * 0.8)) * 0.045 * h;
#endif
    vec3 middle = eye.xyz + normalize(ray_z.xyz) * 1.45 * h;
    vec3 p = seeded * box + speed * t + swing;
    p = middle + (fract((p - middle) / box) - 0.5) * box;
    vec4 c = clip * vec4(p, 1.0);
    float depth = max(c.w / h, 0.05);
    v_at = in_corner;
    float fade = smoothstep(0.25, 0.5, depth) * (1.0 - smoothstep(2.3, 2.9, depth));
#if RAIN
    vec4 c2 = clip * vec4(p - speed * (0.085 + 0.030 * in_chance.w), 1.0);
    vec2 a = c.xy / c.w, b = c2.xy / c2.w;
    vec2 along = (b - a) * size.xy;
    vec2 across = normalize(vec2(-along.y, along.x) + 1e-5);
    float wide = max(size.y * 0.0095 / depth, 0.0060 * size.y);
    vec2 at = mix(a, b, in_corner.y * 0.5 + 0.5) + across * in_corner.x * wide * 2.0 / size.xy;
    gl_Position = vec4(at * c.w, c.z, c.w);
    v_alpha = fade * 0.85;
#else
    float r = max(size.y * (0.0210 + 0.0230 * in_chance.w) / depth, 0.0115 * size.y);
    gl_Position = vec4(c.xy + in_corner * r * 2.0 / size.xy * c.w, c.zw);
    v_alpha = fade * 0.95;
#endif
    if (c.w < 0.2 * h) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
"""
FALLING_FRAG = """
in vec2 v_at;
in float v_alpha;
out vec4 colour;
void main() {
#if RAIN
    float a = v_alpha * (1.0 - v_at.x * v_at.x) * (0.55 + 0.45 * v_at.y);
    vec3 c = mix(horizon.rgb, vec3(0.84, 0.90, 0.98), 0.55) * 0.95 + 0.20;
#else
    float a = v_alpha * smoothstep(1.0, 0.45, dot(v_at, v_at));
    vec3 c = mix(up.rgb * 1.3, vec3(1.0), 0.62);
#endif
#if STYLE == 8          // on white paper they are drawn in ink
    a = min(a * 1.6, 1.0);
    c = vec3(RAIN == 1 ? 0.0 : smoothstep(0.75, 0.4, dot(v_at, v_at)));
#endif
    colour = vec4(finish(c).rgb, a);
}
"""

# Rings where drops hit the ground: each lives a third of a second, then falls elsewhere.
SPLASH_VERT = """
in vec2 in_corner;
in vec4 in_chance;
out vec2 v_at;
out float v_age;
void main() {
    float h = size.z;
    float clock = eye.w / 0.34 + in_chance.w;
    float life = floor(clock);
    v_age = clock - life;
    vec2 r = fract(in_chance.xy + vec2(0.7548, 0.5698) * life + in_chance.z);
    vec2 ahead = normalize(ray_z.xz);
    vec2 middle = eye.xz + ahead * 1.7 * h;
    vec2 box = vec2(2.8, 2.4) * h;
    vec2 p = middle + (fract((r * box - middle) / box) - 0.5) * box;
    float wide = (0.012 + 0.030 * v_age) * h;
    v_at = in_corner;
    gl_Position = clip * vec4(p.x + in_corner.x * wide, 0.004 * h, p.y + in_corner.y * wide, 1.0);
}
"""
SPLASH_FRAG = """
in vec2 v_at;
in float v_age;
out vec4 colour;
void main() {
    float r = length(v_at);
    float ring = smoothstep(0.45, 0.75, r) * smoothstep(1.0, 0.85, r);
    vec3 c = mix(horizon.rgb, vec3(0.85, 0.9, 0.95), 0.4) + 0.12;
    colour = vec4(finish(c).rgb, ring * (1.0 - v_age) * 0.6);
}
"""
