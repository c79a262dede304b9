// Where a film is asked for: its words and settings, what it costs, and errors at their fields.

import { call, contentOf } from "./api.js";
import { about, by, el, later, sides, speak, toast } from "./dom.js";
import * as fields from "./fields.js";

const KEPT = "yozora.composer";
const NAMES = { fast: "Fast", best: "Best", live: "Draft" };
const MOST_PICTURE = 30e6; // bytes; a larger one is refused by the studio anyway
const TOGETHER = ["model", "size", "seconds"]; // another choice of one may mend the others
const ESTIMATE = "estimate"; // who says a sentence that the next estimate may take back

export class Composer {
  constructor({ made }) {
    this.made = made;
    this.form = by("composer");
    this.error = by("composer-error");
    this.picture = null; // {file} or {file_id}
    this.sizes = [];
    this.isBusy = false;
    this.asked = 0;
    this.cost = later(350, () => this.estimate());
    this.listen();
  }

  async begin() {
    try {
      const [models, styles] = await Promise.all([call("GET", "/v1/models"), call("GET", "/v1/styles")]);
      this.offer(models.data, styles.data);
    } catch (error) {
      fields.show(this.form, this.error, error, { focus: false });
    }
    this.restore();
    this.grow();
    this.estimate();
  }

  /** Fills what can be chosen with what the studio has. */
  offer(models, styles) {
    const seen = new Map();
    for (const model of models) if (!seen.has(model.capabilities.quality)) seen.set(model.capabilities.quality, model);
    by("models").replaceChildren(...[...seen].map(([quality, model], index) =>
      el("label", { title: model.id }, el("input", { type: "radio", name: "model", value: model.id, checked: index === 0 }),
        el("span", { text: NAMES[quality] ?? model.id }))));
    this.qualities = Object.fromEntries([...seen].map(([quality, model]) => [quality, model.id]));
    this.sizes = [...new Set(models.flatMap((model) => model.capabilities.supported_sizes))];
    this.offerSizes();
    by("style").append(...styles.map((style) =>
      el("option", { value: style.id, title: style.words, text: style.own ? `${style.id} (yours)` : style.id })));
  }

  get shape() {
    return this.form.querySelector("input[name=shape]:checked").value;
  }

  offerSizes(wanted = null) {
    const fitting = this.sizes
      .filter((size) => shapeOf(size) === this.shape)
      .sort((a, b) => area(a) - area(b));
    by("size").replaceChildren(...fitting.map((size) => el("option", { value: size, text: size.replace("x", " × ") })));
    if (wanted && fitting.includes(wanted)) by("size").value = wanted;
  }

