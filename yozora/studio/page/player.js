// One film, large: how its words were read, its settings, and what can be made of it.

import { call, contentOf } from "./api.js";
import { button, by, copy, el, lasting, raise, sides, title, toast, when } from "./dom.js";
import * as fields from "./fields.js";

const TOOLS = {
  generate: "Words", animate: "A picture", remix: "Remix", extend: "Extension", loop: "Loop", upscale: "Larger size",
};

export class Player {
  constructor({ neighbour, closed, made, use, remove, find, gone }) {
    Object.assign(this, { neighbour, closed, made, use, remove, find, gone });
    this.dialog = by("player");
    this.video = null;
    this.then = null; // what is done when it is closed
    this.onceBack = null; // and when the address is the gallery's again
    addEventListener("popstate", () => this.turned());
    this.dialog.addEventListener("close", () => this.over());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.close(); });
  }

  open(video, panel = null) {
    if (this.onceBack) { // the way back from the one before is not gone yet
      this.onceBack = () => this.open(video, panel);
      return;
    }
    this.stop();
    this.video = video;
    for (const node of [...this.dialog.children]) if (node.id !== "toasts") node.remove();
    this.dialog.prepend(this.stage(video), this.side(video));
    const address = `#${video.id}`;
    if (location.hash !== address) {
      if (this.dialog.open) history.replaceState(history.state, "", address);
      else history.pushState({ isOverGallery: true }, "", address); // "back" closes it
    }
    if (!this.dialog.open) this.dialog.showModal();
    raise();
    if (panel) this.show(panel);
    else this.film.focus();
    this.film.play().catch(() => {}); // a browser that wants a click first
    this.check(video);
  }

  /** It may have been deleted elsewhere since it was shown; `isStuck` where it does not play. */
  async check(video, isStuck = false) {
    let fault = "This film does not play here: download it, and open it with another program";
    try {
      await call("GET", `/v1/videos/${encodeURIComponent(video.id)}`);
    } catch (error) {
      fault = error.message;
      if (error.status === 404 && this.isShown(video)) {
        const next = this.neighbour(video.id, 1) ?? this.neighbour(video.id, -1);
        this.close(() => { this.gone(video.id); if (next) this.closed(next.id); });
        return;
      }
    }
    if (isStuck && this.isShown(video)) this.fault.textContent = fault;
  }

  isShown(video) {
    return this.dialog.open && this.video === video;
  }

  /** The film that the address names, where it names one; a sentence where there is none. */
  async follow() {
    const id = location.hash.slice(1);
    if (!id.startsWith("video_")) return;
    let fault = "";
    try {
      const video = await call("GET", `/v1/videos/${encodeURIComponent(id)}`);
      if (location.hash.slice(1) !== id) return;
      if (video.status === "completed") return this.open(video);
      fault = video.status === "failed" ? "That film failed: choose another" : "That film is not done yet: open it when it is";
    } catch (error) {
      if (error.status !== 404) return toast(error.message);
      fault = "There is no such film, it was deleted or its address is not whole: choose another";
    }
    if (location.hash.slice(1) !== id) return;
    history.replaceState(null, "", location.pathname);
    if (this.dialog.open) this.close();
    toast(fault, { lasts_ms: 10_000 });
  }

  /** "Back" and "forward" open and close it. */
  turned() {
    if (this.onceBack) {
      const then = this.onceBack;
      this.onceBack = null;
      setTimeout(then); // after the browser has scrolled to where it was
    } else if (!location.hash.startsWith("#video_")) {
      if (this.dialog.open) this.close();
    } else if (!this.dialog.open || location.hash !== `#${this.video.id}`) {
      this.follow();
    }
  }

  stage(video) {
    const { width, height } = sides(video.size);
    this.film = el("video", { src: contentOf(video.id), poster: contentOf(video.id, "thumbnail"), controls: true, loop: true,
      muted: true, playsInline: true, tabindex: "0", "aria-label": title(video),
      on: { error: () => this.check(video, true) } });
    const theatre = el("div", { class: "theatre" },
      button("previous", "The newer film", () => this.step(-1), { small: true, kind: "quiet step", disabled: !this.neighbour(video.id, -1) }),
      this.film,
      button("next", "The older film", () => this.step(1), { small: true, kind: "quiet step", disabled: !this.neighbour(video.id, 1) }));
    const times = Math.max(3, 640 / Math.max(width, height)); // a small film is not blown up to mush
    theatre.style.setProperty("--ratio", width / height);
    theatre.style.setProperty("--wide", `${width * times}px`);
    theatre.style.setProperty("--high", `${height * times}px`);
    return theatre;
  }

  side(video) {
    this.fault = el("p", { class: "error", role: "alert" });
    const parts = [
      el("div", { class: "head" }, el("h2", { class: "said", text: title(video) }),
        button("close", "Close", () => this.close(), { small: true })),
      this.fault,
    ];
    if (video.caption) {
      parts.push(el("section", { class: "read" }, el("h3", { text: "As it was read" }), caption(video.caption),
        video.caption.includes("[") ? el("p", { class: "hint", text: "What is marked was added to your words." }) : null));
    }
    if (video.notes.length) {
      parts.push(el("section", { class: "notes" }, el("h3", { text: "Notes" }), el("ul", {}, ...video.notes.map((note) => el("li", { text: note })))));
    }
    this.tabs = el("div", { class: "acts", role: "group", "aria-label": "Make something of it" },
      ...["remix", "extend", "loop", "upscale"].map((name) =>
        button(name, PANELS[name].label, () => this.show(name), { "data-panel": name, "aria-expanded": "false" })));
    this.panel = el("div", { class: "panel", hidden: true });
    parts.push(this.tabs, this.panel, el("div", { class: "acts" },
      el("a", { class: "quiet", href: contentOf(video.id), download: `${video.id}.mp4` }, ...button("download", "Download", () => {}).childNodes),
      button("copy", "Copy id", () => copy(video.id)),
      button("settings", "Use again", () => this.close(() => this.use(video)), { title: "Use these settings again" }),
      button("trash", "Delete", () => this.delete(), { kind: "quiet danger" })));
    parts.push(this.facts(video));
    return el("div", { class: "about" }, ...parts);
  }

  facts(video) {
    const rows = [
      ["Seed", String(video.seed)], ["Model", video.model], ["Size", video.size.replace("x", " × ")],
      ["Length", `${lasting(video.seconds)}${video.fps ? `, ${Number(video.fps.toFixed(2))} frames a second` : ""}`],
      ["Style", video.style], ["Left out", video.negative_prompt], ["Steps", video.num_inference_steps],
      ["Made from", TOOLS[video.tool] ?? video.tool], ["Made", video.completed_at && when(video.completed_at)],
      ["Kept until", video.expires_at && when(video.expires_at)],
    ].filter(([, value]) => value);
    const list = el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]));
    const parents = video.made_from.filter((id) => id.startsWith("video_"));
    if (parents.length) {
      list.append(el("dt", { text: "Out of" }), el("dd", {}, ...parents.map((id) =>
        el("button", { type: "button", class: "link", text: this.find(id)?.prompt || `${id.slice(0, 14)}…`, on: { click: () => this.visit(id) } }))));
    }
    return list;
  }

  async visit(id) {
    try {
      const video = this.find(id) ?? await call("GET", `/v1/videos/${encodeURIComponent(id)}`);
      if (video.status === "completed") this.open(video);
      else toast("That film is not done");
    } catch (error) {
      if (error.status === 404) this.gone(id);
      else toast(error.message);
    }
  }

  /** A form for one of the tools; asked again, it goes. */
  show(name) {
    const wasOpen = !this.panel.hidden && this.panel.dataset.panel === name;
    for (const tab of this.tabs.children) tab.setAttribute("aria-expanded", String(!wasOpen && tab.dataset.panel === name));
    this.panel.hidden = wasOpen;
    this.panel.dataset.panel = name;
    if (wasOpen) return;
    const { build, send, go } = PANELS[name];
    const error = el("p", { class: "error", role: "alert" });
    const submit = el("button", { type: "submit", class: "main", text: go });
    const form = el("form", { novalidate: true, on: { submit: async (event) => {
      event.preventDefault();
      fields.clear(form, error);
      if (form.querySelector(":required")?.value.trim() === "") {
        fields.show(form, error, { param: "prompt", message: "There are no words: say what shall be different" });
        return;
      }
      submit.disabled = true;
      try {
        this.made(await send(this.video, Object.fromEntries(new FormData(form))));
        this.show(name);
      } catch (refused) {
        fields.show(form, error, refused);
      } finally {
        submit.disabled = false;
      }
    }, keydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    } } }, ...build(this.video), error, submit);
    this.panel.replaceChildren(form);
    form.querySelector("textarea, input, select").focus();
    form.scrollIntoView({ block: "nearest" });
  }

  step(way) {
    const next = this.neighbour(this.video.id, way);
    if (next) this.open(next);
  }

  delete() {
    const video = this.video;
    const next = this.neighbour(video.id, 1) ?? this.neighbour(video.id, -1);
    this.remove(video);
    if (next) this.open(next);
    else this.close();
  }

  key(event) {
    const types = event.target.closest("input, textarea, select");
    if (types || event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Delete: () => this.delete(),
    };
    if (!event.target.closest("button, a")) {
      deeds[" "] = () => (this.film.paused ? this.film.play() : this.film.pause());
    }
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  }

  stop() {
    if (!this.film) return;
    this.film.pause();
    this.film.removeAttribute("src");
    this.film.load(); // lets go of its connection
    this.film = null;
  }

  /** Closes it; the focus goes to its tile where nothing else is to be done `then`. */
  close(then = null) {
    this.then = then;
    this.dialog.close();
  }

  over() {
    if (this.dialog.open) return; // again already
    const { id } = this.video;
    const then = this.then ?? (() => this.closed(id));
    this.then = null;
    this.stop();
    raise();
    this.dialog.replaceChildren();
    if (location.hash !== `#${id}`) return then(); // "back" closed it
    if (history.state?.isOverGallery) {
      this.onceBack = then;
      return history.back();
    }
    history.replaceState(null, "", location.pathname);
    return then();
  }
}

