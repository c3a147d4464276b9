// What can be done with a result: by its buttons, in its dialog, by keys.
"use strict";

window.XMRItems = (page) => {
  const { call, dialog, fail, icon, on, toast } = XMR;
  const { part, query } = page;

  const itemOf = (node) => ({
    kind: "item", library: node.dataset.library, id: Number(node.dataset.id),
    title: node.dataset.title, modality: node.dataset.m, src: node.dataset.src,
  });

  const actions = {
    similar(node) {
      query.set([{ ...itemOf(node), weight: 1 }]);
      page.search({ remember: true });
      window.scrollTo({ top: 0, behavior: XMR.calm() ? "auto" : "smooth" });
    },
    like(node) {
      query.add({ ...itemOf(node), weight: 0.5 });
      page.say(`${node.dataset.title} was added to the query.`);
    },
    unlike(node) {
      query.add({ ...itemOf(node), weight: -0.5 });
      page.say(`${node.dataset.title} was subtracted from the query.`);
    },
    good: (node) => page.feedback.good(node),
    bad: (node) => page.feedback.bad(node),
    why(node) {
      if (page.last?.payload.query.terms.length) XMR.why(node.dataset.library, Number(node.dataset.id), page.last.payload.query);
    },
    async keep(node) {
      await XMRKeep.ask([itemOf(node)]);
      if (node.matches(".x-detail")) XMRKeep.fill(node.querySelector(".x-keeps"), itemOf(node));
    },
    select(node) {
      page.chosen.toggle(node);
    },
    open(node) {
      window.open(node.dataset.src, "_blank", "noopener");
    },
    connections(node) {
      XMR.go(`connections/${encodeURIComponent(node.dataset.library)}/${node.dataset.id}`);
    },
    async reveal(node) {
      try {
        await call("item.reveal", { library: node.dataset.library, id: Number(node.dataset.id) });
        toast("info", "Its folder opens in your file manager.");
      } catch (error) {
        fail(error);
      }
    },
    async copy(node) {
      try {
        const { path } = await call("item.path", { library: node.dataset.library, id: Number(node.dataset.id) });
        try {
          await navigator.clipboard.writeText(path);
          toast("info", "The path is copied.", path);
        } catch {
          toast("info", "The path of the file:", path);
        }
      } catch (error) {
        fail(error);
      }
    },
  };

  // what needs no query: for every page that opens an item
  XMR.fileActions = { connections: actions.connections, keep: actions.keep, open: actions.open, reveal: actions.reveal, copy: actions.copy };

  /** The results before and after an item, in the order on the screen. */
  function list() {
    const cards = [...part("results").querySelectorAll(".x-card[data-id]")];
    const at = (library, id) => cards.findIndex((c) => c.dataset.library === library && Number(c.dataset.id) === id);
    const plain = (card) => card && { library: card.dataset.library, id: Number(card.dataset.id), no: Number(card.dataset.no) };
    return {
      before: (library, id) => plain(cards[at(library, id) - 1]),
      after: (library, id) => at(library, id) >= 0 && plain(cards[at(library, id) + 1]),
    };
  }

  function detail(card) {
    XMRDetail.open({ library: card.dataset.library, id: Number(card.dataset.id), no: Number(card.dataset.no), list }, actions);
  }

  /** From a card to its neighbour in a direction, by where they are on the screen. */
  function neighbour(card, key) {
    const here = card.getBoundingClientRect();
    const [x, y] = [here.x + here.width / 2, here.y + Math.min(here.height, 200) / 2];
    let best = null;
    for (const other of part("results").querySelectorAll(".x-card[data-id]")) {
      if (other === card) continue;
      const area = other.getBoundingClientRect();
      const [dx, dy] = [area.x + area.width / 2 - x, area.y + Math.min(area.height, 200) / 2 - y];
      const [along, across] = { ArrowRight: [dx, dy], ArrowLeft: [-dx, dy], ArrowDown: [dy, dx], ArrowUp: [-dy, dx] }[key];
      if (along <= 8) continue;
      const far = along + 3 * Math.abs(across);
      if (!best || far < best.far) best = { other, far };
    }
    if (best) return best.other;
    const all = [...part("results").querySelectorAll(".x-card[data-id]")];
    return { ArrowRight: all[all.indexOf(card) + 1], ArrowLeft: all[all.indexOf(card) - 1] }[key];
  }

  function keys(event) {
    if (XMR.current !== "search" || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (page.stop()) return;
      if (page.chosen.size) {
        page.chosen.clear();
        return;
      }
      if (event.target === query.words && query.words.value) {
        query.words.value = "";
        query.words.dispatchEvent(new Event("input"));
      } else if (document.activeElement?.closest(".x-card")) query.words.focus();
      return;
    }
    if (typing) {
      if (event.key === "ArrowDown" && event.target === query.words && !query.words.value.includes("\n")) {
        const card = part("results").querySelector(".x-card .x-open");
        if (card) event.preventDefault();
        card?.focus();
      }
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      query.words.focus();
      query.words.select();
      return;
    }
    if (event.key === "?") {
      help();
      return;
    }
    const card = event.target.closest(".x-card[data-id]");
    if (!card) return;
    if (event.key.startsWith("Arrow")) {
      const next = neighbour(card, event.key);
      event.preventDefault();
      if (next) {
        next.querySelector(".x-open").focus();
        next.scrollIntoView({ block: "nearest" });
      } else if (event.key === "ArrowUp") query.words.focus();
      return;
    }
    const does = { w: "why", m: "similar", "+": "like", "-": "unlike", l: "good", d: "bad", o: "open", c: "copy", k: "keep", x: "select" }[event.key];
    if (does) {
      event.preventDefault();
      actions[does](card);
    } else if (event.key === "p" && card.querySelector(".x-play")) XMRPlayer.toggle(card);
  }

  function help() {
    const rows = [
      ["/", "to the query box"], ["a cat::2", "words with a weight"], ["-dog", "a word to subtract"], ["Enter", "search; on a result, open it"], ["Esc", "cancel, close, back to the box"],
      ["← ↑ → ↓", "from result to result; inside the dialog, to the next one"], ["p", "play or pause"], ["w", "why it matched"], ["m", "more like this"],
      ["+ −", "add to the query, subtract from it"], ["l d", "this is what I mean; this is not"], ["k", "keep it in a collection"], ["x", "choose it, with others"], ["o", "open the file"], ["c", "copy its path"],
    ];
    dialog(
      `<div class="x-dialog-head"><h2 id="x-help-title">Keys</h2><button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body"><dl class="x-facts">${rows.map(([k, v]) => `<dt><code>${k}</code></dt><dd>${v}</dd>`).join("")}</dl></div>`,
    ).classList.add("x-dialog-small");
  }

  const results = part("results");
  on(results, "click", ".x-card[data-id]", (event, card) => {
    const control = event.target.closest("button, summary, input, a:not(.x-open), video, .x-panel");
    const button = event.target.closest("[data-do]");
    if (button && actions[button.dataset.do]) actions[button.dataset.do](card);
    if (control) return;
    event.preventDefault();
    if (event.target.closest("[data-dragged]") || String(getSelection())) return;
    detail(card);
  });
  on(results, "dragstart", ".x-card[data-id]", (event, card) => {
    event.dataTransfer.setData(query.ITEM, JSON.stringify(itemOf(card)));
    event.dataTransfer.effectAllowed = "copy";
  });
  document.addEventListener("keydown", keys);
};
