// What was made: pages of thumbnails that play where they are pointed at; keys do what hands do.

import { call, contentOf } from "./api.js";
import { button, by, el, lasting, later, sides, title, toast } from "./dom.js";

const A_PAGE = 24;
const UNDO_MS = 8000;

export class Gallery {
  constructor({ open, use, made, isEmpty }) {
    Object.assign(this, { open, use, made, isEmpty });
    this.list = by("films");
    this.videos = new Map(); // those that are shown
    this.leaving = new Map(); // id -> {video, timer} of its deletion
    this.after = null;
    this.hasMore = true;
    this.isBusy = false;
    this.turn = 0;
    this.words = "";
    this.loaded = false;
    this.listen();
  }

  begin() {
    this.seen = new IntersectionObserver((entries) => { if (entries.some((one) => one.isIntersecting)) this.next(); }, { rootMargin: "600px" });
    this.seen.observe(by("end"));
  }

  listen() {
    by("search").addEventListener("input", later(250, () => this.search(by("search").value.trim())));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("keyup", (event) => { // Space plays, and opens nothing
      if (event.key === " " && event.target.matches(".cover")) event.preventDefault();
    });
    addEventListener("pagehide", () => { for (const { video } of this.leaving.values()) this.forget(video, true); });
  }

  get ids() {
    return [...this.list.children].map((node) => node.dataset.id);
  }

  find(id) {
    return this.videos.get(id);
  }

  async search(words) {
    this.words = words;
    this.turn += 1;
    Object.assign(this, { after: null, hasMore: true, isBusy: false });
    this.videos.clear();
    this.list.replaceChildren();
    await this.next();
  }

  /** The next page; as many as fill the window. */
  async next() {
    if (this.isBusy || !this.hasMore) return;
    this.isBusy = true;
    const turn = this.turn;
    try {
      const query = new URLSearchParams({ limit: A_PAGE });
      if (this.after) query.set("after", this.after);
      if (this.words) query.set("q", this.words);
      const page = await call("GET", `/v1/videos?${query}`);
      if (turn !== this.turn) return;
      for (const video of page.data) this.put(video, true);
      this.after = page.last_id ?? this.after;
      this.hasMore = page.has_more;
    } catch (error) {
      if (error.status === 404 && this.after) { // the last one of the page was deleted since
        this.take(this.after);
        this.after = this.ids.at(-1) ?? null;
      } else {
        toast(error.message);
        this.hasMore = false;
      }
    } finally {
      if (turn === this.turn) this.isBusy = false;
    }
    this.loaded = true;
    this.shownEmpty();
    this.seen?.unobserve(by("end"));
    this.seen?.observe(by("end")); // tells again where the end is still in sight
  }

  tileOf(id) {
    return [...this.list.children].find((one) => one.dataset.id === id);
  }

  /** Takes one out of sight; where it had the focus, its neighbour has it then. */
  take(id) {
    const node = this.tileOf(id);
    if (!node) return;
    const next = node.nextElementSibling ?? node.previousElementSibling;
    const hadFocus = node.contains(document.activeElement);
    this.still(node);
    node.remove();
    this.videos.delete(id);
    if (hadFocus && next) this.focus(next.dataset.id);
    this.roving();
    this.shownEmpty();
  }

  /** One that is no more: it was deleted in another window, or by a program. */
  gone(id) {
    this.take(id);
    toast("That film is gone, it was deleted elsewhere: choose another", { lasts_ms: UNDO_MS });
  }

  /** The newest, where something may have been missed. */
  async refresh() {
    if (this.words) return;
    try {
      const page = await call("GET", `/v1/videos?limit=${A_PAGE}`);
      for (const video of page.data) this.put(video);
    } catch { /* it is asked for again */ }
  }

  /** A video that is over, at its place. */
  put(video, isFound = false) {
    if (video.status !== "completed" && video.status !== "failed") return;
    if (this.leaving.has(video.id)) return;
    if (this.words && !isFound && !(video.prompt ?? "").toLowerCase().includes(this.words.toLowerCase())) return;
    const isHere = this.videos.has(video.id);
    this.videos.set(video.id, video);
    if (isHere) return;
    const node = video.status === "completed" ? this.film(video) : this.failed(video);
    const older = [...this.list.children].find((other) => {
      const there = this.videos.get(other.dataset.id);
      return there && (there.created_at < video.created_at || (there.created_at === video.created_at && there.id < video.id));
    });
    this.list.insertBefore(node, older ?? null);
    if (!isFound) node.classList.add("new");
    this.roving();
    this.shownEmpty();
  }

  shownEmpty() {
    const none = this.loaded && this.videos.size === 0 && !this.hasMore;
    by("empty").hidden = !(none && !this.words && this.isEmpty());
    by("gallery-head").hidden = none && !this.words;
    by("none").hidden = !(none && this.words);
    by("none").textContent = `No film's words have “${this.words}” in them.`;
  }

  tile(video, ...children) {
    const { width, height } = sides(video.size);
    const node = el("li", { class: "tile", "data-id": video.id }, ...children);
    node.style.setProperty("--ratio", Math.min(2.4, Math.max(0.5, width / height)));
    return node;
  }

  film(video) {
    const image = el("img", { src: contentOf(video.id, "thumbnail"), alt: "", loading: "lazy", decoding: "async" });
    const cover = { type: "button", class: "stage cover", "data-id": video.id, "aria-label": `${title(video)}, ${lasting(video.seconds)}` };
    const stage = el("button", { ...cover, on: { click: () => this.open(video), blur: () => this.still(node) } }, image, el("span", { class: "length", text: `${Number(Number(video.seconds).toFixed(1))} s` }));
    const acts = el("div", { class: "acts" },
      button("remix", "Remix", () => this.open(video, "remix"), { small: true, tabindex: "-1" }),
      button("settings", "Use these settings again", () => this.use(video), { small: true, tabindex: "-1" }),
      button("trash", "Delete", () => this.remove(video), { small: true, tabindex: "-1" }));
    const node = this.tile(video, stage, acts, el("p", { class: "said", text: title(video) }));
    node.classList.add("film");
    node.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") this.play(node); });
    node.addEventListener("pointerleave", () => this.still(node));
    return node;
  }

