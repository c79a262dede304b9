// Elements, icons and words for the page. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  again: "M4 10a6 6 0 1 1 2 4.5M4 16v-3h3",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h9v9H7zM4 13V4h9",
  down: "M10 4v12M5 11l5 5 5-5",
  download: "M10 3v10M6 9l4 4 4-4M4 17h12",
  edit: "M4 16l1-4 8-8 3 3-8 8zM11 6l3 3",
  extend: "M3 5v10M17 10H6M13 6l4 4-4 4",
  loop: "M10 10c-2-3-3-4-5-4a4 4 0 0 0 0 8c2 0 3-1 5-4s3-4 5-4a4 4 0 0 1 0 8c-2 0-3-1-5-4",
  next: "M8 4l6 6-6 6",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  previous: "M12 4l-6 6 6 6",
  remix: "M4 16L13 7M12 3v3M17 8h-3M16 4l-1 1M15 12v3M8 4v2",
  settings: "M4 6h6M14 6h2M4 14h2M10 14h6M12 4v4M8 12v4",
  trash: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  up: "M10 16V4M5 9l5-5 5 5",
  upscale: "M4 16l5-5M4 11v5h5M16 4l-5 5M11 4h5v5",
};

export const by = (id) => document.getElementById(id);

/** An element; `on` are its listeners, other names are attributes. */
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [kind, heard] of Object.entries(value)) node.addEventListener(kind, heard);
    else if (name === "text") node.textContent = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; with words beside it, or words for those who hear it only. */
export function button(name, words, heard, { small = false, kind = "quiet", ...more } = {}) {
  const label = small ? { "aria-label": words, title: words } : {};
  return el(
    "button",
    { type: "button", class: small ? `${kind} small` : kind, ...label, ...more, on: { click: heard } },
    icon(name), small ? null : el("span", { text: words }),
  );
}

/** "about 3 min" of seconds. */
export function about(seconds) {
  if (seconds < 1.5) return "a moment";
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

export function when(unix_s) {
  return new Date(unix_s * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

export function sides(size) {
  const [width, height] = size.split("x").map(Number);
  return { width, height };
}

/** A length as it is read aloud. */
export function lasting(seconds) {
  const number = Number(Number(seconds).toFixed(1));
  return `${number} ${number === 1 ? "second" : "seconds"}`;
}

/** What a film is called where there are no words. */
export function title(video) {
  const names = {
    animate: "A picture comes to life", extend: "A longer film", loop: "A loop", upscale: "A larger film",
    interpolate: "A smoother film", blend: "Two films blended", timeline: "A timeline",
    storyboard: "A storyboard", recut: "A re-cut film", reframe: "A re-framed film",
    outpaint: "A wider picture",
  };
  return video.prompt || names[video.tool] || "A film";
}

/** A line at the foot of the page for a while, with something to do about it. */
export function toast(words, { label, act, lasts_ms = 5000 } = {}) {
  const line = el("p", { class: "toast" }, el("span", { text: words }));
  const timer = setTimeout(() => line.remove(), lasts_ms);
  const done = () => { clearTimeout(timer); line.remove(); };
  if (act) line.append(el("button", { type: "button", class: "link", text: label, on: { click: () => { done(); act(); } } }));
  by("toasts").append(line);
  raise();
  return done;
}

/** The lines at the foot go above an open dialog, which puts all else of the page out of reach. */
export function raise() {
  const host = document.querySelector("dialog[open]") ?? document.body;
  if (by("toasts").parentElement !== host) host.append(by("toasts"));
}

export function speak(words) {
  by("spoken").textContent = words;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not let this page copy: mark the text and copy it yourself");
  }
}

export function later(wait_ms, deed) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => deed(...given), wait_ms);
  };
}
