"""The GLSL program of the subjects: each style has its own way to light them (see `shaders.py`)."""

from __future__ import annotations

SUBJECT_VERT = """
in vec3 in_position;
in vec4 in_normal;
in vec4 in_colour;
in float in_bone;
layout(std140) uniform Bones { mat4 bone[40]; };
uniform float unit;     // picture heights that a metre of the mesh means
out vec3 v_base;
out vec3 v_normal;
out vec4 v_place;       // world position; w: fog
out vec4 v_skin;        // position in its own bone, in picture heights; w: glow
void main() {
    mat4 m = bone[int(in_bone)];
    vec3 p = (m * vec4(in_position, 1.0)).xyz;
    v_base = in_colour.rgb * in_colour.rgb;
    v_normal = mat3(m) * in_normal.xyz;
    v_place = vec4(p, mist(distance(p, eye.xyz), 0.5));
    v_skin = vec4(in_position * unit, in_colour.w);
    gl_Position = clip * vec4(p, 1.0);
}
"""

SUBJECT_FRAG = """
uniform vec4 coat;      // the colour it is said to have; w: 1 a metal
#if STYLE == 7
uniform sampler2D noise;
#endif
in vec3 v_base;
in vec3 v_normal;
in vec4 v_place;
in vec4 v_skin;
out vec4 colour;
vec3 metal(vec3 base, vec3 n, vec3 look) {  // a room's windows and floor, seen in the surface
    vec3 r = reflect(-look, n);
    vec3 right = normalize(ray_x.xyz);
    float way = dot(v_place.xyz, right + vec3(0.0, 1.3, 0.0)) / size.z;  // the room is near: flat
    float tall = r.y + 0.12 * sin(dot(r, right) * 5.0) + 0.30 * sin(way * 9.0);  // parts vary too
    float room = 0.42 + 0.46 * smoothstep(-0.25, 0.10, tall) - 0.28 * smoothstep(0.10, 0.34, tall)
        + 1.0 * smoothstep(0.38, 0.66, tall) - 0.3 * smoothstep(0.80, 0.98, tall);
    float window = smoothstep(0.90, 0.97, dot(r, normalize(vec3(-0.2, 0.75, 0.0) + 0.75 * look)));
    vec3 seen = mix(vec3(1.0), neutral(horizon.rgb, 0.3) + 0.25, 0.35);
    if (coat.r > 2.0 * coat.b) seen *= vec3(1.0, 1.16, 1.0);     // what is gilt is never brown
    return base * seen * room * 1.15 * down.w + vec3(0.85) * window * down.w;
}
void main() {
    vec3 look = normalize(eye.xyz - v_place.xyz);
#if STYLE == 6
    vec3 n = normalize(cross(dFdx(v_place.xyz), dFdy(v_place.xyz)));    // of the whole facet
    n *= sign(dot(n, look) + 1e-6);
#else
    vec3 n = normalize(v_normal);
#endif
#if STYLE == 7
    vec3 q = v_skin.xyz * 0.9;         // lumps of a thumb's size, and the thumb's ridges
    vec2 a = texture(noise, q.xy + q.z * 0.6).rg, b = texture(noise, q.zy * 1.1 - q.x * 0.5).rg;
    float swirl = (a.r + b.r) * 18.0 + q.y * 130.0 + q.x * 80.0;
    vec3 dent = vec3(a.r + 0.5 * a.g - 0.75, b.r + 0.5 * b.g - 0.75, a.r + b.r - 1.0) * 0.55;
    dent += vec3(cos(swirl), sin(swirl), cos(swirl)) * 0.16;
    n = normalize(n + dent);
#endif
    vec3 key_dir = normalize(look + ray_y.xyz * 1.6 - ray_x.xyz * 0.25);
    float key = dot(n, key_dir);
    float side = max(dot(n, sun_dir.xyz), 0.0);
    float edge = 1.0 - max(dot(n, look), 0.0);
    vec3 ambient = neutral(mix(down.rgb, up.rgb, n.y * 0.5 + 0.5), 0.45);
    vec3 warm = vec3(1.0), extra = vec3(0.0), base = v_base;
#if STYLE == 1
    key = 0.52 + 0.48 * smoothstep(0.40, 0.48, key);
    side = smoothstep(0.30, 0.36, side) * 0.6;
    edge = 0.0;
#elif STYLE == 2
    float left = dot(n, normalize(look * 0.55 + ray_y.xyz * 1.2 - normalize(ray_x.xyz)));
    key = 0.30 + 1.00 * smoothstep(-0.15, 0.75, left);
    edge = edge * edge * 1.2;
    base = 0.045 + 0.955 * base;    // black things still show their shape
#elif STYLE == 3
    vec3 right = normalize(ray_x.xyz), high = normalize(ray_y.xyz);
    float wrap = dot(n, normalize(look * 0.9 + high * 0.9 - right * 0.7)) * 0.5 + 0.5;
    key = 0.34 + 0.86 * wrap * wrap * (3.0 - 2.0 * wrap);
    warm = mix(vec3(0.86, 0.90, 1.14), vec3(1.08, 1.0, 0.90), wrap);
    extra = base * vec3(0.34, 0.22, 0.12) * max(-n.y, 0.0) * (0.3 + down.w * 0.7);  // the floor's
    float shine = max(dot(n, normalize(look * 1.1 + high * 0.8 - right * 0.6)), 0.0);
    shine *= shine; shine *= shine; shine *= shine;
    float bent = (length(dFdx(n)) + length(dFdy(n))) * size.y / 216.0;
    float round_share = smoothstep(0.014, 0.040, bent);     // a flat side would be all white
    extra += vec3(0.10 * shine * shine * (0.3 + 0.7 * round_share) + 0.45 * round_share
        * smoothstep(0.76, 0.92, shine * shine)) * down.w;
    float thin = smoothstep(0.40, 0.88, edge);
    extra += (rim.rgb * 0.9 + 0.36 * down.w) * (0.26 + base) * thin * (0.55 + 0.6 * side
        + 0.7 * max(dot(n, right), 0.0) + 0.5 * max(n.y, 0.0));
    edge = 0.0;
    side *= 0.8;
#elif STYLE == 4
    key = 0.66 + 0.42 * smoothstep(0.10, 0.85, key);
    edge = 0.0;
#elif STYLE == 5
    key = 0.50 + 0.26 * smoothstep(0.28, 0.36, key) + 0.26 * smoothstep(0.66, 0.74, key);
    side = smoothstep(0.30, 0.36, side) * 0.5;
    edge = 0.0;
#elif STYLE == 6
    key = dot(n, normalize(look + ray_y.xyz * 2.4 - ray_x.xyz * 0.9));
    key = 0.42 + 0.62 * clamp(key, 0.0, 1.0);
    edge = 0.0;
#elif STYLE == 7
    key = 0.30 + 0.74 * smoothstep(-0.55, 1.0, key);
    warm = mix(vec3(0.97, 0.93, 0.95), vec3(1.05, 1.0, 0.93), clamp(key, 0.0, 1.0));
    float shine = max(dot(n, key_dir), 0.0);
    shine *= shine; shine *= shine; shine *= shine;
    extra = 0.22 * shine * (0.15 + base) * down.w;
    base *= 1.0 - 0.45 * edge * edge;   // thick at the brim
    edge = 0.0;
#elif STYLE == 8
    key = 0.60 + 0.44 * smoothstep(0.05, 0.75, key);
    edge = 0.0;
#else
    key = 0.50 + 0.50 * clamp(key, 0.0, 1.0);
    edge = edge * edge * edge;
#endif
    vec3 light = vec3(key * down.w * 0.62) * warm + ambient * 0.55
        + neutral(sun.rgb, 0.5) * side * 0.42;
    vec3 c = base * light + rim.rgb * edge * (0.25 + 0.75 * max(n.y + 0.3, 0.0)) * (0.35 + v_base);
    c += extra;
    if (coat.w > 0.5) {
        vec3 tone = v_base / (dot(v_base, vec3(1.0)) + 1e-3);
        vec3 said = coat.rgb / (dot(coat.rgb, vec3(1.0)) + 1e-3);
        float alike = smoothstep(0.22, 0.10, distance(tone, said))
            * smoothstep(0.15, 0.45, dot(v_base, vec3(1.0)) / dot(coat.rgb, vec3(1.0)));
        c = mix(c, metal(v_base, n, look), alike * METAL);
    }
    c = mix(c, v_base * 1.25 + 0.05, v_skin.w);
    colour = finish(mix(c, horizon.rgb, v_place.w * 0.6));
    colour.a = 1.0 - 0.2 * v_skin.w;
}
"""
