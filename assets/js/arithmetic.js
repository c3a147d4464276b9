// The query of the map: words and items that are added and subtracted.
"use strict";

window.XMRArithmetic = (root, changed) => {
  const { esc, icon, on } = XMR;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const MOST = 40; // terms, as the server takes them
  let terms = []; // as the server takes them, with a `key`
  let serial = 0;
  let seen = ""; // the Search page's query that was last taken

  const nameOf = (term) => term.text ?? term.name ?? term.title ?? "";

  /**
   * `waves at night -boat +music` → signed phrases; a sign counts until the next one.
   * @param {string} typed
   * @returns {{text: string, weight: number}[]}
   */
  function parse(typed) {
    const found = [];
    let weight = 1;
    for (const piece of typed.split(/(?:^|\s)([+\-−])(?=\s*\S)/u)) {
      if (piece === "+") weight = 1;
      else if (piece === "-" || piece === "−") weight = -1;
      else if (piece.trim()) found.push({ text: piece.trim().replace(/^"(.*)"$/su, "$1"), weight });
    }
    return found;
  }

  function draw() {
    XMR.redraw(part("terms"), terms.map((term) => {
      const name = esc(nameOf(term));
      const minus = term.weight < 0;
      return `<li class="x-chip" data-m="${esc(term.modality ?? "text")}" data-key="${term.key}" ${minus ? "data-minus" : ""}>
        <span class="x-chip-face">${icon(term.modality ?? "text")}</span><span class="x-chip-name" title="${name}">${name}</span>
        <button type="button" data-do="sign" aria-pressed="${minus}" aria-label="Subtract ${name}"
          title="${minus ? "Subtracted; add it instead" : "Added; subtract it instead"}">${icon(minus ? "minus" : "plus")}</button>
        <button type="button" data-do="weight" class="x-chip-weight" aria-label="Weight of ${name}: ${Math.abs(term.weight)}"
          title="Weight: click for more, Shift and click for less">×${Math.abs(term.weight)}</button>
        <button type="button" data-do="remove" aria-label="Remove ${name}" title="Remove">${icon("close")}</button></li>`;
    }).join(""));
    for (const name of ["clear", "search"]) root.querySelector(`[data-do="${name}"]`).hidden = !terms.length;
    root.querySelector('[data-do="present"]').hidden = !present();
  }

  function add(term) {
    const same = terms.find((one) => one.kind === "item" && term.kind === "item" && one.library === term.library && one.id === term.id);
    if (same) same.weight = term.weight;
    else if (terms.length < MOST) terms.push({ key: ++serial, ...term });
    draw();
  }

  /** The Search page's query, if it has one that is not on the map already. */
  function present() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem("xmr-search"))?.query?.terms;
    } catch {
      /* nothing usable was kept */
    }
    const plain = (list) => JSON.stringify(list.map(({ key, ...term }) => term));
    return kept?.length && plain(kept) !== plain(terms) ? kept : null;
  }

  function take(list) {
    seen = JSON.stringify(list);
    terms = list.slice(0, MOST).map((term) => ({ key: ++serial, ...term }));
    draw();
    changed();
  }

  const find = (node) => terms.find((term) => String(term.key) === node.closest(".x-chip").dataset.key);
  const WEIGHTS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3];

  on(root, "submit", '[data-part="ask"]', (event, form) => {
    event.preventDefault();
    const field = form.elements.words;
    const list = parse(field.value);
    if (!list.length) return field.focus();
    for (const one of list) add({ kind: "text", ...one });
    field.value = "";
    changed();
  });
  on(root, "click", '.x-map-terms [data-do="sign"]', (_, button) => {
    find(button).weight *= -1;
    draw();
    changed();
  });
  on(root, "click", '.x-map-terms [data-do="weight"]', (event, button) => {
    const term = find(button);
    const size = WEIGHTS.findIndex((one) => one >= Math.abs(term.weight));
    const next = (Math.max(size, 0) + (event.shiftKey ? -1 : 1) + WEIGHTS.length) % WEIGHTS.length;
    term.weight = Math.sign(term.weight || 1) * WEIGHTS[next];
    draw();
    changed();
  });
  on(root, "click", '.x-map-terms [data-do="remove"]', (_, button) => {
    const next = button.closest(".x-chip").nextElementSibling?.dataset.key;
    terms = terms.filter((term) => term !== find(button));
    draw();
    (root.querySelector(`[data-key="${next}"] [data-do="remove"]`) ?? part("ask").elements.words).focus();
    changed();
  });
  on(root, "click", '[data-do="clear"]', () => {
    terms = [];
    draw();
    part("ask").elements.words.focus();
    changed();
  });
  on(root, "click", '[data-do="present"]', () => take(present()));
  on(root, "click", '[data-do="search"]', () => XMR.emit("search-for", { terms: plain() }));

  const plain = () => terms.map(({ key, ...term }) => term);

  return {
    add(term) {
      add(term);
      changed();
    },
    set: take,
    get terms() { return plain(); },
    get keys() { return terms.map((term) => term.key); },
    /** Take the Search page's query over when there is a new one. */
    look() {
      const list = present();
      if (list && JSON.stringify(list) !== seen) take(list);
      else draw();
    },
    draw,
  };
};