  failed(video) {
    const cancelled = video.error?.code === "cancelled";
    const node = this.tile(video,
      el("div", { class: "why cover", role: "group", "data-id": video.id, "aria-label": `${cancelled ? "Cancelled" : "Failed"}: ${title(video)}` },
        el("strong", { text: cancelled ? "Cancelled" : "It failed" }),
        cancelled ? null : el("p", { text: video.error?.message ?? "" }),
        el("div", { class: "acts" },
          button("again", "Try again", () => this.again(video)),
          button("settings", "Use these settings again", () => this.use(video), { small: true }),
          button("trash", "Delete", () => this.remove(video), { small: true }))),
      el("p", { class: "said", text: title(video) }));
    node.classList.add("failed");
    return node;
  }

  play(node) {
    if (node.querySelector("video") || !node.querySelector(".stage")) return;
    const film = el("video", { src: contentOf(node.dataset.id), muted: true, loop: true, playsInline: true, "aria-hidden": "true" });
    film.addEventListener("playing", () => film.classList.add("on"));
    node.querySelector(".stage").append(film);
    film.play().catch(() => film.remove());
  }

  still(node) {
    const film = node.querySelector("video");
    if (!film) return;
    film.pause();
    film.removeAttribute("src");
    film.load(); // lets go of its connection
    film.remove();
  }

  /** One tile can be reached by Tab, the others by arrows. */
  roving(node = null) {
    const now = node ?? this.list.querySelector(".cover[tabindex='0']")?.parentElement ?? this.list.firstElementChild;
    for (const other of this.list.children) other.firstElementChild.tabIndex = other === now ? 0 : -1;
  }

  focus(id) {
    const node = this.tileOf(id);
    if (!node) return;
    this.roving(node);
    node.firstElementChild.focus();
  }

  /** The id of the film before or after one, or of none. */
  neighbour(id, step) {
    const films = this.ids.filter((one) => this.videos.get(one).status === "completed");
    const found = films[films.indexOf(id) + step];
    if (step > 0 && films.indexOf(id) > films.length - 4) this.next();
    return found ? this.videos.get(found) : null;
  }

  key(event) {
    const node = event.target.closest(".tile");
    if (!node || !event.target.matches(".cover") || event.ctrlKey || event.metaKey || event.altKey) return;
    const video = this.videos.get(node.dataset.id);
    const to = this.towards(node, event.key);
    if (to) {
      this.roving(to);
      to.firstElementChild.focus();
    } else if (event.key === "Enter" && video.status === "completed") {
      this.open(video);
    } else if (event.key === " " && video.status === "completed") {
      if (node.querySelector("video")) this.still(node);
      else this.play(node);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(video);
    } else {
      return;
    }
    event.preventDefault();
  }

  towards(node, key) {
    if (key === "ArrowRight") return node.nextElementSibling;
    if (key === "ArrowLeft") return node.previousElementSibling;
    if (key === "Home") return this.list.firstElementChild;
    if (key === "End") return this.list.lastElementChild;
    if (key !== "ArrowUp" && key !== "ArrowDown") return null;
    const from = node.getBoundingClientRect();
    const middle = from.left + from.width / 2;
    const rows = [...this.list.children].map((other) => ({ other, box: other.getBoundingClientRect() }))
      .filter(({ box }) => (key === "ArrowDown" ? box.top > from.bottom - 4 : box.bottom < from.top + 4));
    if (!rows.length) return null;
    const tops = rows.map(({ box }) => box.top);
    const nearest = key === "ArrowDown" ? Math.min(...tops) : Math.max(...tops);
    return rows.filter(({ box }) => Math.abs(box.top - nearest) < 4)
      .sort((a, b) => Math.abs(a.box.left + a.box.width / 2 - middle) - Math.abs(b.box.left + b.box.width / 2 - middle))[0].other;
  }

  async again(video) {
    try {
      this.made(await call("POST", `/v1/videos/${encodeURIComponent(video.id)}/again`, {}));
    } catch (error) {
      if (error.status === 404) this.gone(video.id);
      else toast(error.message);
    }
  }

  /** It goes at once, and is deleted when nobody took that back. */
  remove(video) {
    this.take(video.id);
    const timer = setTimeout(() => { done(); this.forget(video); }, UNDO_MS);
    this.leaving.set(video.id, { video, timer });
    const done = toast("Deleted", { label: "Undo", lasts_ms: UNDO_MS, act: () => {
      clearTimeout(timer);
      this.leaving.delete(video.id);
      this.put(video, true);
      this.focus(video.id);
    } });
  }

  /** Deletes it; where the studio does not, it is at its place again. */
  async forget(video, keepalive = false) {
    clearTimeout(this.leaving.get(video.id)?.timer);
    let fault = null;
    try {
      await call("DELETE", `/v1/videos/${encodeURIComponent(video.id)}`, undefined, { keepalive });
    } catch (error) {
      if (error.status !== 404) fault = error;
    }
    this.leaving.delete(video.id);
    if (fault) {
      this.put(video);
      toast(`Not deleted: ${fault.message}`, { label: "Try again", lasts_ms: 2 * UNDO_MS, act: () => this.remove(video) });
    } else if (this.after === video.id) {
      this.after = this.ids.at(-1) ?? null;
    }
  }
}
