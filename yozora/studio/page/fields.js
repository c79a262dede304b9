// Errors at the fields that they are about.

const KNOWN = {
  prompt: "prompt", model: "model", quality: "model", size: "size", width: "size", height: "size",
  seconds: "seconds", num_frames: "seconds", seed: "seed", style: "style", negative: "negative_prompt",
  negative_prompt: "negative_prompt", priority: "priority", input_reference: "input_reference",
  image_url: "input_reference", file_id: "input_reference", file: "input_reference", strength: "strength",
  seam: "seam", times: "times",
};

let number = 0;

/** Takes sentences away: all, or those for which `isMeant` says so of the field's name ("" where it
is about none) and of who said it. */
export function clear(form, rest, isMeant = () => true) {
  for (const line of new Set([rest, ...form.querySelectorAll(".error")])) {
    if (!line.textContent || !isMeant(line.dataset.about ?? "", line.dataset.by ?? "")) continue;
    line.textContent = "";
    if (!line.id) continue;
    for (const input of form.querySelectorAll(`[aria-describedby="${line.id}"]`)) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }
}

/** The sentence at its field, or at `rest` where it is about none; whether it was at a field. One
that `yields` is not said where another stands. */
export function show(form, rest, error, { focus = true, by = "", yields = false } = {}) {
  const names = (error.param ?? "").split(".");
  const name = names.map((part) => KNOWN[part]).find(Boolean);
  const place = name && form.querySelector(`[data-param="${name}"]`);
  const line = !place ? rest
    : form.querySelector(`[data-error="${name}"]`) ?? place.querySelector(".error");
  if (yields && line.textContent) return Boolean(place);
  line.textContent = error.message;
  line.dataset.about = place ? name : "";
  line.dataset.by = by;
  if (!place) return false;
  line.id ||= `error-${(number += 1)}`;
  const details = place.closest("details");
  if (details) details.open = true;
  const input = place.querySelector("textarea, select, input:not([type=file]), button");
  if (!input?.matches("button")) input?.setAttribute("aria-invalid", "true");
  input?.setAttribute("aria-describedby", line.id);
  if (focus) input?.focus();
  return true;
}
