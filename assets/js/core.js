// What all pages share: calls to the server, pages and their addresses, toasts, dialogs, the theme.
// Everything a page remembers lives in its tab; only the theme is kept for all.
window.XMR = (() => {
  "use strict";

  const esc = (value) =>
    String(value ?? "").replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const icon = (name) =>
    `<svg class="x-i x-i-${name}" aria-hidden="true"><use href="#i-${name}"/></svg>`;

  // ---- events between pages

  const listeners = new Map();

  function listen(event, handler) {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(handler);
    return () => listeners.get(event).delete(handler);
  }

  function emit(event, detail) {
    for (const handler of listeners.get(event) ?? []) handler(detail);
  }

  // ---- the server

  /** An error with what happened (message) and what to do about it (hint). */
  function failure(message, hint) {
    return Object.assign(new Error(message), { hint: hint ?? "" });
  }

  const AWAY = () =>
    failure("XMR does not answer.", "Look whether it still runs in its terminal, or start it again.");

  /** Ask the server; rejects with {message, hint}, or with an AbortError where it was cancelled. */
  async function call(action, payload = {}, { signal } = {}) {
    let response;
    try {
      response = await fetch(`/call/${encodeURIComponent(action)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(payload),
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw AWAY();
    }
    const type = response.headers.get("Content-Type") ?? "";
    if (!type.includes("json")) throw failure(await response.text(), "Load the page again.");
    const answer = await response.json();
    if (answer.error) throw failure(answer.error.message, answer.error.hint);
    return answer;
  }

  /** Hand over a file as a query; `progress` is told its share, 0…1. */
  function upload(file, name, { progress, signal } = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `/query-file?name=${encodeURIComponent(name.slice(-400) || "file")}`);
      request.responseType = "json";
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (e) => e.lengthComputable && progress?.(e.loaded / e.total);
      request.onerror = () => reject(AWAY());
      request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
      request.onload = () => {
        const answer = request.response;
        if (answer?.token) resolve(answer);
        else if (answer?.error) reject(failure(answer.error.message, answer.error.hint));
        else reject(failure(`${name} could not be taken.`, "Try another file."));
      };
      signal?.addEventListener("abort", () => request.abort());
      request.send(file);
    });
  }

  // ---- the document

  /** Listen on a root for events of what matches a selector, now or later. */
  function on(root, type, selector, handler, options) {
    (root ?? document).addEventListener(
      type,
      (event) => {
        const target = event.target instanceof Element && event.target.closest(selector);
        if (target && (root ?? document).contains(target)) handler(event, target);
      },
      options,
    );
  }

  /** HTML → its first element. */
  function make(html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---- toasts

  let toasts;

  function toast(kind, message, hint = "") {
    toasts ??= document.body.appendChild(
      make('<div class="x x-toasts" role="region" aria-label="Messages" aria-live="polite"></div>'),
    );
    const same = [...toasts.children].find((note) => note.dataset.text === message + hint);
    same?.remove();
    const drawing = kind === "info" ? "info" : "warn";
    const note = make(
      `<div class="x-note" data-kind="${esc(kind)}" role="${kind === "bad" ? "alert" : "status"}">
        ${icon(drawing)}<div><strong>${esc(message)}</strong>${hint ? `<p>${esc(hint)}</p>` : ""}</div>
        <button class="x-tool" type="button" aria-label="Dismiss">${icon("close")}</button></div>`,
    );
    note.dataset.text = message + hint;
    note.querySelector("button").onclick = () => note.remove();
    // a popover, so that it lies above an open dialog
    if (toasts.showPopover) {
      toasts.popover = "manual";
      if (toasts.matches(":popover-open")) toasts.hidePopover();
      toasts.showPopover();
    }
    toasts.append(note);
    while (toasts.children.length > 4) toasts.firstElementChild.remove();
    setTimeout(() => note.remove(), kind === "bad" ? 20000 : 6000);
    return note;
  }

  /** Show an error of a call, unless it was a cancellation. */
  function fail(error) {
    if (error?.name === "AbortError") return;
    if (error?.hint === undefined) {
      console.error(error);
      toast("bad", "The page met an unexpected error.", String(error?.message ?? error));
    } else toast("bad", error.message, error.hint);
  }

  // ---- dialogs

  /** A modal dialog around `html`; it closes by Escape, by its backdrop and by data-do="close". */
  function dialog(html, { label, onclose } = {}) {
    const box = make('<dialog class="x x-dialog"></dialog>');
    box.innerHTML = html;
    const title = box.querySelector("h2[id]");
    if (title) box.setAttribute("aria-labelledby", title.id);
    else if (label) box.setAttribute("aria-label", label);
    document.body.append(box);
    on(box, "click", '[data-do="close"]', () => box.close());
    let down = false;
    box.addEventListener("pointerdown", (e) => (down = e.target === box));
    box.addEventListener("click", (e) => e.target === box && down && box.close());
    box.addEventListener("close", () => {
      onclose?.();
      box.remove();
    });
    box.showModal();
    return box;
  }

  /** Ask before something that cannot be undone; resolves to true or false. */
  function confirm({ title, text, action, bad = false }) {
    return new Promise((resolve) => {
      let answer = false;
      const box = dialog(
        `<form method="dialog"><div class="x-dialog-head"><h2 id="x-confirm">${esc(title)}</h2></div>
         <div class="x-dialog-body"><p>${esc(text)}</p></div>
         <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
         <button class="x-btn ${bad ? "x-btn-bad" : "x-btn-main"}" type="submit">${esc(action)}</button>
         </div></form>`,
        { onclose: () => resolve(answer) },
      );
      box.classList.add("x-dialog-small");
      box.querySelector("form").addEventListener("submit", () => (answer = true));
    });
  }

  // ---- pages and their addresses

  const pages = new Map();
  let current = null;

  function page(name, parts) {
    pages.set(name, { ...parts, root: null });
    settle();
  }

  /** Go to a page; what follows a slash in the address is the page's own. */
  function go(name) {
    if (location.hash.slice(1) === name) settle();
    else location.hash = name;
  }

  function wanted() {
    const name = location.hash.slice(1).split("/")[0];
    return document.getElementById(`x-${name}`) || pages.has(name) ? name : "search";
  }

  /** Start pages whose markup has arrived, and show the one that the address names. */
  function settle() {
    for (const [name, entry] of pages) {
      const root = document.getElementById(`x-${name}`);
      if (root?.querySelector(".x") && entry.root === null) {
        entry.root = root;
        try {
          entry.init?.(root);
        } catch (error) {
          fail(error);
        }
      }
    }
    const name = wanted();
    const entry = pages.get(name);
    if (!entry?.root) return;
    if (name !== current) {
      const left = pages.get(current);
      current = name;
      document.body.dataset.page = name;
      for (const link of document.querySelectorAll(".x-nav a")) {
        if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      left?.hide?.();
      entry.show?.();
    }
  }

  window.addEventListener("hashchange", settle);

  // ---- theme: light, dark, or the system's

  const THEMES = ["system", "light", "dark"];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function theme(choice) {
    if (choice) {
      try {
        localStorage.setItem("xmr-theme", choice);
      } catch {
        /* private windows keep nothing */
      }
    }
    let kept = choice;
    try {
      kept ??= localStorage.getItem("xmr-theme");
    } catch {
      /* the same */
    }
    kept = THEMES.includes(kept) ? kept : "system";
    const now = kept === "system" ? (dark.matches ? "dark" : "light") : kept;
    document.documentElement.dataset.theme = now;
    document.body?.classList.toggle("dark", now === "dark");
    for (const button of document.querySelectorAll('[data-do="theme"]')) {
      const name = kept === "system" ? "as the system" : kept;
      button.title = `Theme: ${name}`;
      button.setAttribute("aria-label", `Theme: ${name}. Change it.`);
      button.innerHTML = icon(kept === "system" ? "theme" : now === "dark" ? "moon" : "sun");
    }
    emit("theme", now);
    return kept;
  }

  dark.addEventListener("change", () => theme());
  window.addEventListener("storage", (e) => e.key === "xmr-theme" && theme());

  // ---- start

  on(document, "click", '[data-do="theme"]', () => {
    const kept = theme();
    theme(THEMES[(THEMES.indexOf(kept) + 1) % THEMES.length]);
  });
  // a click elsewhere, or Escape, closes what unfolded
  document.addEventListener("click", (event) => {
    for (const fold of document.querySelectorAll("details.x-pop[open]"))
      if (!fold.contains(event.target) || event.target.closest(".x-menu button")) fold.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const fold = event.key === "Escape" && document.querySelector("details.x-pop[open]");
    if (!fold) return;
    fold.open = false;
    fold.querySelector("summary").focus();
    event.stopImmediatePropagation();
  }, true);
  on(document, "click", ".x-skip", (event) => {
    event.preventDefault();
    const main = document.querySelector(`#x-${current} [data-main]`);
    main?.focus();
    main?.scrollIntoView({ block: "center" });
  });

  let header = false;
  function arrived() {
    if (!header && document.querySelector("#x-head .x-head")) {
      header = true;
      theme();
      emit("header");
    }
    settle();
  }
  theme();
  // Gradio puts the markup into the page some time after this has run
  new MutationObserver(arrived).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", arrived);

  return {
    call, upload, failure, fail, page, go, toast, dialog, confirm, esc, icon, on, make, calm,
    emit, listen, theme,
    get current() { return current; },
  };
})();
