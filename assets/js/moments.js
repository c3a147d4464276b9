// Where inside a sound, a video or a text the query is answered: strips on cards, a field in the dialog.
"use strict";

window.XMRMoments = (() => {
  const { call, esc, fail, make, on } = XMR;
  const TIMED = '.x-card:is([data-m="audio"], [data-m="video"])';
  const FEW = 5; // parts from which on a strip tells more than the found place
  const BEST = 6; // places that a search inside an item lists
  let asked = null; // the query that the strips are of
  let watching = null;

  /** Draw strips on the cards below a root as they come into sight. */
  function strips(root, query) {
    const key = JSON.stringify(query);
    if (asked?.key !== key) for (const old of root.querySelectorAll(".x-times")) old.remove();
    asked = { key, query };
    watching ??= new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        watching.unobserve(target);
        draw(target);
      }
    }, { rootMargin: "200px" });
    for (const card of root.querySelectorAll(TIMED))
      if (!card.querySelector(".x-times")) watching.observe(card);
  }

  async function draw(card) {
    const mine = asked;
    let told;
    try {
      told = await call("moments", { library: card.dataset.library, id: Number(card.dataset.id), query: mine.query });
    } catch {
      return; // the card says where the match is best all the same
    }
    if (mine !== asked || !card.isConnected || told.moments.length < FEW) return;
    card.querySelector(".x-times")?.remove();
    const bars = told.moments.map(({ at, end, strength, label }) => {
      const left = (100 * at) / told.long, width = Math.max(0.8, (100 * (end - at)) / told.long);
      return `<i style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%;height:${Math.round(10 + 90 * strength)}%" title="${esc(label)} · ${Math.round(100 * strength)}%" data-at="${at}"></i>`;
    });
    // the same places can be had by keyboard in the item's dialog
    card.querySelector(".x-face").after(make(`<div class="x-times" aria-hidden="true">${bars.join("")}</div>`));
  }

  on(document, "click", ".x-times", (event, strip) => {
    event.stopPropagation();
    const bar = event.target.closest("[data-at]") ?? nearest(strip, event.clientX);
    if (bar) XMRPlayer.from(strip.closest(".x-card"), Number(bar.dataset.at));
  });

  function nearest(strip, x) {
    const off = (bar) => {
      const area = bar.getBoundingClientRect();
      return Math.abs(area.left + area.width / 2 - x);
    };
    return [...strip.children].sort((a, b) => off(a) - off(b))[0];
  }

  /** The field of a dialog that finds a place inside its item. */
  function field(box, inside) {
    const form = box.querySelector('[data-form="inside"]');
    const place = box.querySelector('[data-part="inside"]');
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const words = form.words.value.trim();
      if (!words) return place.replaceChildren();
      const { library, id } = inside.dataset;
      const query = { terms: [{ kind: "text", text: words, weight: 1 }], libraries: [library] };
      place.setAttribute("aria-busy", "true");
      try {
        const { moments } = await call("moments", { library, id: Number(id), query });
        const best = moments.sort((a, b) => b.strength - a.strength).slice(0, BEST);
        place.innerHTML = best.map((moment) => button(moment, inside.dataset.m)).join("");
      } catch (error) {
        fail(error);
      } finally {
        place.removeAttribute("aria-busy");
      }
    });
    on(box, "click", '[data-do="passage"]', (_, pressed) => {
      const there = box.querySelector(`.x-reading [data-no="${pressed.dataset.no}"]`);
      if (!there) return;
      for (const old of box.querySelectorAll(".x-reading [data-found]")) old.removeAttribute("data-found");
      there.setAttribute("data-found", "");
      there.scrollIntoView({ block: "center", behavior: "smooth" });
    });
  }

  function button({ no, at, label, strength }, medium) {
    const where = medium === "text" ? `data-do="passage" data-no="${no}"` : `data-do="seek" data-at="${at}"`;
    return `<button type="button" ${where}>${esc(label)} <small>${Math.round(100 * strength)}%</small></button>`;
  }

  return { strips, field };
})();
