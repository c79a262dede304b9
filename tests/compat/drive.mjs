// Drives a running studio with `openai` for Node from the folder $CLIENT, and tells how it went:
// a line of JSON for each check, as drive.py does.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.CLIENT, "client.cjs"));
const openai = require("openai");
const told = JSON.parse(process.argv[2]);
const SMALL = { model: "yozora-1", seconds: "1" };
const PROMPT = "a dog runs in a park";

const withKey = (apiKey, more = {}) =>
  new openai.OpenAI({ baseURL: `${told.url}/v1`, apiKey, ...more });
const client = withKey("any");
const hands = async (what) => (await fetch(told.hands + what, { method: "POST", body: "" })).json();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const picture = () => fs.createReadStream(told.picture);
const film = () => fs.createReadStream(told.film);
const cancel = (id) => client.post(`/videos/${id}/cancel`);

function is(condition, said) {
  if (!condition) throw new Error(typeof said === "string" ? said : JSON.stringify(said) ?? "no");
}

async function made(video) {
  for (let n = 0; n < 600; n++) {
    const found = await client.videos.retrieve(video.id);
    if (found.status === "completed") return found;
    is(found.status !== "failed", found.error);
    await pause(50);
  }
  throw new Error(`${video.id} is not done`);
}

let first;
const done = async () => (first ??= await made(await client.videos.create({ prompt: PROMPT, ...SMALL })));

async function refused(kind, call) {
  try {
    await call();
  } catch (error) {
    is(error instanceof openai[kind], `${error}`);
    is(error.requestID?.startsWith("req_"), error.requestID);
    is(Object.keys(error.error).sort().join() === "code,message,param,type", error.error);
    return error;
  }
  throw new Error(`no ${kind}`);
}

const all = async (list) => {
  const found = [];
  for await (const one of list) found.push(one.id);
  return found;
};

async function delivered(id) {
  for (let n = 0; n < 200; n++) {
    const found = (await hands("/delivered")).find((one) => JSON.parse(one.body).data.id === id);
    if (found) return found;
    await pause(100);
  }
  throw new Error("nothing was delivered");
}

