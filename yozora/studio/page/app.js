// The page begins here: who it is shown to, what is under way, and what was made.

import { call, listen, me, whenOutside } from "./api.js";
import { Composer } from "./composer.js";
import { by, copy, el, raise, speak, title, toast } from "./dom.js";
import { Gallery } from "./gallery.js";
import { Making } from "./making.js";
import { Player } from "./player.js";

const IDEAS = [
  "A dog runs in a park at sunset, the camera follows",
  "Two robots dance on a neon street at night, in the rain",
  "A red spaceship lands in a desert at dusk",
  "A black cat sits in a library",
];

function examples() {
  const base = `${location.origin}/v1`;
  const code = `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="any")
video = client.videos.create_and_poll(
    model="yozora-1", prompt="a dog running in the park", seconds="4",
)
client.videos.download_content(video.id).write_to_file("dog.mp4")`;
  for (const place of document.querySelectorAll(".example")) {
    place.replaceChildren(
      el("p", {}, "Programs that spoke to Sora speak to this studio: set their ", el("code", { text: "base_url" }), " to"),
      el("p", { class: "base" }, el("code", { text: base }),
        el("button", { type: "button", class: "quiet", text: "Copy", on: { click: () => copy(base) } })),
      el("div", { class: "code" }, el("pre", { tabindex: "0", "aria-label": "An example in Python" }, el("code", { text: code })),
        el("button", { type: "button", class: "quiet", text: "Copy", "aria-label": "Copy the example", on: { click: () => copy(code) } })),
      el("p", { class: "hint" }, "On this machine any key will do. All that there is: ",
        el("a", { href: "/openapi.json", text: "/openapi.json" })),
    );
  }
}

function login() {
  by("studio").hidden = true;
  by("login").hidden = false;
  if (location.hash === "#used") by("login-error").textContent = "That link was used, or is too old: ask for another.";
  by("login-name").focus();
}

by("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  by("login-error").textContent = "";
  try {
    const told = { name: by("login-name").value, password: by("login-password").value };
    await call("POST", "/v1/login", told, { entering: true });
    location.reload();
  } catch (error) {
    by("login-error").textContent = error.message;
    by("login-password").select();
  }
});

async function begin() {
  let who;
  try {
    who = await me();
  } catch (error) {
    if (error.status === 401) return login();
    by("lost").textContent = error.message;
    setTimeout(begin, 3000);
    return undefined;
  }
  by("lost").textContent = "";
  by("who").textContent = who.name === "owner" ? "" : who.name;
  by("leave").hidden = !who.csrf; // who sits at the machine itself has not come in
  by("studio").hidden = false;
  studio(who);
  return undefined;
}

function studio(who) {
  const composer = new Composer({ made: (video) => making.put(video) });
  const player = new Player({
    neighbour: (id, step) => gallery.neighbour(id, step),
    closed: (id) => gallery.focus(id),
    made: (video) => { making.put(video); toast("It is in the queue"); },
    use: (video) => composer.use(video),
    remove: (video) => gallery.remove(video),
    find: (id) => gallery.find(id),
    gone: (id) => gallery.gone(id),
  });
  const gallery = new Gallery({
    open: (video, panel) => player.open(video, panel),
    use: (video) => composer.use(video),
    made: (video) => making.put(video),
    isEmpty: () => making.count === 0,
  });
  const making = new Making({
    mayPause: who.scopes.includes("admin"),
    over: (video, isNews) => over(video, isNews),
    changed: () => { gallery.shownEmpty(); named(); },
  });
  function over(video, isNews) {
    gallery.put(video);
    if (!isNews) return;
    if (video.status === "completed") speak(`Done: ${title(video)}`);
    else if (video.error?.code !== "cancelled") speak(`Failed: ${video.error?.message}`);
  }
  function named() {
    const running = making.first;
    document.title = running ? `${running.progress} % · Yozora` : "Yozora";
  }
  async function caughtUp() {
    await gallery.refresh();
    await making.catchUp();
  }
  for (const words of IDEAS) {
    by("ideas").append(el("li", {}, el("button", { type: "button", class: "idea", text: words, on: { click: () => composer.say(words) } })));
  }
  let wasLost = false;
  const close = listen({
    connected: () => {
      by("lost").textContent = "";
      if (wasLost) caughtUp();
      wasLost = false;
    },
    lost: () => { wasLost = true; by("lost").textContent = "The studio does not answer; trying again."; },
    check: () => me().catch((error) => { if (error.status === 401) { close(); login(); } }),
    away: () => { wasLost = true; caughtUp(); },
    queue: (line) => making.order(line),
    video: (video) => making.put(video),
    preview: (one) => making.preview(one),
  });
  whenOutside(() => { close(); login(); });
  gallery.begin();
  composer.begin();
  player.follow();
}

by("leave").addEventListener("click", async () => {
  await call("POST", "/v1/logout").catch((error) => toast(error.message));
  location.reload();
});
by("api-open").addEventListener("click", () => by("api").showModal());
by("api").addEventListener("close", raise);
by("api-close").addEventListener("click", () => by("api").close());
by("api").addEventListener("click", (event) => { if (event.target === by("api")) by("api").close(); });
examples();
begin();
