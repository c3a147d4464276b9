// Between media: what an item or a file shows in words, and what it is like in another medium.
"use strict";

window.XMRTranslation = (() => {
  const { call, esc, icon, make, on } = XMR;
  const MEDIA = { text: "text", image: "picture", audio: "sound", video: "video", mesh: "3D" };

  /** A button for each medium but one; `now`: the media that are searched in, each of them pressed
   * where it is the only one. */
  const others = (modality, now) => Object.entries(MEDIA).filter(([medium]) => medium !== modality)
    .map(([medium, name]) => {
      const alone = now?.length === 1 && now[0] === medium;
      const what = name === "3D" ? "3D models" : medium === "text" ? "texts" : `${name}s`;
      return `<button type="button" class="x-term" data-into="${medium}" data-m="${medium}"${now ? ` aria-pressed="${alone}"` : ""}
        title="${alone ? "Search in all media again" : `Search for this among ${esc(what)} alone`}">${icon(medium)}${name}</button>`;
    }).join("");

  /** Put what a term shows into a box, asked for once. */
  async function words(box, library, term) {
    box.innerHTML = '<p class="x-quiet" role="status"><span class="x-spin"></span> Looking for words …</p>';
    try {
      box.innerHTML = (await call("translation.words", { library, term })).html;
    } catch (error) {
      box.innerHTML = `<p class="x-quiet">${esc(error.message)} ${esc(error.hint ?? "")}</p>`;
    }
  }

  /** Tags and media start a search. */
  function follow(box, term, before = () => {}) {
    on(box, "click", "[data-say]", (_, button) => {
      before();
      XMR.emit("search-for", { terms: [{ kind: "text", text: button.dataset.say, weight: 1 }], to: [] });
    });
    on(box, "click", "[data-into]", (_, button) => {
      before();
      const back = button.getAttribute("aria-pressed") === "true";
      XMR.emit("search-for", { terms: term(), to: back ? [] : [button.dataset.into] });
    });
  }

  /** The section of an item's dialog. */
  function fill(box, inside) {
    const side = inside.querySelector(".x-side");
    const { library, id, m, title, src } = inside.dataset;
    const term = { kind: "item", library, id: Number(id), title, modality: m, src, weight: 1 };
    const section = make(`<section class="x-inwords">${m === "text" ? "" : '<h3 class="x-quiet">In words</h3><div></div>'}
      <h3 class="x-quiet">The same as</h3><div class="x-terms">${others(m)}</div></section>`);
    side.querySelector(".x-side-actions").after(section);
    follow(section, () => [term], () => box.close());
    if (m !== "text") words(section.querySelector("div"), library, term);
  }

  /** The line above the results: the query in words, or in one medium alone. */
  function offer(place, terms, now = []) {
    document.querySelector(".x-offer")?.remove();
    const plain = terms.map(({ key, share, ...term }) => term);
    if (plain.length !== 1 || plain[0].weight < 0 || plain[0].kind === "collection") return;
    const [term] = plain;
    const modality = term.modality ?? "text";
    const line = make(`<div class="x-offer x-inwords"><div class="x-terms">
      ${modality === "text" ? "" : `<button type="button" class="x-term" data-do="in-words">${icon("text")}What XMR sees in it</button>`}
      <span class="x-quiet">The same as</span>${others(modality, now)}</div><div data-part="in-words"></div></div>`);
    place.before(line);
    follow(line, () => [term]);
    on(line, "click", '[data-do="in-words"]', (_, button) => {
      button.remove();
      words(line.querySelector('[data-part="in-words"]'), XMR.library.chosen[0], term);
    });
  }

  return { fill, offer };
})();
