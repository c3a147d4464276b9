// Notices: in the page, and as toasts that come and go above it.
"use strict";

{
  const { esc, icon, make } = XMR;

  /** A coloured box that tells something; `extra` is HTML below it. */
  function note(kind, message, hint = "", extra = "") {
    return `<div class="x-note" data-kind="${esc(kind)}">${icon(kind === "info" ? "info" : "warn")}<div>
      <strong>${esc(message)}</strong>${hint ? `<p>${esc(hint)}</p>` : ""}${extra}</div></div>`;
  }

  let toasts;

  /** `action`: {label, does} of a button in it. */
  function toast(kind, message, hint = "", action = null) {
    toasts ??= document.body.appendChild(
      make('<div class="x x-toasts" role="region" aria-label="Messages" aria-live="polite"></div>'),
    );
    const same = [...toasts.children].find((one) => one.dataset.text === message + hint);
    same?.remove();
    const told = make(note(kind, message, hint));
    told.setAttribute("role", kind === "bad" ? "alert" : "status");
    told.append(make(`<button class="x-tool" type="button" aria-label="Dismiss">${icon("close")}</button>`));
    told.dataset.text = message + hint;
    told.lastElementChild.onclick = () => told.remove();
    if (action) {
      const button = make(`<button class="x-btn" type="button">${esc(action.label)}</button>`);
      button.onclick = () => {
        told.remove();
        action.does();
      };
      told.lastElementChild.before(button);
    }
    // a popover, so that it lies above an open dialog
    if (toasts.showPopover) {
      toasts.popover = "manual";
      if (toasts.matches(":popover-open")) toasts.hidePopover();
      toasts.showPopover();
    }
    toasts.append(told);
    while (toasts.children.length > 4) toasts.firstElementChild.remove();
    setTimeout(() => told.remove(), kind === "bad" ? 20000 : action ? 12000 : 6000);
    return told;
  }

  /** Show an error of a call, unless it was a cancellation. */
  function fail(error) {
    if (error?.name === "AbortError") return;
    if (error?.hint === undefined) {
      console.error(error);
      toast("bad", "The page met an unexpected error.", String(error?.message ?? error));
    } else toast("bad", error.message, error.hint);
  }

  Object.assign(XMR, { note, toast, fail });
}