const PANELS = {
  remix: {
    label: "Remix", go: "Remix",
    build: () => [words("What shall be different?", "The park becomes a beach", true),
      choice("strength", "How much changes", [["subtle", "A little"], ["mild", "Some"], ["strong", "Much"]], "mild")],
    send: (video, { prompt, strength }) =>
      call("POST", `/v1/videos/${encodeURIComponent(video.id)}/remix`, { prompt, strength }),
  },
  extend: {
    label: "Extend", go: "Extend",
    build: () => [words("What happens then? (as before, if you say nothing)", "It jumps"),
      el("div", { class: "pair" },
        field("seconds", "Seconds more", el("input", { id: "panel-seconds", name: "seconds", value: "4", inputmode: "decimal", autocomplete: "off" })),
        choice("side", "Where", [["after", "After"], ["before", "Before"]], "after"))],
    send: (video, { prompt, seconds, side }) =>
      call("POST", "/v1/videos/extensions", { video: { id: video.id }, prompt, seconds, side }),
  },
  loop: {
    label: "Loop", go: "Make a loop",
    build: () => [choice("seam", "How long the end takes to become the beginning", [["short", "Short"], ["normal", "Normal"], ["long", "Long"]], "normal")],
    send: (video, { seam }) => make(video, { tool: "loop", film: video.id, seam }),
  },
  upscale: {
    label: "Upscale", go: "Make it larger",
    build: (video) => {
      const { width, height } = sides(video.size);
      const fitting = [2, 3, 4].filter((times) => Math.max(width, height) * times <= 1920);
      const offered = fitting.length ? fitting : [1920 / Math.max(width, height)];
      return [choice("times", "How much larger", offered.map((times) =>
        [String(times), `${Math.round(width * times)} × ${Math.round(height * times)}`]), String(offered[0]))];
    },
    send: (video, { times }) => make(video, { tool: "upscale", film: video.id, times: Number(times) }),
  },
};

function make(video, tool) {
  return call("POST", "/v1/videos", { prompt: video.prompt ?? "", model: video.model, tool });
}

function field(param, label, input) {
  return el("div", { class: "field", "data-param": param }, el("label", { for: input.id, text: label }), input, el("p", { class: "error" }));
}

function words(label, placeholder, isNeeded = false) {
  return field("prompt", label, el("textarea", { id: "panel-words", name: "prompt", rows: "2", placeholder, required: isNeeded }));
}

function choice(name, label, options, chosen) {
  return el("fieldset", { class: "field", "data-param": name }, el("legend", { text: label }),
    el("div", { class: "choice" }, ...options.map(([value, text]) =>
      el("label", {}, el("input", { type: "radio", name, value, checked: value === chosen }), el("span", { text })))),
    el("p", { class: "error" }));
}

/** A caption with [what was added] marked. */
function caption(text) {
  const tidy = text.replace(/\s+,/g, ",").replace(/\[(,?\s*)/g, "$1[").replace(/\s+,/g, ",");
  const parts = tidy.split(/\[([^\]]*)\]/);
  return el("p", { class: "caption" }, ...parts.map((part, index) => (index % 2 ? el("mark", { text: part }) : part)));
}
