// Errors at the fields that they are about.

const KNOWN = {
  prompt: "prompt", model: "model", quality: "model", size: "size", width: "size", height: "size",
  seconds: "seconds", num_frames: "seconds", seed: "seed", style: "style", negative: "negative_prompt",
  negative_prompt: "negative_prompt", priority: "priority", input_reference: "input_reference",
  image_url: "input_reference", file_id: "input_reference", file: "input_reference", strength: "strength",
  seam: "seam", times: "times",
};

let number = 0;

export function clear(form, rest) {
  rest.textContent = "";
  for (const line of form.querySelectorAll(".error")) line.textContent = "";
  for (const place of form.querySelectorAll("[data-param]")) {
    for (const input of place.querySelectorAll("input, select, textarea")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }
}

/** The sentence at its field, or at `rest` where it is about none; whether it was at a field. */
export function show(form, rest, error, { focus = true } = {}) {
  const names = (error.param ?? "").split(".");
  const name = names.map((part) => KNOWN[part]).find(Boolean);
  const place = name && form.querySelector(`[data-param="${name}"]`);
  if (!place) {
    rest.textContent = error.message;
    return false;
  }
  const line = form.querySelector(`[data-error="${name}"]`) ?? place.querySelector(".error");
  line.id ||= `error-${(number += 1)}`;
  line.textContent = error.message;
  const details = place.closest("details");
  if (details) details.open = true;
  const input = place.querySelector("textarea, select, input:not([type=file])");
  input?.setAttribute("aria-invalid", "true");
  input?.setAttribute("aria-describedby", line.id);
  if (focus) input?.focus();
  return true;
}
