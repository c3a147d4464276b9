// Several results at once: chosen by their boxes or by x, then kept, tagged or written to a file.
"use strict";

window.XMRSelect = (page) => {
  const { fail, icon, make, on } = XMR;
  const { root, part } = page;
  const results = part("results");
  const chosen = new Map(); // key of a card → {library, id, title}
  let bar = null;

  const cards = () => [...results.querySelectorAll(".x-card[data-id]:not(.x-doc)")];

  function set(card, yes) {
    if (yes) chosen.set(card.dataset.key, { library: card.dataset.library, id: Number(card.dataset.id), title: card.dataset.title });
    else chosen.delete(card.dataset.key);
    sync();
  }

  /** Boxes, bar and what is chosen say the same; what is no longer shown is not chosen. */
  function sync() {
    const there = cards();
    const keys = new Set(there.map((card) => card.dataset.key));
    for (const key of [...chosen.keys()]) if (!keys.has(key)) chosen.delete(key);
    for (const card of there) {
      card.querySelector(".x-select").checked = chosen.has(card.dataset.key);
      card.toggleAttribute("data-chosen", chosen.has(card.dataset.key));
    }
    results.toggleAttribute("data-selecting", chosen.size > 0);
    if (!chosen.size) {
      bar?.remove();
      bar = null;
      return;
    }
    bar ??= root.querySelector(".x-search").appendChild(make(`<div class="x-select-bar" role="toolbar" aria-label="The chosen results">
      <b class="x-num" role="status"></b>
      <button class="x-btn" type="button" data-select="keep">${icon("keep")}Keep …</button>
      <button class="x-btn" type="button" data-select="tag">${icon("tag")}Tag …</button>
      <button class="x-btn" type="button" data-select="out">${icon("minus")}Take out</button>
      <details class="x-pop"><summary class="x-btn" role="button">${icon("copy")}Export</summary><div class="x-panel x-menu">
        <button type="button" data-select="zip">A page with the files</button><button type="button" data-select="csv">A table (CSV)</button>
        <button type="button" data-select="json">Data (JSON)</button></div></details>
      <button class="x-btn x-btn-bare" type="button" data-select="all">All shown</button>
      <button class="x-tool" type="button" data-select="none" aria-label="Choose none" title="Choose none">${icon("close")}</button></div>`));
    bar.querySelector("b").textContent = `${chosen.size.toLocaleString("en")} chosen`;
    bar.querySelector('[data-select="all"]').hidden = chosen.size === there.length;
    bar.querySelector('[data-select="out"]').hidden = !page.last?.payload.query.filters.collection;
  }

  const does = {
    keep: (items) => XMRKeep.ask(items),
    tag: (items) => XMRKeep.tag(items),
    all: () => cards().forEach((card) => set(card, true)),
    none: () => {
      chosen.clear();
      sync();
    },
    async out(items) {
      const name = page.last.payload.query.filters.collection;
      await XMR.call("keep.uncollect", { items: items.map(({ library, id }) => ({ library, id })), name });
      does.none();
      page.search();
    },
  };

  on(root, "click", "[data-select]", async (_, button) => {
    const items = [...chosen.values()];
    const what = button.dataset.select;
    try {
      if (does[what]) await does[what](items);
      else await XMRKeep.take({ items: items.map(({ library, id }) => ({ library, id })), format: what });
    } catch (error) {
      fail(error);
    }
  });
  let last = null; // the box that was pressed last: with Shift, all up to it
  on(results, "click", ".x-select", (event, box) => {
    const all = cards();
    const card = box.closest(".x-card");
    const [from, to] = [all.indexOf(last), all.indexOf(card)];
    const yes = box.checked;
    if (event.shiftKey && from >= 0)
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) set(one, yes);
    else set(card, yes);
    last = card;
  });

  return {
    sync,
    toggle: (card) => set(card, !chosen.has(card.dataset.key)),
    get size() { return chosen.size; },
    clear: does.none,
  };
};
