// The portal's one script: keyboard, session warning, selection, what a field understood. Without it every page works.
(() => {
  "use strict";
  const body = document.body;
  const all = (selector, place = document) => Array.from(place.querySelectorAll(selector));

  // htmx: the token that proves the request is ours (the cookie is not readable here).
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = body.dataset.csrf || "";
  });
  // A fragment that may not be shown, or has nothing to say, leaves no hole.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, elt } = event.detail;
    if (elt.matches("[data-fragment]") && (xhr.status === 204 || xhr.status >= 400)) {
      elt.remove();
      const none = document.querySelector("[data-no-fragments]");
      if (none && !document.querySelector("[data-fragment]")) none.hidden = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    // Enter while an input method is composing confirms the characters; it never submits.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-search-focus]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; });
  }, true);

  // One submission a form within three seconds (a file out leaves the page as it is); htmx guards its own.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // The band is one line high or two; what sticks below it follows.
  const band = document.querySelector(".band");
  if (band) new ResizeObserver(() => document.documentElement.style.setProperty("--band-height", `${band.offsetHeight}px`)).observe(band);

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  all("[data-back]").forEach((link) => {
    if (document.referrer.startsWith(location.origin)) link.addEventListener("click", (event) => { event.preventDefault(); history.back(); });
  });

  // Selection of rows.
  all("[data-bulk]").forEach((form) => {
    const boxes = all('tbody input[type="checkbox"]:not(:disabled)', form);
    const bar = form.querySelector("[data-bulk-bar]");
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      bar.hidden = chosen === 0;
      form.querySelector("[data-bulk-count]").textContent = chosen;
    };
    const set = (value) => () => { boxes.forEach((box) => { box.checked = value; }); show(); };
    form.addEventListener("change", show);
    // Enter on the box of a line sends nothing: what is to be done with the chosen ones is pressed by name.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
    });
    form.querySelector("[data-bulk-all]").addEventListener("click", set(true));
    form.querySelector("[data-bulk-none]").addEventListener("click", set(false));
    show();
  });

  // What a date or kana field understood, asked of the server when the field is left.
  all("input[data-understood]").forEach((field) => {
    field.addEventListener("change", async () => {
      const answer = await fetch(body.dataset.understood, {
        method: "POST",
        headers: { "X-CSRFToken": body.dataset.csrf, "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ kind: field.dataset.understood, text: field.value }),
      });
      const read = answer.ok || answer.status === 422; // 422: it could not be read, and the sentence says why
      const told = read ? await answer.text() : "";
      let line = field.parentElement.querySelector(".field-understood, .field-problem");
      if (!line) {
        line = document.createElement("p");
        line.setAttribute("role", "status");
        field.after(line);
      }
      line.className = answer.ok ? "field-understood" : "field-problem";
      line.textContent = told;
      line.hidden = !told;
    });
  });

  // Five minutes before the session ends: say so in the band, with one button to go on.
  const idle = Number(body.dataset.idle || 0);
  const warning = Number(body.dataset.warning || 0);
  const box = document.querySelector("[data-session-warning]");
  if (idle && box) {
    let last = Date.now();
    const button = box.querySelector("button");
    // The server does not count what a page asks by itself (X-Polling), so neither does the warning.
    document.addEventListener("htmx:afterRequest", (event) => {
      if (!event.detail.requestConfig.headers["X-Polling"]) last = Date.now();
    });
    button.addEventListener("click", async () => {
      const answer = await fetch(body.dataset.extend, { method: "POST", headers: { "X-CSRFToken": body.dataset.csrf } });
      if (answer.ok) { last = Date.now(); box.hidden = true; }
    });
    setInterval(() => {
      const left = idle - (Date.now() - last) / 1000;
      box.hidden = left > warning;
      const minutes = Math.max(1, Math.ceil(left / 60));
      box.querySelector("[data-minutes]").textContent = left > 0 ? `あと${minutes}分でログアウトします` : "ログアウトしました。もう一度ログインしてください";
      if (left <= 0) button.hidden = true;
    }, 5000);
  }
})();
