// What lies over the page: dialogs, questions, and what unfolds from a button.
"use strict";

{
  const { esc, icon, make, note, on } = XMR;

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

  /**
   * A dialog with a form.
   * @param {{title: string, body: string, action: string, bad?: boolean, wide?: boolean,
   *   submit: (form: FormData, box: Element) => Promise}} options `submit` may reject with
   *   {message, hint}, which is shown in the dialog; what it resolves to is done once that is closed
   */
  function ask({ title, body, action, bad = false, wide = false, submit }) {
    const box = dialog(
      `<form method="dialog"><div class="x-dialog-head"><h2 id="x-asked">${esc(title)}</h2>
       <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body x-ask-body">${body}<div class="x-ask-problem" role="alert"></div></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
       <button class="x-btn ${bad ? "x-btn-bad" : "x-btn-main"}" type="submit">${esc(action)}</button></div></form>`,
    );
    box.classList.add(wide ? "x-dialog-middle" : "x-dialog-small");
    const form = box.querySelector("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await busy(form.querySelector('[type="submit"]'), async () => {
        problem(box, null);
        try {
          const after = await submit(new FormData(form), box);
          box.close();
          await after?.();
        } catch (error) {
          problem(box, error);
        }
      });
    });
    return box;
  }

  /** Show an error in a dialog, or none. */
  function problem(box, error) {
    const place = box.querySelector(".x-ask-problem");
    // what the dialog says already, beside what it is about, is not said twice
    const said = error && [...box.querySelectorAll('.x-note[data-kind="bad"] strong')]
      .find((one) => one.textContent === error.message && !place.contains(one) && one.checkVisibility());
    place.innerHTML = error && !said ? note("bad", error.message, error.hint) : "";
    if (error) (said ?? place).scrollIntoView({ block: "nearest" });
  }

  /** Do what a button asks for; a second press meanwhile does nothing. */
  async function busy(button, work) {
    // not disabled: that would take the focus from it
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

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

  Object.assign(XMR, { dialog, confirm, ask, problem, busy });
}
