// What the studio is asked. Its errors are sentences, and say which field they are about.

let csrf = null;
let outside = () => {};

export class Refused extends Error {
  constructor(status, { message, param, code }) {
    super(message);
    Object.assign(this, { status, param: param ?? null, code: code ?? null });
  }
}

/** Called where the studio no longer knows who this is. */
export function whenOutside(heard) {
  outside = heard;
}

/** An answer as JSON; `body` is an object, or a form with files. Throws Refused. Who is coming in
learns of a 401 from its error alone. */
export async function call(method, path, body = undefined, { keepalive = false, entering = false } = {}) {
  const headers = {};
  if (method !== "GET" && csrf) headers["x-yozora-csrf"] = csrf;
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method, headers, keepalive, body: body === undefined || isForm ? body : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, { message: "The studio does not answer: is it still running?" });
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  const error = told.error ?? { message: `The studio answered with ${answer.status}` };
  if (answer.status === 401 && !entering) outside();
  throw new Refused(answer.status, error);
}

export async function me() {
  const who = await call("GET", "/v1/me", undefined, { entering: true });
  csrf = who.csrf;
  return who;
}

export function contentOf(id, variant = "video") {
  return `/v1/videos/${encodeURIComponent(id)}/content${variant === "video" ? "" : `?variant=${variant}`}`;
}

/** What is under way, by one connection: `queue`, `video` and `preview`, told to `heard`.

A page that nobody sees lets go of its connection, for browsers open six to one server. */
export function listen(heard) {
  let source = null, timer = 0, wait_ms = 1000, hidden = 0;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("/v1/videos/events");
    source.addEventListener("open", () => { wait_ms = 1000; heard.connected(); });
    for (const kind of ["queue", "video", "preview"]) {
      source.addEventListener(kind, (event) => heard[kind](JSON.parse(event.data)));
    }
    source.addEventListener("error", () => {
      heard.lost();
      if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
      timer = setTimeout(() => { heard.check(); open(); }, wait_ms);
      wait_ms = Math.min(wait_ms * 2, 30_000);
    });
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (!document.hidden) return source ? undefined : open();
    hidden = setTimeout(function away() {
      close();
      heard.away();
      hidden = setTimeout(away, 20_000);
    }, 20_000);
    return undefined;
  });
  open();
  return close;
}
