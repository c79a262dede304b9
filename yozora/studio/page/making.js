// What runs and what waits: moving previews, time left, and what can be done about it.

import { call } from "./api.js";
import { about, button, by, el, speak, title, toast } from "./dom.js";

const PHASES = {
  "": "Beginning", preparing: "Reading the words", sampling: "Sampling", decoding: "Decoding", finishing: "Finishing",
  storing: "Storing",
};

const UNTOLD_MS = 2000; // after which one that the line does not name is asked for

const ACTS = {
  cancel: (id) => call("POST", `/v1/videos/${encodeURIComponent(id)}/cancel`),
  pause: (id) => call("POST", `/v1/videos/${encodeURIComponent(id)}/pause`),
  resume: (id) => call("POST", `/v1/videos/${encodeURIComponent(id)}/resume`),
};

export class Making {
  constructor({ mayPause, over, changed }) {
    Object.assign(this, { mayPause, over, changed });
    this.videos = new Map();
    this.nodes = new Map(); // id -> {node, kind, update}
    this.previews = new Map();
    this.heard = new Map(); // id -> when its estimate came
    this.ended = new Set();
    this.ids = [];
    this.spoken = new Map();
    setInterval(() => this.ticked(), 1000);
    by("pause-all").addEventListener("click", () => this.pauseAll());
  }

  get count() {
    return this.videos.size;
  }

  get first() {
    return this.shown().find((video) => video.status === "in_progress");
  }

  shown() {
    const known = this.ids.filter((id) => this.videos.has(id));
    const others = [...this.videos.keys()].filter((id) => !this.ids.includes(id));
    return [...known, ...others].map((id) => this.videos.get(id));
  }

  /** A video as it is now. One that is over leaves, and is told to the gallery. */
  put(video) {
    if (video.object === "video.deleted") return this.drop(video.id);
    if (video.status === "completed" || video.status === "failed") {
      const isNews = this.videos.has(video.id);
      this.ended.add(video.id);
      this.drop(video.id);
      this.over(video, isNews);
      return undefined;
    }
    if (this.ended.has(video.id)) return undefined; // an older word of it
    this.videos.set(video.id, video);
    this.heard.set(video.id, Date.now());
    this.told(video);
    this.render();
    return undefined;
  }

  drop(id) {
    for (const map of [this.videos, this.heard, this.previews, this.spoken]) map.delete(id);
    this.nodes.get(id)?.node.remove();
    this.nodes.delete(id);
    this.render();
  }

  /** Said aloud at each quarter. */
  told(video) {
    const quarter = Math.floor(video.progress / 25);
    if (video.status === "in_progress" && quarter > (this.spoken.get(video.id) ?? 0)) {
      this.spoken.set(video.id, quarter);
      speak(`${title(video)}: ${video.progress} percent`);
    }
  }

  order({ videos, has_more, paused }) {
    this.ids = videos;
    by("more-waiting").hidden = !has_more;
    this.paused = paused;
    this.hasMore = has_more;
    if (!has_more) {
      for (const id of [...this.videos.keys()]) if (!videos.includes(id)) this.look(id);
    }
    this.render();
  }

  preview({ id, url }) {
    this.previews.set(id, url);
    this.nodes.get(id)?.update(this.videos.get(id));
  }

  /** What became of one that is no longer told of. */
  async look(id) {
    try {
      this.put(await call("GET", `/v1/videos/${encodeURIComponent(id)}`));
    } catch (error) {
      if (error.status === 404) this.drop(id);
    }
  }

  async catchUp() {
    await Promise.all([...this.videos.keys()].slice(0, 20).map((id) => this.look(id)));
  }

  render() {
    const shown = this.shown();
    by("making").hidden = shown.length === 0 && !this.paused;
    const pause = by("pause-all");
    pause.hidden = !this.mayPause;
    pause.textContent = this.paused ? "Let the queue go on" : "Pause the queue";
    by("making-title").textContent = this.paused ? "In the making (the queue is paused)" : "In the making";
    const running = [], waiting = [];
    for (const video of shown) {
      const kind = video.status === "in_progress" ? "card" : "row";
      let one = this.nodes.get(video.id);
      if (one?.kind !== kind) {
        one?.node.remove();
        one = kind === "card" ? this.card(video) : this.row(video);
        this.nodes.set(video.id, { ...one, kind });
      }
      one.update(video);
      (kind === "card" ? running : waiting).push(one.node);
    }
    settled(by("running"), running);
    settled(by("waiting"), waiting);
    this.changed();
  }

  /** One that began and was over between two looks of the studio is in no line that comes: it is asked for. */
  ticked() {
    for (const [id, heard_ms] of this.hasMore ? [] : [...this.heard]) {
      if (this.ids.includes(id) || Date.now() - heard_ms < UNTOLD_MS) continue;
      this.heard.set(id, Date.now());
      this.look(id);
    }
    for (const [id, { update }] of this.nodes) update(this.videos.get(id));
  }

  left(video, name) {
    if (!video.estimate) return null;
    return Math.max(0, video.estimate[name] - (Date.now() - this.heard.get(video.id)) / 1000);
  }

