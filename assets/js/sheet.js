// The sheet of one library, and what goes on with it.
"use strict";

/**
 * @param {Element} root of the page
 * @param {(text: string) => void} say says something to screen readers
 */
XMR.sheet = (root, say) => {
  // what has to wait while a run goes on
  const IDLE = ["update", "add", "move", "remove", "retry", "retry-all", "rename", "delete", "profile"]
    .map((name) => `[data-do="${name}"]`)
    .join(", ");
  const place = root.querySelector(".x-lib-sheet");
  const tell = XMR.runPanel.teller(say);
  const panel = () => place.querySelector(".x-run");
  let asked = 0;
  let dismissed = false; // a run of an earlier server that this tab has put away

  /** Show a library; resolves to the server's answer, or to null where another one came before it. */
  async function show(name, focus) {
    const ticket = ++asked;
    place.setAttribute("aria-busy", "true");
    let answer;
    try {
      answer = await XMR.call("library", { name });
    } catch (error) {
      if (ticket === asked) place.removeAttribute("aria-busy");
      throw error;
    }
    if (ticket !== asked) return null;
    const inside = place.contains(document.activeElement);
    XMR.redraw(place, answer.html);
    place.removeAttribute("aria-busy");
    place.dataset.profile = answer.profile ?? "";
    run(answer.run);
    if (focus || (inside && !place.contains(document.activeElement))) title();
    return answer;
  }

  /** The library's name takes the focus. */
  function title() {
    place.querySelector("h2")?.focus();
  }

  /** Show a run; `null` where there is none. */
  function run(state) {
    if (!panel()) return;
    XMR.runPanel.fill(panel(), state?.state === "unfinished" && dismissed ? null : state);
    const busy = Boolean(state?.active) || state?.state === "elsewhere";
    for (const button of place.querySelectorAll(IDLE)) button.disabled = busy;
    tell(state);
  }

  /** How many items of each medium there are by now. */
  function counts(media) {
    for (const [m, n] of Object.entries(media)) {
      const tile = place.querySelector(`.x-stat[data-m="${m}"]`);
      if (!tile) continue;
      tile.querySelector("b").textContent = n.toLocaleString("en");
      const word = tile.querySelector("[data-one]");
      word.textContent = n === 1 ? word.dataset.one : word.dataset.many;
    }
  }

  /** The next files that could not be read, in the place of the row that offers them. */
  async function more(library, row) {
    const { html } = await XMR.call("library-failures", { library, offset: Number(row.dataset.offset) });
    const list = row.parentElement;
    const at = list.children.length - 1;
    row.remove();
    list.insertAdjacentHTML("beforeend", html);
    list.dataset.unfolded = "";
    list.children[at]?.querySelector("button")?.focus();
  }

  return {
    show, run, counts, more, title,
    /** Forget that a run was put away: there is a new one. */
    begin() {
      dismissed = false;
    },
    dismiss() {
      dismissed = true;
      run(null);
      title();
    },
    /** The run's heading takes the focus. */
    toRun: () => panel()?.querySelector("h3").focus(),
    /** More failures are shown than the sheet begins with; drawing it anew folds them up. */
    get unfolded() { return Boolean(place.querySelector(".x-fails[data-unfolded]")); },
    get ready() { return Boolean(panel()); },
    get profile() { return place.dataset.profile; },
    get ignore() { return place.querySelector('[name="ignore"]')?.value; },
  };
};
