// What came back: cards in a grid or in columns, their number, and notes above them.
"use strict";

window.XMRResults = (page) => {
  const { icon, make } = XMR;
  const { part } = page;
  const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

  function ghosts() {
    const ghost =
      '<div class="x-card x-ghost"><div class="x-face"></div><div class="x-line"></div>' +
      '<div class="x-line" style="width:50%"></div></div>';
    part("results").className = "x-grid";
    part("results").innerHTML = ghost.repeat(8);
    part("found").hidden = part("banner").hidden = part("more").hidden = true;
  }

  function show(answer, columns) {
    const results = part("results");
    const nothing = answer.nothing && answer.shown > 0;
    results.className = columns ? "x-columns" : "x-grid";
    results.classList.toggle("x-nothing", nothing);
    // a card that is found again stays the same one, with its picture and what is pressed in it
    XMR.redraw(results, answer.groups.map((group) =>
      group.modality === null ? group.cards.join("") : column(group)).join(""));
    XMRPlayer.ready(results);
    part("found").hidden = false;
    part("title").textContent = answer.label;
    part("title").title = answer.label;
    document.title = `${answer.label.slice(0, 60)} · XMR`;
    count(answer);
    part("more").hidden = !answer.groups.some((group) => group.more);
    banner(answer, nothing);
    for (const field of answer.unknown ?? [])
      XMR.toast("info", `There is no field “${field}”.`, `It was looked for as a word. Fields are ${answer.fields}.`);
  }

  function column(group) {
    return `<div class="x-column${group.nothing ? " x-nothing" : ""}" data-m="${group.modality}">
      <h3>${icon(group.modality)}${page.choices.NAMES[group.modality]}
      <small>${group.nothing && group.cards.length ? "nothing likely" : ""}</small></h3>
      ${group.cards.join("") || '<p class="x-quiet">None.</p>'}</div>`;
  }

  /** Add the next page below what is there; its first card. */
  function append(answer) {
    let first = null;
    for (const group of answer.groups) {
      const place = group.modality === null ? part("results")
        : part("results").querySelector(`.x-column[data-m="${group.modality}"]`);
      const fresh = make(`<div>${group.cards.join("")}</div>`);
      first ??= fresh.firstElementChild;
      place?.append(...fresh.children);
    }
    XMRPlayer.ready(part("results"));
    part("more").hidden = !answer.groups.some((group) => group.more);
    count({ ...answer, nothing: false });
    return first;
  }

  function count(answer) {
    const shown = part("results").querySelectorAll(".x-card").length;
    const text =
      shown === 0
        ? "no results"
        : `${shown.toLocaleString("en")} of ${answer.cut ? "the best " : ""}${plural(answer.total, answer.what ?? "item")} · ${answer.seconds < 0.01 ? "under 0.01" : answer.seconds.toFixed(2)} s`;
    part("count").textContent = text;
    page.say(shown === 0 ? `No results for ${answer.label}.` : `${shown} of ${plural(answer.total, "result")} shown for ${answer.label}.${answer.nothing ? " Probably nothing here matches." : ""}`);
  }

  function note(kind, title, text, extra = "") {
    part("banner").innerHTML = XMR.note(kind, title, text, extra);
    part("banner").hidden = false;
  }

  function banner(answer, nothing) {
    part("banner").hidden = true;
    if (answer.shown === 0) {
      const narrowed = page.choices.narrowing().length > 0;
      note("info", "Nothing to show.", narrowed
        ? "No item passes the filters. Clear them, or search in another library."
        : page.choices.number()
          ? "No item holds the words that have to be there: those in quotes, or after spoken:, written:, name: and the like. "
            + "What is written and said in media is known where they were read for it: Words inside, on the Library page."
          : "These libraries hold no such media yet. Add a folder on the Library page.",
        narrowed ? '<button class="x-btn" type="button" data-do="clear-filters">Clear the filters</button>' : "");
    } else if (nothing) {
      // a picture is taken for a sound, say, far more surely with a word for what it shows
      const wordless = !page.query.terms.some((term) => term.kind === "text" && term.weight > 0);
      note("info", "Probably nothing here matches.",
        "These come nearest, but no better than a query about something else would get. "
          + (wordless ? "Add a word for what you look for, such as dog or bell: both together find more." : "Try other words, or add an example."));
    }
  }

  /** An error in the place of results. */
  function broken(error) {
    part("results").replaceChildren();
    part("found").hidden = part("more").hidden = true;
    note("bad", error.message, error.hint,
      '<button class="x-btn" type="button" data-do="retry">Try again</button> ' +
      '<a class="x-btn" href="#library">To the Library page</a>');
    page.say(`${error.message} ${error.hint}`);
  }

  function clear() {
    XMRPlayer.stop();
    part("results").replaceChildren();
    part("found").hidden = part("banner").hidden = part("more").hidden = true;
  }

  return { show, append, ghosts, note, broken, clear };
};