  card(video) {
    const picture = el("img", { alt: "", hidden: true, class: "moving" });
    const trails = el("div", { class: "trails", "aria-hidden": "true" });
    const bar = el("progress", { max: "100", "aria-label": `Progress of ${title(video)}` });
    const state = el("span", { class: "state" });
    const words = el("p", { class: "said", text: title(video), title: title(video) });
    const stop = button("pause", "Pause", () => this.act(video.id, "pause"));
    const [width, height] = video.size.split("x").map(Number);
    const stage = el("div", { class: "stage" }, trails, picture);
    stage.style.setProperty("--ratio", width / height);
    const node = el("article", { class: "card", "data-id": video.id }, stage, bar,
      el("div", { class: "body" }, words, el("p", { class: "hint" }, state),
        el("div", { class: "acts" }, stop, button("close", "Cancel", () => this.act(video.id, "cancel")))));
    const update = (now) => {
      if (!now) return;
      const url = this.previews.get(now.id);
      if (url && picture.getAttribute("src") !== url) picture.src = url;
      picture.hidden = !url;
      trails.hidden = Boolean(url);
      bar.value = now.progress;
      const left = this.left(now, "done_in_s");
      const stopping = now.held ? "Pausing" : PHASES[now.phase] ?? now.phase;
      state.textContent = [stopping, `${now.progress} %`, left === null ? "" : left < 1 && now.progress < 90 ? "longer than usual" : `${about(left)} left`].filter(Boolean).join(" · ");
      stop.disabled = now.held;
    };
    return { node, update };
  }

  row(video) {
    const place = el("span", { class: "place" });
    const words = el("p", { class: "said" });
    const state = el("p", { class: "hint" });
    const hold = button("pause", "Pause", () => this.act(video.id, this.videos.get(video.id).held ? "resume" : "pause"), { small: true });
    const up = button("up", "Earlier", () => this.move(video.id, -1), { small: true });
    const down = button("down", "Later", () => this.move(video.id, 1), { small: true });
    const text = el("div", { class: "text" }, words, state);
    const acts = el("div", { class: "acts" }, up, down, hold,
      button("edit", "Change the words", () => this.edit(video.id, text, words), { small: true }),
      button("close", "Cancel", () => this.act(video.id, "cancel"), { small: true }));
    const node = el("li", { class: "row", "data-id": video.id }, place, text, acts);
    const update = (now) => {
      if (!now) return;
      const line = this.shown().filter((one) => one.status === "queued");
      const index = line.indexOf(now);
      place.textContent = index + 1;
      words.textContent = title(now);
      words.title = title(now);
      node.classList.toggle("held", now.held);
      const starts = this.left(now, "starts_in_s");
      const waits = now.held ? "Paused" : now.waits_for ? "Waits for another film"
        : this.paused ? "The queue is paused" : starts === null || (starts === 0 && index > 0) ? "Waiting" : `Begins in ${about(starts)}`;
      state.textContent = `${waits} · ${Number(now.seconds)} s · ${now.size.replace("x", " × ")}${priority(now)}`;
      const label = now.held ? "Go on" : "Pause";
      if (hold.title !== label) {
        hold.replaceChildren(...button(now.held ? "play" : "pause", label, () => {}, { small: true }).childNodes);
        hold.title = label;
        hold.setAttribute("aria-label", label);
      }
      up.disabled = index < 1 || line[index - 1].priority !== now.priority;
      down.disabled = index + 1 >= line.length || line[index + 1].priority !== now.priority;
    };
    return { node, update };
  }

  async act(id, verb) {
    try {
      this.put(await ACTS[verb](id));
    } catch (error) {
      toast(error.message);
      this.look(id);
    }
  }

  /** Two neighbours change places. */
  async move(id, step) {
    const line = this.shown().filter((video) => video.status === "queued").map((video) => video.id);
    const at = line.indexOf(id);
    [line[at], line[at + step]] = [line[at + step], line[at]];
    const running = this.ids.filter((one) => !line.includes(one));
    this.ids = [...running, ...line];
    this.render();
    try {
      await call("POST", "/v1/videos/order", { videos: line });
    } catch (error) {
      toast(error.message);
    }
    this.nodes.get(id)?.node.querySelector(`[aria-label="${step < 0 ? "Earlier" : "Later"}"]`)?.focus();
  }

  edit(id, text, words) {
    if (text.querySelector("form")) return;
    const area = el("textarea", { rows: "3", "aria-label": "Other words" });
    area.value = this.videos.get(id).prompt;
    const error = el("p", { class: "error", role: "alert" });
    const done = () => { form.remove(); words.hidden = false; };
    const form = el("form", { class: "words", on: { submit: async (event) => {
      event.preventDefault();
      try {
        const told = await call("POST", `/v1/videos/${encodeURIComponent(id)}`, { prompt: area.value });
        done();
        this.put({ ...this.videos.get(id), ...told });
      } catch (refused) {
        error.textContent = refused.message;
      }
    }, keydown: (event) => {
      if (event.key === "Escape") done();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    } } }, area, error, el("div", { class: "acts" },
      el("button", { type: "submit", class: "quiet", text: "Keep these words" }),
      el("button", { type: "button", class: "link", text: "Leave as it was", on: { click: done } })));
    words.hidden = true;
    text.prepend(form);
    area.focus();
  }

  async pauseAll() {
    try {
      await call("POST", "/v1/videos/queue", { paused: !this.paused });
    } catch (error) {
      toast(error.message);
    }
  }
}

function priority(video) {
  return video.priority > 0 ? " · before others" : video.priority < 0 ? " · when there is time" : "";
}

/** Children in this order; those already right are not moved, so that focus stays. */
function settled(parent, nodes) {
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  while (parent.children.length > nodes.length) parent.lastElementChild.remove();
}
