// The Search page: what is asked, what came back, and what can be done with it.
"use strict";

XMR.page("search", (() => {
  const { call, emit, listen, esc, icon, on, make, toast, fail, dialog } = XMR;
  const MEDIA = ["text", "image", "audio", "video", "mesh"];
  const NAMES = { text: "Texts", image: "Pictures", audio: "Sounds", video: "Videos", mesh: "3D models" };
  const KEPT = "xmr-search";
  let root, query, part;
  let to = new Set(MEDIA); // media to find
  let columns = false;
  let running = null; // {stop, slow}
  let last = null; // the payload that is on the screen, and how far it is shown
  let ready = new Set(); // libraries whose encoders are read
  let examples = null;
  let later = 0;

  const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

  // ---- asking

  function filters() {
    const fields = part("filters-panel").querySelectorAll("input[name], select[name]");
    const values = {};
    for (const field of fields)
      values[field.name] = field.type === "checkbox" ? field.checked : field.value.trim();
    return values;
  }

  function stated() {
    const { k, corrected, ...chosen } = filters();
    return {
      terms: query.terms,
      libraries: XMR.library.chosen,
      to: to.size === MEDIA.length ? [] : [...to],
      corrected,
      filters: chosen,
    };
  }

  /** Search now; `remember` for what the user asked for with a key or a button. */
  async function search({ remember = false } = {}) {
    clearTimeout(later);
    if (query.busy) return; // it starts by itself once the file is here
    if (query.empty) {
      clear();
      return;
    }
    if (!XMR.library.chosen.length) {
      toast("warn", "No library is chosen.", "Choose one beside the query box, or build the demo.");
      return;
    }
    const payload = { query: stated(), k: Number(filters().k), columns, remember };
    if (columns) payload.k = Math.max(4, Math.round(payload.k / 3));
    running?.stop.abort();
    const mine = (running = { stop: new AbortController() });
    begin(mine);
    try {
      const answer = await call("search", payload, { signal: mine.stop.signal });
      if (running !== mine) return;
      last = { payload, offset: payload.k, answer };
      for (const name of payload.query.libraries) ready.add(name);
      show(answer);
      keep();
    } catch (error) {
      if (running !== mine) return;
      if (error.name === "AbortError") stopped();
      else broken(error);
    } finally {
      if (running === mine) {
        running = null;
        end(mine);
      }
    }
  }

  /** Search again a moment after something changed, if there was a search. */
  function again() {
    if (!last && !running) return;
    clearTimeout(later);
    later = setTimeout(() => search(), 220);
  }

  function begin(mine) {
    XMRPlayer.stop();
    root.querySelector(".x-search").dataset.searched = "";
    part("start").hidden = true;
    part("results").setAttribute("aria-busy", "true");
    mine.ghosts = setTimeout(() => {
      if (part("results").querySelector(".x-card:not(.x-ghost)")) part("results").classList.add("x-refresh");
      else ghosts();
    }, 180);
    mine.slow = setTimeout(() => wait(mine), 700);
  }

  function end(mine) {
    clearTimeout(mine.ghosts);
    clearTimeout(mine.slow);
    part("wait").hidden = true;
    part("results").classList.remove("x-refresh");
    part("results").removeAttribute("aria-busy");
  }

  /** Say what takes so long. */
  async function wait(mine) {
    let text = "Searching …";
    const libraries = XMR.library.chosen;
    if (!libraries.every((name) => ready.has(name))) {
      try {
        const told = await call("search.status", { libraries });
        if (told.download)
          text = `Fetching the weights of this library’s profile first: ${Math.round(told.download / 1e6)} MB …`;
        else if (!told.ready) text = "Reading the encoders; only the first search waits for this …";
      } catch {
        /* the search itself will tell */
      }
    }
    if (running !== mine) return;
    part("wait").hidden = false;
    part("wait-text").textContent = text;
    say(text);
  }

  function ghosts() {
    const ghost =
      '<div class="x-card x-ghost"><div class="x-face"></div><div class="x-line"></div>' +
      '<div class="x-line" style="width:50%"></div></div>';
    part("results").className = "x-grid";
    part("results").innerHTML = ghost.repeat(8);
    part("found").hidden = part("banner").hidden = part("more").hidden = true;
  }

  // ---- showing

  function show(answer) {
    const results = part("results");
    const nothing = answer.nothing && answer.shown > 0;
    results.className = columns ? "x-columns" : "x-grid";
    results.classList.toggle("x-nothing", nothing);
    results.replaceChildren();
    for (const group of answer.groups) {
      if (group.modality === null) results.innerHTML = group.cards.join("");
      else results.append(column(group));
    }
    XMRPlayer.ready(results);
    part("found").hidden = false;
    part("title").textContent = answer.label;
    part("title").title = answer.label;
    document.title = `${answer.label.slice(0, 60)} · XMR`;
    count(answer);
    part("more").hidden = !answer.groups.some((group) => group.more);
    banner(answer, nothing);
  }

  function column(group) {
    const node = make(
      `<div class="x-column" data-m="${group.modality}"><h3>${icon(group.modality)}${NAMES[group.modality]}
        <small>${group.nothing && group.cards.length ? "nothing likely" : ""}</small></h3></div>`,
    );
    node.classList.toggle("x-nothing", group.nothing);
    node.insertAdjacentHTML("beforeend", group.cards.join("") || '<p class="x-quiet">None.</p>');
    return node;
  }

  function count(answer) {
    const shown = part("results").querySelectorAll(".x-card").length;
    const text =
      shown === 0
        ? "no results"
        : `${shown.toLocaleString("en")} of ${plural(answer.total, "item")} · ${answer.seconds.toFixed(2)} s`;
    part("count").textContent = text;
    say(shown === 0 ? `No results for ${answer.label}.` : `${shown} of ${plural(answer.total, "result")} shown for ${answer.label}.${answer.nothing ? " Probably nothing here matches." : ""}`);
  }

  function note(kind, title, text, extra = "") {
    part("banner").innerHTML =
      `<div class="x-note" data-kind="${kind}">${icon(kind === "info" ? "info" : "warn")}
       <div><strong>${esc(title)}</strong><p>${esc(text)}</p>${extra}</div></div>`;
    part("banner").hidden = false;
  }

  function banner(answer, nothing) {
    part("banner").hidden = true;
    if (answer.shown === 0) {
      const narrowed = Object.entries(filters()).some(([name, value]) => value && !["k", "corrected"].includes(name));
      note("info", "Nothing to show.",
        narrowed ? "No item passes the filters. Clear them, or search in another library."
          : "These libraries hold no such media yet. Add a folder on the Library page.",
        narrowed ? '<button class="x-btn" type="button" data-do="clear-filters">Clear the filters</button>' : "");
    } else if (nothing) {
      note("info", "Probably nothing here matches.",
        "These come nearest, but no better than a query about something else would get. Try other words, or add an example.");
    }
  }

  function broken(error) {
    if (error.hint === undefined) {
      fail(error);
      error = { message: "The page met an unexpected error.", hint: "Load it again." };
    }
    part("results").replaceChildren();
    part("found").hidden = part("more").hidden = true;
    note("bad", error.message, error.hint,
      '<button class="x-btn" type="button" data-do="retry">Try again</button>');
    say(`${error.message} ${error.hint}`);
    last = null;
  }

  function stopped() {
    for (const ghost of part("results").querySelectorAll(".x-ghost")) ghost.remove();
    if (!last) clear();
    say("The search was cancelled.");
  }

  const say = (text) => (part("said").textContent = text);

  async function more() {
    if (!last || running) return;
    const { payload } = last;
    const mine = (running = { stop: new AbortController() });
    const button = root.querySelector('[data-do="more"]');
    button.disabled = true;
    try {
      const answer = await call("search", { ...payload, offset: last.offset, remember: false }, { signal: mine.stop.signal });
      if (running !== mine) return;
      last.offset += payload.k;
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
      count({ ...last.answer, nothing: false });
      first?.querySelector(".x-open")?.focus({ preventScroll: true });
    } catch (error) {
      fail(error);
    } finally {
      if (running === mine) running = null;
      button.disabled = false;
    }
  }

  /** Back to the beginning. */
  function clear() {
    running?.stop.abort();
    last = null;
    XMRPlayer.stop();
    sessionStorage.removeItem(KEPT);
    document.title = "XMR";
    delete root.querySelector(".x-search").dataset.searched;
    part("results").replaceChildren();
    part("found").hidden = part("banner").hidden = part("more").hidden = true;
    part("start").hidden = false;
    start();
  }

  // ---- before the first query

  async function start() {
    const place = part("start");
    if (!XMR.library.loaded) return;
    const { all, chosen } = XMR.library;
    const mine = all.filter((one) => chosen.includes(one.name));
    const broken = mine.find((one) => one.error) ?? (mine.length ? null : all.find((one) => one.error));
    if (broken) {
      note("bad", broken.error.message, broken.error.hint, '<a class="x-btn" href="#library">To the Library page</a>');
      place.replaceChildren();
      return;
    }
    part("banner").hidden = true;
    if (!mine.some((one) => one.total)) {
      place.innerHTML = empty();
      build();
      return;
    }
    const names = chosen.join("\n");
    if (examples?.names !== names) {
      examples = { names, list: [] };
      try {
        examples.list = (await call("search.examples", { libraries: chosen })).examples;
      } catch {
        /* the page works without */
      }
      if (examples.names !== names || last || running) return;
    }
    place.innerHTML = examples.list.length
      ? `<div class="x-try"><h2>Try one of these</h2><div class="x-try-row">${examples.list.map(example).join("")}</div></div>`
      : "";
  }

  function example(term, index) {
    if (term.kind === "text")
      return `<button class="x-example" type="button" data-do="example" data-no="${index}">${icon("search")}${esc(term.text)}</button>`;
    const kind = { text: "Text", image: "Picture", audio: "Sound", video: "Video", mesh: "3D model" }[term.modality];
    return `<button class="x-example x-example-media" type="button" data-do="example" data-no="${index}" data-m="${esc(term.modality)}">
      <span class="x-chip-face"><img src="${esc(term.src.replace("?", "/thumb?"))}" alt=""></span>
      <span><small>${kind}</small><b>${esc(term.title)}</b></span></button>`;
  }

  function empty() {
    const { all, chosen } = XMR.library;
    const demo = all.some((one) => one.name === "demo" && one.total);
    const title = !all.length ? "There is no library yet"
      : chosen.length === 1 ? `${esc(chosen[0])} holds nothing yet` : "Nothing is indexed yet";
    return `<div class="x-empty"><h2>${title}</h2>
      <p>A library holds folders of yours, so that they can be searched. Begin with one of your own, or with the demo: some three hundred pictures, sounds, videos, 3D models and texts, made on this machine.</p>
      <div class="x-empty-row" data-part="build">${demo
        ? `<button class="x-btn x-btn-main" type="button" data-do="to-demo">${icon("shelf")}Search the demo</button>`
        : `<button class="x-btn x-btn-main" type="button" data-do="demo">${icon("sparkle")}Build the demo</button>`}
      <a class="x-btn" href="#library">${icon("folder")}Add a folder</a></div></div>`;
  }

  /** The demo's build, in the place of its button. */
  function build() {
    const place = part("start").querySelector('[data-part="build"]');
    const job = XMR.jobs.now.find((one) => one.library === "demo" && one.active);
    if (!place || !job) return;
    const share = job.share === null ? "data-unknown" : "";
    if (!place.querySelector(".x-progress"))
      place.innerHTML = `<div class="x-building"><div class="x-progress" role="progressbar" aria-label="Building the demo"
        aria-valuemin="0" aria-valuemax="100"><i></i></div><p></p></div>`;
    const bar = place.querySelector(".x-progress");
    bar.toggleAttribute("data-unknown", share !== "");
    bar.setAttribute("aria-valuenow", Math.round(100 * (job.share ?? 0)));
    bar.firstElementChild.style.width = job.share === null ? "" : `${100 * job.share}%`;
    place.querySelector("p").textContent = job.line;
  }

  // ---- libraries, counts, filters, searches

  function libraries() {
    const { all, chosen } = XMR.library;
    part("libraries-text").textContent =
      chosen.length === 1 ? chosen[0] : chosen.length ? `${chosen.length} libraries` : "Library";
    const html = all.length
      ? `<h3>Search in</h3>${all.map((one) =>
          `<label class="x-check x-choice"><input type="checkbox" value="${esc(one.name)}"
            ${chosen.includes(one.name) ? "checked" : ""} ${one.error ? "disabled" : ""}>
            <span>${esc(one.name)}</span><small class="x-num">${one.error ? "cannot be opened" : plural(one.total, "item")}</small></label>`).join("")}
        <p><a href="#library">Add folders on the Library page</a></p>`
      : '<p>There is no library yet. <a href="#library">Make one.</a></p>';
    const panel = part("libraries-panel");
    if (panel.shown !== html) panel.innerHTML = panel.shown = html; // what has the focus stays
    const counts = {};
    for (const one of all.filter((l) => chosen.includes(l.name)))
      for (const [m, number] of Object.entries(one.counts)) counts[m] = (counts[m] ?? 0) + number;
    for (const button of root.querySelectorAll(".x-target")) {
      const number = (counts[button.dataset.m] ?? 0).toLocaleString("en");
      button.querySelector(".x-num").textContent = number;
      button.setAttribute("aria-label", `${NAMES[button.dataset.m]}, ${number}`);
    }
    if (!last && !running) start();
    warm();
  }

  /** Let the server read the encoders while the user types. */
  function warm() {
    const names = XMR.library.chosen.filter((name) => !ready.has(name));
    if (!names.length) return;
    call("search.warm", { libraries: names })
      .then(() => names.forEach((name) => ready.add(name)))
      .catch(() => {}); // a search says it better
  }

  function targets() {
    for (const button of root.querySelectorAll(".x-target"))
      button.setAttribute("aria-pressed", to.has(button.dataset.m));
  }

  function count_filters() {
    const used = Object.entries(filters()).filter(
      ([name, value]) => value && !["k", "corrected"].includes(name)).length;
    part("filters-text").textContent = used ? `Filters (${used})` : "Filters";
  }

  async function known_folders() {
    try {
      const { folders } = await call("search.folders", { libraries: XMR.library.chosen });
      root.querySelector("#x-known-folders").innerHTML = folders.map((f) => `<option value="${esc(f)}">`).join("");
    } catch {
      /* the field takes any path */
    }
  }

  async function earlier() {
    const panel = part("searches-panel");
    let told;
    try {
      told = await call("searches");
    } catch (error) {
      fail(error);
      return;
    }
    const entry = (one) => `<li><button type="button" data-do="recall" title="${esc(one.name)}">${icon(one.modality)}<span>${esc(one.name)}</span></button>
      <button class="x-tool" type="button" data-do="forget" aria-label="Forget ${esc(one.name)}" title="Forget">${icon("close")}</button></li>`;
    const list = (title, entries, none) =>
      `<h3>${title}</h3>` + (entries.length ? `<ul class="x-saved-list">${entries.map(entry).join("")}</ul>` : `<p class="x-quiet">${none}</p>`);
    panel.innerHTML = list("Saved", told.saved, "Save a search with the star above its results.") +
      list("Earlier", told.history, "What you search for is kept here, on this machine.");
    const all = [...told.saved, ...told.history];
    panel.querySelectorAll("li").forEach((node, index) => {
      node.querySelector('[data-do="recall"]').onclick = () => recall(all[index].query);
      node.querySelector('[data-do="forget"]').onclick = async () => {
        try {
          await call("searches.forget", { library: all[index].library, id: all[index].id });
          await earlier();
        } catch (error) {
          fail(error);
        }
      };
    });
  }

  /** Put a kept query back and run it. */
  function recall(kept, run = true) {
    query.set(kept.terms ?? []);
    to = new Set(kept.to?.length ? kept.to : MEDIA);
    targets();
    const names = (kept.libraries ?? []).filter((name) => XMR.library.all.some((one) => one.name === name));
    if (names.length) XMR.library.choose(names);
    for (const field of part("filters-panel").querySelectorAll("input[name]")) {
      if (field.name === "corrected") field.checked = kept.corrected !== false;
      else field.value = kept.filters?.[field.name] ?? "";
    }
    count_filters();
    part("searches").open = false;
    if (run) search({ remember: true });
  }

  function save() {
    if (!last) return;
    const box = dialog(
      `<form><div class="x-dialog-head"><h2 id="x-save-title">Save this search</h2>
        <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body"><label class="x-field">Name<input type="text" name="name" maxlength="120" required value="${esc(last.answer.label.slice(0, 120))}"></label></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
       <button class="x-btn x-btn-main" type="submit">Save</button></div></form>`);
    box.classList.add("x-dialog-small");
    box.querySelector("input").select();
    box.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await call("searches.save", { name: box.querySelector("input").value, query: last.payload.query });
        box.close();
        toast("info", "Saved.", "You find it under Searches.");
      } catch (error) {
        fail(error);
      }
    });
  }

  /** The tab's query, so that loading the page again does not lose it. */
  function keep() {
    sessionStorage.setItem(KEPT, JSON.stringify({ query: last.payload.query, columns }));
  }

  function restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      /* nothing usable was kept */
    }
    if (!kept?.query) return;
    if (kept.columns) layout("columns", false);
    recall(kept.query, false);
    search();
  }

  function layout(name, run = true) {
    columns = name === "columns";
    for (const button of root.querySelectorAll('[data-do="layout"]'))
      button.setAttribute("aria-pressed", button.dataset.layout === name);
    if (run) again();
  }

  // ---- items

  const itemOf = (node) => ({
    kind: "item", library: node.dataset.library, id: Number(node.dataset.id),
    title: node.dataset.title, modality: node.dataset.m, src: node.dataset.src,
  });

  const actions = {
    similar(node) {
      query.set([{ ...itemOf(node), weight: 1 }]);
      search({ remember: true });
      window.scrollTo({ top: 0, behavior: XMR.calm() ? "auto" : "smooth" });
    },
    like(node) {
      query.add({ ...itemOf(node), weight: 0.5 });
      say(`${node.dataset.title} was added to the query.`);
    },
    unlike(node) {
      query.add({ ...itemOf(node), weight: -0.5 });
      say(`${node.dataset.title} was subtracted from the query.`);
    },
    open(node) {
      window.open(node.dataset.src, "_blank", "noopener");
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
      if (running) running.stop.abort();
      else if (event.target === query.words && query.words.value) {
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
    const does = { m: "similar", "+": "like", "-": "unlike", o: "open", c: "copy" }[event.key];
    if (does) {
      event.preventDefault();
      actions[does](card);
    } else if (event.key === "p" && card.querySelector(".x-play")) XMRPlayer.toggle(card);
  }

  function help() {
    const rows = [
      ["/", "to the query box"], ["Enter", "search; on a result, open it"], ["Esc", "cancel, close, back to the box"],
      ["← ↑ → ↓", "from result to result; inside the dialog, to the next one"], ["p", "play or pause"], ["m", "more like this"],
      ["+ −", "add to the query, subtract from it"], ["o", "open the file"], ["c", "copy its path"],
    ];
    dialog(
      `<div class="x-dialog-head"><h2 id="x-help-title">Keys</h2><button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body"><dl class="x-facts">${rows.map(([k, v]) => `<dt><code>${k}</code></dt><dd>${v}</dd>`).join("")}</dl></div>`,
    ).classList.add("x-dialog-small");
  }

  // ---- start

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    query = XMRQuery(root, (what) => (what === "terms" ? (query.empty ? clear() : again()) : search({ remember: true })));

    on(root, "click", '[data-do="target"]', (_, button) => {
      const m = button.dataset.m;
      if (to.size === MEDIA.length) to = new Set([m]);
      else if (to.has(m)) to.delete(m);
      else to.add(m);
      if (!to.size) to = new Set(MEDIA);
      targets();
      again();
    });
    on(root, "click", '[data-do="layout"]', (_, button) => layout(button.dataset.layout));
    on(root, "click", '[data-do="more"]', more);
    on(root, "click", '[data-do="stop"]', () => running?.stop.abort());
    on(root, "click", '[data-do="retry"]', () => search());
    on(root, "click", '[data-do="save"]', save);
    on(root, "click", '[data-do="example"]', (_, button) => {
      query.set([examples.list[Number(button.dataset.no)]]);
      search({ remember: true });
    });
    on(root, "click", '[data-do="to-demo"]', () => XMR.library.choose(["demo"]));
    on(root, "click", '[data-do="demo"]', async (_, button) => {
      button.disabled = true;
      try {
        await call("demo.build");
        emit("jobs-changed");
      } catch (error) {
        button.disabled = false;
        fail(error);
      }
    });
    on(root, "click", '[data-do="clear-filters"]', () => {
      for (const field of part("filters-panel").querySelectorAll("input[name]"))
        if (field.name !== "corrected") field.value = "";
      count_filters();
      again();
    });
    on(part("filters-panel"), "change", "input, select", () => {
      count_filters();
      again();
    });
    on(part("filters-panel"), "keydown", "input", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      count_filters();
      part("filters").open = false;
      search();
    });
    on(part("libraries-panel"), "change", "input", () => {
      part("libraries-panel").shown = null;
      const names = [...part("libraries-panel").querySelectorAll("input:checked")].map((one) => one.value);
      XMR.library.choose(names);
      again();
    });
    part("filters").addEventListener("toggle", () => part("filters").open && known_folders());
    part("searches").addEventListener("toggle", () => part("searches").open && earlier());

    const results = part("results");
    on(results, "click", ".x-card[data-id]", (event, card) => {
      const control = event.target.closest("button, summary, a:not(.x-open), video, .x-panel");
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

    let restored = false;
    listen("libraries-chosen", () => {
      libraries();
      if (restored) return;
      restored = true;
      restore();
    });
    listen("libraries-changed", () => (examples = null));
    let counted = 0;
    listen("jobs", (now) => {
      build();
      // what a run has committed can be found at once
      if (!now.some((job) => job.active) || Date.now() - counted < 4000) return;
      counted = Date.now();
      XMR.library.refresh().catch(() => {});
    });
    listen("job-ended", (job) => job.state === "failed" && !last && start());
    listen("search-in", ({ library }) => {
      if (library) XMR.library.choose([library]);
      XMR.go("search");
      query.words.focus();
      if (last) again();
    });
    targets();
    if (XMR.library.loaded) {
      libraries();
      restored = true;
      restore();
    }
  }

  return {
    init,
    show: () => {
      if (!XMR.library.loaded) return;
      if (!last && !running) start();
      query.words.focus({ preventScroll: true });
    },
    hide: () => XMRPlayer.stop(),
  };
})());
