// Enter moves on to the next field of a filing; on the last one it goes to the button that saves. Without it Enter saves.
(() => {
  "use strict";
  const form = document.querySelector("[data-enter-moves]");
  if (!form) return;
  const stop = document.querySelector("[data-last-stop]");
  const fields = () =>
    Array.from(form.querySelectorAll("input, select, textarea")).filter(
      (field) => field.type !== "hidden" && !field.disabled && field.offsetParent !== null,
    );
  form.addEventListener("keydown", (event) => {
    // The characters of an input method are confirmed by Enter; that one moves nowhere.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    const all = fields();
    const next = all[all.indexOf(event.target) + (event.shiftKey ? -1 : 1)] || stop;
    if (next) {
      next.focus();
      if (next.select && next.type !== "checkbox") next.select();
    }
  });
  // The first empty field that must be filled: what was carried over needs no key.
  if (!document.querySelector("[data-error-summary]")) {
    const first = fields().find((field) => !field.value && field.closest(".field")?.querySelector(".field-required"));
    if (first) first.focus();
  }
})();