  listen() {
    const form = this.form;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.submit(); }
    });
    form.addEventListener("input", (event) => {
      if (event.target.name === "shape") this.offerSizes();
      if (event.target.id === "prompt") this.grow();
      const isShape = event.target.name === "shape";
      this.changed(isShape ? "size" : event.target.closest("[data-param]")?.dataset.param);
      this.counted();
      this.keep();
      this.cost();
    });
    by("picture").addEventListener("error", () => { by("picture").hidden = true; });
    by("picture-choose").addEventListener("click", () => by("picture-file").click());
    by("picture-file").addEventListener("change", () => this.give(by("picture-file").files[0]));
    by("picture-remove").addEventListener("click", () => { this.give(null); by("picture-choose").focus(); });
    document.addEventListener("paste", (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
      if (file && !document.querySelector("dialog[open]")) { event.preventDefault(); this.give(file); }
    });
    for (const kind of ["dragover", "drop", "dragleave"]) {
      document.addEventListener(kind, (event) => {
        if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
        event.preventDefault();
        form.classList.toggle("over", kind === "dragover");
        if (kind === "drop") this.give(event.dataTransfer.files[0]);
      });
    }
  }

  grow() {
    const area = by("prompt");
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.45)}px`;
  }

  counted() {
    const count = this.variations;
    by("make").firstElementChild.textContent = count === 1 ? "Make film" : `Make ${count} films`;
  }

  get variations() {
    return Number(this.form.querySelector("input[name=variations]:checked").value);
  }

  /** What was refused stays said until what it is about is another. */
  changed(name) {
    const names = TOGETHER.includes(name) ? TOGETHER : [name];
    fields.clear(this.form, this.error, (about, said) => said !== ESTIMATE && (!about || names.includes(about)));
  }

  /** A picture to begin with, or null for none; one that cannot be taken leaves the one before. */
  give(file) {
    if (file === undefined) return; // nothing was chosen
    const fault = faultOf(file);
    if (fault) {
      fields.show(this.form, this.error, { param: "input_reference", message: fault }, { focus: false });
      speak(fault);
    } else {
      this.changed("input_reference");
      if (this.shownUrl) URL.revokeObjectURL(this.shownUrl);
      this.picture = file && { file };
      this.shownUrl = file && URL.createObjectURL(file);
      this.showPicture(this.shownUrl, file?.name ?? "");
      this.cost();
    }
    by("picture-file").value = "";
  }

  showPicture(url, name) {
    const image = by("picture");
    image.hidden = !url;
    if (url) image.src = url;
    else image.removeAttribute("src");
    by("picture-name").textContent = name;
    by("picture-choose").textContent = url ? "Choose another" : "Begin with a picture";
    by("picture-hint").hidden = Boolean(url);
    by("picture-remove").hidden = !url;
  }

  /** The fields of a create call, without a file. */
  body() {
    const body = {
      prompt: by("prompt").value,
      model: this.form.querySelector("input[name=model]:checked")?.value,
      size: by("size").value || undefined,
      seconds: by("seconds").value.trim() || undefined,
      negative_prompt: by("negative").value.trim() || undefined,
      style: by("style").value || undefined,
      seed: by("seed").value.trim() || undefined,
    };
    if (by("priority").value !== "0") body.priority = Number(by("priority").value);
    if (!by("enhance").checked) body.enhance = false;
    return body;
  }

  async estimate() {
    const mine = (this.asked += 1);
    const body = this.body();
    body.prompt = body.prompt.trim() || "a film"; // the words cost nothing
    if (this.picture) body.input_reference = { image_url: "data:," }; // nor does sending it twice
    let told;
    try {
      told = await call("POST", "/v1/videos/estimate", body);
    } catch (error) {
      if (mine !== this.asked || this.isBusy) return;
      by("estimate").textContent = "";
      this.takeBack();
      fields.show(this.form, this.error, error, { focus: false, by: ESTIMATE, yields: true });
      return;
    }
    if (mine !== this.asked || this.isBusy) return;
    this.takeBack();
    const count = this.variations;
    const credits = (told.credits * count).toFixed(1);
    const left = told.credits_left === null ? "" : ` of ${told.credits_left.toFixed(1)}`;
    const done_s = told.starts_in_s + (told.done_in_s - told.starts_in_s) * count;
    by("estimate").replaceChildren(
      el("strong", { text: `Done in ${about(done_s)}` }), `${credits}${left} credits`,
      ...told.notes.flatMap((note) => [el("br"), note]),
    );
  }

  takeBack() {
    fields.clear(this.form, this.error, (_, said) => said === ESTIMATE);
  }

  async submit() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.asked += 1;
    by("make").disabled = true;
    fields.clear(this.form, this.error);
    const body = this.body();
    const count = this.variations;
    try {
      for (let i = 0; i < count; i += 1) {
        if (i > 0) body.seed = (BigInt(body.seed) + 1n).toString();
        const video = await call("POST", "/v1/videos", this.sent(body));
        body.seed ??= String(video.seed);
        this.made(video);
      }
    } catch (error) {
      fields.show(this.form, this.error, error);
    } finally {
      this.isBusy = false;
      by("make").disabled = false;
      this.cost();
    }
  }

  sent(body) {
    if (this.picture?.file_id) return { ...body, input_reference: { file_id: this.picture.file_id } };
    if (!this.picture) return body;
    const form = new FormData();
    for (const [name, value] of Object.entries(body)) if (value !== undefined) form.append(name, String(value));
    form.append("input_reference", this.picture.file);
    return form;
  }

  say(words) {
    by("prompt").value = words;
    this.changed("prompt");
    this.grow();
    this.keep();
    by("prompt").focus();
    this.cost();
  }

  /** The settings of a film that is there. */
  use(video) {
    this.give(null);
    fields.clear(this.form, this.error);
    by("seconds").value = video.seconds;
    by("seed").value = video.seed;
    by("negative").value = video.negative_prompt;
    by("enhance").checked = video.enhance;
    this.choose("model", this.qualities?.[video.quality]);
    if (video.style && ![...by("style").options].some((one) => one.value === video.style)) {
      by("style").append(el("option", { value: video.style, text: video.style }));
    }
    by("style").value = video.style ?? "";
    if (!this.sizes.includes(video.size)) this.sizes.push(video.size);
    this.choose("shape", shapeOf(video.size));
    this.offerSizes(video.size);
    this.choose("variations", "1");
    this.counted();
    by("more").open = true;
    if (video.tool === "animate" && video.made_from.length) {
      this.picture = { file_id: video.made_from[0] };
      this.showPicture(contentOf(video.id, "thumbnail"), "the same picture");
    }
    this.say(video.prompt ?? "");
    this.form.scrollIntoView({ block: "nearest" });
    toast("These are that film's settings; another seed makes another film");
  }

  choose(name, value) {
    for (const input of this.form.querySelectorAll(`input[name=${name}]`)) if (input.value === value) input.checked = true;
  }

  keep() {
    const chosen = (name) => this.form.querySelector(`input[name=${name}]:checked`)?.value;
    const kept = { prompt: by("prompt").value, seconds: by("seconds").value, size: by("size").value, model: chosen("model") };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch { /* a browser that keeps nothing */ }
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
    } catch { /* nothing was kept */ }
    if (!kept) return;
    by("prompt").value ||= kept.prompt ?? "";
    by("seconds").value = kept.seconds || "4";
    this.choose("model", kept.model);
    if (kept.size) this.choose("shape", shapeOf(kept.size));
    this.offerSizes(kept.size);
  }
}

/** Why a file cannot be begun with, where that is seen here already. */
function faultOf(file) {
  if (!file) return "";
  if (!file.type.startsWith("image/")) return "That is no picture: choose a PNG, JPEG or WebP";
  return file.size > MOST_PICTURE ? "That picture is larger than 30 MB: choose a smaller one" : "";
}

function shapeOf(size) {
  const { width, height } = sides(size);
  return width > height ? "wide" : width < height ? "tall" : "square";
}

function area(size) {
  const { width, height } = sides(size);
  return width * height;
}
