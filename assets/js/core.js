// What all scripts share: HTML, events between pages, calls to the server.
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

  /**
   * A text that can be cut by the server's numbers, (from, to) → text: they count whole characters, of
   * which JavaScript takes some, such as most emoji, for two.
   */
  function cutter(text) {
    const characters = Array.from(text);
    return (from, to) => characters.slice(from, to).join("");
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  return { esc, icon, listen, emit, failure, call, upload, on, make, cutter, calm };
})();
