// Among results, files that are the same lie behind the first of them: "+2 copies" unfolds them.
// Only what was found by looking for near-duplicates is known; other near-duplicates stay as they are.
"use strict";

{
  const { call, make, on } = XMR;
  const copies = new Map(); // "library/id" → the ids of the same file, or an empty list
  const open = new Set(); // cards whose copies are shown
  const key = (card) => `${card.dataset.library}/${card.dataset.id}`;
  let timer;

  /** Ask about cards that nothing is known of yet. */
  async function learn(cards) {
    const wanted = new Map();
    for (const card of cards) {
      if (copies.has(key(card))) continue;
      copies.set(key(card), []);
      wanted.set(card.dataset.library, [...(wanted.get(card.dataset.library) ?? []), Number(card.dataset.id)]);
    }
    for (const [library, ids] of wanted) {
      try {
        const told = await call("duplicates-copies", { library, ids });
        for (const [id, others] of Object.entries(told.copies)) copies.set(`${library}/${id}`, others);
      } catch {
        // without an answer nothing is folded
      }
    }
  }

  function fold(results) {
    const lists = [...results.querySelectorAll(".x-column")];
    for (const list of lists.length ? lists : [results]) {
      const behind = new Map(); // "library/id" of a copy → the card it lies behind
      for (const card of list.querySelectorAll(".x-card[data-id]")) {
        const first = behind.get(key(card));
        const hide = Boolean(first) && !open.has(key(first));
        if (card.hidden !== hide) card.hidden = hide;
        if (first) {
          first.copies = (first.copies ?? 0) + 1;
          continue;
        }
        card.copies = 0;
        for (const id of copies.get(key(card)) ?? []) behind.set(`${card.dataset.library}/${id}`, card);
      }
      for (const card of list.querySelectorAll(".x-card[data-id]")) {
        const count = behind.has(key(card)) ? 0 : card.copies ?? 0;
        const chip = card.querySelector(".x-dup-chip");
        if (!count) chip?.remove();
        else {
          const words = `${open.has(key(card)) ? "−" : "+"} ${count} ${count === 1 ? "copy" : "copies"}`;
          const now = chip ?? card.appendChild(make('<button class="x-dup-chip" type="button" data-do="copies"></button>'));
          if (now.textContent !== words) now.textContent = words;
          const shown = String(open.has(key(card)));
          if (now.getAttribute("aria-expanded") !== shown) now.setAttribute("aria-expanded", shown);
          now.title = "Files that are the same, byte for byte";
        }
      }
    }
  }

  function begin(results) {
    const look = async () => {
      await learn(results.querySelectorAll(".x-card[data-id]"));
      fold(results);
    };
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(look, 60);
    }).observe(results, { childList: true, subtree: true });
    on(results, "click", ".x-dup-chip", (event, chip) => {
      event.stopPropagation();
      const card = chip.closest(".x-card");
      if (!open.delete(key(card))) open.add(key(card));
      fold(results);
    });
    XMR.listen("jobs-changed", () => copies.clear());
  }

  XMR.listen("header", () => {
    const wait = setInterval(() => {
      const results = document.querySelector('#x-search [data-part="results"]');
      if (!results) return;
      clearInterval(wait);
      begin(results);
    }, 200);
  });
}