const checks = {
  async models() {
    const names = await all(client.models.list());
    is(["sora-2", "sora-2-pro", "yozora-1"].every((one) => names.includes(one)), names);
    is((await client.models.retrieve("sora-2")).owned_by === "yozora");
  },

  async create_from_text() {
    const asked = { prompt: PROMPT, model: "sora-2", seconds: "4", size: "1280x720" };
    const { data, response } = await client.videos.create(asked).withResponse();
    is(Number(response.headers.get("openai-poll-after-ms")) > 0);
    is(data.object === "video" && data.model === "sora-2" && data.prompt === PROMPT, data);
    is(["queued", "in_progress"].includes(data.status) && data.error === null, data);
    const end = await made(data);
    is(end.progress === 100 && end.seconds === "4" && end.size === "1280x720", end);
    is(end.completed_at >= end.created_at, end);
  },

  async create_with_defaults() {
    const video = await client.videos.create({ prompt: PROMPT });
    is(video.model === "sora-2" && video.seconds === "4" && video.size === "720x1280", video);
    await cancel(video.id);
  },

  async create_from_file() {
    for (const given of [picture(), await openai.toFile(fs.readFileSync(told.picture), "a.png")]) {
      const video = await client.videos.create({ prompt: PROMPT, input_reference: given, ...SMALL });
      is((await made(video)).tool === "animate", video);
    }
  },

  async create_from_address() {
    const image_url = `data:image/png;base64,${fs.readFileSync(told.picture).toString("base64")}`;
    const video = await client.videos.create({ prompt: PROMPT, input_reference: { image_url }, ...SMALL });
    is((await made(video)).tool === "animate", video);
  },

  async create_from_file_id() {
    const file = await client.files.create({ file: picture(), purpose: "vision" });
    const input_reference = { file_id: file.id };
    const video = await client.videos.create({ prompt: PROMPT, input_reference, ...SMALL });
    is((await made(video)).tool === "animate", video);
    is((await client.files.delete(file.id)).deleted);
  },

  async extra_body() {
    const more = { seed: 7, fps: 24, num_frames: 24, negative_prompt: "red", num_inference_steps: 2,
                   width: 128, height: 72, enhance: false, after: [(await done()).id] };
    const end = await made(await client.videos.create({ prompt: PROMPT, model: "yozora-1", ...more }));
    is(end.seed === 7 && end.size === "128x72" && end.seconds === "1", end);
    is(end.fps === 24 && end.num_frames === 24, end);
  },

  async extra_body_nested() {
    const id = (await done()).id;
    const cards = [{ text: "a dog runs", seconds: 1 }, { text: "a cat sits", seconds: 1 }];
    for (const tool of [
      { tool: "loop", film: id, seam: "short" },
      { tool: "recut", film: id, keep: [{ start: 0, stop: 0.5 }] },
      { tool: "retake", film: id, box: [0.1, 0.1, 0.5, 0.5] },
      { tool: "storyboard", cards },
    ]) {
      const video = await client.videos.create({ prompt: PROMPT, model: "yozora-1", tool });
      is((await made(video)).tool === tool.tool, video);
    }
  },

  async extra_body_as_json() {
    const id = (await done()).id;
    const tool = { tool: "blend", film: id, other: id, curve: [[0, 0], [1, 1]] };
    const body = { prompt: PROMPT, model: "yozora-1", tool };
    is((await made(await client.post("/videos", { body }))).tool === "blend");
    const text = { ...body, tool: JSON.stringify(tool) };
    is((await made(await client.videos.create(text))).tool === "blend");
  },

  async idempotency_key() {
    const again = { headers: { "Idempotency-Key": `drive-${Date.now()}` } };
    const one = await client.videos.create({ prompt: PROMPT, ...SMALL }, again);
    is((await client.videos.create({ prompt: PROMPT, ...SMALL }, again)).id === one.id);
  },

  async retrieve() {
    const found = await client.videos.retrieve((await done()).id);
    is(found.status === "completed" && found.expires_at === null, found);
    is(found.remixed_from_video_id === null, found);
  },

  async pages() {
    const pager = withKey(told.pager);
    const ids = [];
    for (let n = 0; n < 5; n++)
      ids.push((await pager.videos.create({ prompt: PROMPT, held: true, ...SMALL })).id);
    for (const [order, wanted] of [["asc", ids], ["desc", [...ids].reverse()]])
      for (const limit of [1, 2, 5, 100])
        is((await all(pager.videos.list({ limit, order }))).join() === wanted.join(), `${order} ${limit}`);
    const page = await pager.videos.list({ limit: 2, order: "asc" });
    is(page.has_more && page.last_id === ids[1] && page.hasNextPage(), page.last_id);
    is((await page.getNextPage()).data.map((one) => one.id).join() === ids.slice(2, 4).join());
    for (const id of ids) {
      await pager.post(`/videos/${id}/cancel`);
      await pager.videos.delete(id);
    }
    is((await all(pager.videos.list())).length === 0);
  },

  async variants() {
    const id = (await done()).id;
    const target = path.join(told.folder, "film.mp4");
    const content = await client.videos.downloadContent(id);
    fs.writeFileSync(target, Buffer.from(await content.arrayBuffer()));
    is(fs.readFileSync(target).subarray(4, 8).toString() === "ftyp");
    for (const [variant, kind] of [["video", "video/mp4"], ["thumbnail", "image/webp"], ["spritesheet", "image/jpeg"]]) {
      const found = await client.videos.downloadContent(id, { variant });
      is(found.headers.get("content-type") === kind && (await found.blob()).size > 100, variant);
    }
  },

  async download_in_parts() {
    const headers = { Range: "bytes=4-7" };
    const found = await client.videos.downloadContent((await done()).id, {}, { headers });
    is(found.status === 206 && (await found.text()) === "ftyp", `${found.status}`);
  },

  async remix() {
    const video = await client.videos.remix((await done()).id, { prompt: "the park becomes a beach" });
    is(video.remixed_from_video_id === (await done()).id, video);
    is((await made(video)).seconds === "1", video);
  },

  async edit_id() {
    const video = { id: (await done()).id };
    await made(await client.videos.edit({ prompt: "the dog becomes a cat", video }));
  },

  async edit_file() {
    await made(await client.videos.edit({ prompt: "the dog becomes a cat", video: film(), model: "yozora-1" }));
  },

  async extend_id() {
    const asked = { prompt: "it jumps", seconds: "4", video: { id: (await done()).id } };
    const video = await client.videos.extend(asked);
    is(video.seconds === "5" && (await made(video)).seconds === "5", video);
  },

  async extend_file() {
    await made(await client.videos.extend({ prompt: "it jumps", seconds: "4", video: film() }));
  },

  async characters() {
    const rex = await client.videos.createCharacter({ name: "Rex", video: film() });
    is(rex.id && rex.name === "Rex" && rex.created_at > 1_700_000_000, rex);
    is((await client.videos.getCharacter(rex.id)).name === "Rex");
    const characters = [{ id: rex.id }];
    await made(await client.videos.create({ prompt: "Rex runs in a park", characters, ...SMALL }));
  },

  async cancel_ends_a_poll() {
    const video = await client.videos.create({ prompt: PROMPT, held: true, ...SMALL });
    await cancel(video.id);
    const end = await client.videos.retrieve(video.id);
    is(end.status === "failed" && end.error.code === "cancelled" && end.error.message, end);
  },

  async delete() {
    const video = await made(await client.videos.create({ prompt: PROMPT, ...SMALL }));
    const gone = await client.videos.delete(video.id);
    is(gone.id === video.id && gone.deleted && gone.object === "video.deleted", gone);
    await refused("NotFoundError", () => client.videos.retrieve(video.id));
  },

  async batch() {
    const lines = [0, 1].map((n) => ({
      custom_id: `n${n}`, method: "POST", url: "/v1/videos", body: { prompt: PROMPT, ...SMALL },
    }));
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const file = await openai.toFile(Buffer.from(text), "batch.jsonl");
    const { id } = await client.files.create({ file, purpose: "batch" });
    let batch = await client.batches.create({
      input_file_id: id, endpoint: "/v1/videos", completion_window: "24h",
    });
    for (let n = 0; n < 300 && !["completed", "failed", "expired"].includes(batch.status); n++) {
      await pause(100);
      batch = await client.batches.retrieve(batch.id);
    }
    is(batch.status === "completed" && batch.request_counts.completed === 2, batch);
    const out = await (await client.files.content(batch.output_file_id)).text();
    const names = out.trim().split("\n").map((line) => JSON.parse(line).custom_id);
    is(names.sort().join() === "n0,n1", out);
  },

  async bad_request() {
    const create = (more) => () => client.videos.create({ prompt: PROMPT, ...more });
    const wrong = await refused("BadRequestError", create({ seconds: "1000" }));
    is(wrong.status === 400 && wrong.param === "seconds" && wrong.code, wrong);
    await refused("BadRequestError", create({ size: "wide" }));
    await refused("BadRequestError", create({ colour: "red" }));
    await refused("BadRequestError", create({ prompt: "" }));
    const text = await openai.toFile(Buffer.from("no picture"), "a.png");
    await refused("BadRequestError", create({ input_reference: text }));
    await refused("BadRequestError", () => client.videos.list({ limit: 1000 }));
  },

  async authentication() {
    const wrong = await refused("AuthenticationError", () => all(withKey("yz_wrong").videos.list()));
    is(wrong.status === 401 && wrong.code === "invalid_api_key", wrong);
  },

  async permission() {
    const viewer = withKey(told.viewer);
    is((await all(viewer.videos.list())).length === 0);
    await refused("PermissionDeniedError", () => viewer.videos.create({ prompt: PROMPT }));
  },

  async not_found() {
    const { videos } = client;
    for (const call of [
      () => videos.retrieve("video_none"), () => videos.delete("video_none"),
      () => videos.downloadContent("video_none"), () => videos.remix("video_none", { prompt: "x" }),
      () => videos.list({ after: "video_none" }), () => videos.create({ prompt: "a", model: "gpt-9" }),
    ]) is((await refused("NotFoundError", call)).status === 404);
  },

  async conflict() {
    let calls = 0;
    const counting = withKey("any", { fetch: (...sent) => (calls++, fetch(...sent)) });
    const video = await client.videos.create({ prompt: PROMPT, held: true, ...SMALL });
    await refused("ConflictError", () => counting.videos.delete(video.id));
    is(calls === 1, "the client tried again, which cannot help");
    await cancel(video.id);
  },

  async quota() {
    const wrong = await refused("RateLimitError", () => withKey(told.few).videos.create({ prompt: PROMPT }));
    is(wrong.code === "queue_full" && wrong.headers.get("x-should-retry") === "false", wrong);
  },

  async rate_limit() {
    const once = withKey(told.slow, { maxRetries: 0 });
    const wrong = await refused("RateLimitError", async () => {
      for (let n = 0; n < 100; n++) await once.videos.list();
    });
    is(wrong.code === "rate_limit_exceeded" && wrong.status === 429, wrong);
    let calls = 0;
    const patient = withKey(told.slow, { fetch: (...sent) => (calls++, fetch(...sent)) });
    await patient.videos.list();
    is(calls >= 2, "it was not tried again");
  },

  async busy() {
    await hands("/busy");
    let calls = 0;
    const patient = withKey("any", { fetch: (...sent) => (calls++, fetch(...sent)) });
    const made = patient.videos.create({ prompt: PROMPT, ...SMALL });
    const once = withKey("any", { maxRetries: 0 });
    const wrong = await refused("InternalServerError", () => once.videos.create({ prompt: PROMPT }));
    is(wrong.status === 503 && wrong.code === "busy", wrong);
    is((await made).status === "queued" && calls >= 2, `${calls}`);
  },

  async request_id() {
    is((await client.videos.retrieve((await done()).id))._request_id.startsWith("req_"));
  },

  async webhook() {
    const event_types = ["video.completed", "video.failed"];
    const endpoint = await client.webhooks.create({ name: "drive", url: told.hook, event_types });
    is((await all(client.webhooks.list())).includes(endpoint.id), endpoint);
    const video = await made(await client.videos.create({ prompt: PROMPT, ...SMALL }));
    const { body, headers } = await delivered(video.id);
    const event = await client.webhooks.unwrap(body, headers, endpoint.signing_secret);
    is(event.type === "video.completed" && event.data.id === video.id, event);
    const other = `whsec_${Buffer.from("x".repeat(32)).toString("base64")}`;
    const wrong = await client.webhooks.unwrap(body, headers, other).catch((error) => error);
    is(wrong instanceof openai.InvalidWebhookSignatureError, `${wrong}`);
    is((await client.webhooks.delete(endpoint.id)).deleted);
  },
};

const tell = (check, result, said) => console.log(JSON.stringify({ check, result, said }));
const ABSENT = {
  create_and_poll: "no videos.createAndPoll", create_and_poll_async: "no videos.createAndPoll",
  poll_as_the_studio_says: "no videos.poll", guide: "its examples are in Python", edit_id_beside_an_empty_file: "an id is typed here",
};
const warned = [];
process.on("warning", (one) => one.name === "DeprecationWarning" || warned.push(`${one}`));
for (const [check, said] of Object.entries(ABSENT)) tell(check, "absent", said);
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    tell(name, "passed", "");
  } catch (error) {
    tell(name, "failed", `${error?.stack ?? error}`.slice(0, 1500));
  }
}
tell("warnings", warned.length ? "failed" : "passed", warned.join("; "));
process.exit(0);
