// The Why page: one query, one of its hits, and what of each speaks for the match. What it shows is in
// its address, so that it can be loaded again: #why/library/item?q=the query as JSON.
"use strict";

XMR.page("why", (() => {
  const { call, esc, fail, icon, listen, on } = XMR;
  const SIDES = ["query", "hit"];
  const VIEWS = { text: XMRWhyWords, image: XMRWhyPicture, audio: XMRWhySound, video: XMRWhyFilm, mesh: XMRWhyModel };
  const NAMES = { text: "Text", image: "Picture", audio: "Sound", video: "Video", mesh: "3D model" };
  const KEY = "xmr-why"; // the pair looked at last, and the choice of method
  let root, part, matrix, score, curve, whatif;
  let shown = null; // {address, payload, pair, views, explained, method}
  let number = 0; // of the pair that is being loaded
  let lit = null; // {side, part}
  let opacity = 0.7;

  const say = (text) => (part("said").textContent = text);
  const other = (side) => (side === "hit" ? "query" : "hit");

  // ---- addresses

  function address({ library, id, query, term }) {
    const { terms, corrected } = query;
    const stated = encodeURIComponent(JSON.stringify({ terms, corrected: corrected !== false }));
    return `why/${encodeURIComponent(library)}/${id}${term === undefined ? "" : `/${term}`}?q=${stated}`;
  }

  function read(hash) {
    const found = /^#?why\/([^/?]+)\/(\d+)(?:\/(\d+))?\?q=(.+)$/s.exec(hash);
    if (!found) return null;
    try {
      const payload = { library: decodeURIComponent(found[1]), id: Number(found[2]), query: JSON.parse(decodeURIComponent(found[4])) };
      if (found[3] !== undefined) payload.term = Number(found[3]);
      return payload;
    } catch {
      return null;
    }
  }

  /** Ask why a hit answers a query. */
  XMR.why = (library, id, query) => XMR.go(address({ library, id, query }));

  // ---- loading

  async function load() {
    const payload = read(location.hash);
    if (!payload) {
      const kept = sessionStorage.getItem(KEY);
      if (kept && location.hash === "#why") history.replaceState(null, "", `#${kept}`);
      else nothing();
      if (read(location.hash)) load();
      return;
    }
    if (shown?.address === location.hash) {
      if (shown.pair) document.title = titled();
      return;
    }
    const mine = ++number;
    close();
    part("none").hidden = part("problem").hidden = true;
    shown = { address: location.hash, payload, method: null, views: {} };
    try {
      const pair = await call("why.pair", payload);
      if (mine !== number) return;
      shown.pair = pair;
      payload.term = pair.term;
      sessionStorage.setItem(KEY, location.hash.slice(1));
      heads(pair);
      wait("Taking both apart …");
      await explain(null, mine);
    } catch (error) {
      if (mine === number) broken(error);
    } finally {
      if (mine === number) wait("");
    }
    if (mine !== number || !shown?.pair) return;
    call("why.score", payload).then((told) => mine === number && score.show(told), (error) => mine === number && score.broken(error));
  }

  const titled = () => `Why: ${shown.pair.hit.title} · XMR`;

  /** Both media as they are, before anything is known of their parts. */
  function heads(pair) {
    part("all").hidden = false;
    part("lead").textContent = `${pair.label} → ${pair.hit.title}`;
    document.title = titled();
    const media = { query: pair.terms[pair.term], hit: pair.hit };
    for (const side of SIDES) {
      const one = media[side];
      part(`${side}-head`).innerHTML =
        `<span class="x-badge" data-m="${esc(one.modality)}">${icon(one.modality)}${NAMES[one.modality]}</span><b title="${esc(one.title)}">${esc(one.title)}</b>`;
      part(`${side}-read`).textContent = "";
      part(`${side}-stage`).dataset.m = one.modality;
      shown.views[side] = VIEWS[one.modality](part(`${side}-stage`), one, {
        point: (at) => point(side, at),
        take: (piece) => whatif.take(side, piece),
        problem: (text) => (part(`${side}-read`).textContent = text),
      });
    }
    const several = pair.terms.length > 1;
    part("query-terms").hidden = !several;
    part("query-terms").innerHTML = several
      ? `<span class="x-seg" role="group" aria-label="Term of the query">${pair.terms.map((term, i) =>
          `<button type="button" data-do="term" data-term="${i}" aria-pressed="${i === pair.term}">${term.weight < 0 ? "− " : ""}${esc(term.title.slice(0, 28))}</button>`).join("")}</span>`
      : "";
    score.clear();
    matrix.clear();
    whatif.clear();
  }

  /** Parts, heat and alignment by a method; the parts only the first time. */
  async function explain(method, mine = number) {
    const bare = Boolean(shown.explained);
    const told = await call("why.explain", { ...shown.payload, method, bare });
    if (mine !== number) return;
    const { unpack } = XMRHeat;
    const explained = { ...(shown.explained ?? {}), method: told.method, score: told.score };
    for (const side of SIDES) {
      if (!bare) explained[side] = { ...told[side], boxes: unpack(told[side].boxes, Float32Array), groups: unpack(told[side].groups, Int32Array) };
      explained[`${side}_heat`] = unpack(told[`${side}_heat`], Float32Array);
      explained[`${side}_shares`] = XMRHeat.shares(explained[`${side}_heat`]);
    }
    explained.alignment = { ...told.alignment, levels: unpack(told.alignment.levels, Uint8Array) };
    shown.explained = explained;
    shown.method = told.method;
    methods(told.methods);
    if (!bare) await pictures(mine);
    if (mine !== number) return;
    rest();
    matrix.show(explained, shown.pair.warps);
    curve.look();
    part("export").hidden = false;
    root.dataset.method = told.method;
    if (!bare) say(`${shown.pair.hit.title}: ${hottest("hit")}`);
    single();
  }

  /** What has one part has nothing to compare; say so rather than show nothing. */
  function single() {
    for (const side of SIDES)
      if (shown.explained[side].count === 1)
        part(`${side}-read`).textContent = `One ${shown.explained[side].modality === "text" ? "word" : "part"} alone: all of the match is its own.`;
  }

  async function pictures(mine) {
    await Promise.all(SIDES.map(async (side) => {
      const told = shown.explained[side];
      const wanted = ["audio", "video", "mesh"].includes(told.modality);
      const given = wanted ? await call("why.pictures", { ...shown.payload, side }) : null;
      if (mine === number) await shown.views[side].parts(told, given);
    }));
    for (const side of SIDES) if (mine === number) shown.views[side].opacity(opacity);
  }

  function methods(list) {
    part("methods").innerHTML = list.map(({ name, title, about }) =>
      `<button type="button" data-do="method" data-value="${esc(name)}" aria-pressed="${name === shown.method}" title="${esc(about)}">${esc(title)}</button>`).join("");
    part("about").textContent = list.find(({ name }) => name === shown.method)?.about ?? "";
  }

  function wait(text) {
    part("wait").hidden = !text;
    part("wait-text").textContent = text;
    root.querySelector(".x-why-pair").setAttribute("aria-busy", Boolean(text));
  }

  function broken(error) {
    if (error.hint === undefined) {
      fail(error);
      error = XMR.failure("The page met an unexpected error.", "Load it again.");
    }
    part("problem").innerHTML = XMR.note("bad", error.message, error.hint,
      '<button class="x-btn" type="button" data-do="retry">Try again</button> <a class="x-btn" href="#search">To the Search page</a>');
    part("problem").hidden = false;
    if (!shown?.pair) part("all").hidden = true;
    say(`${error.message} ${error.hint}`);
  }

  function nothing() {
    close();
    part("all").hidden = part("problem").hidden = part("export").hidden = true;
    part("lead").textContent = "";
    part("none").hidden = false;
    part("none").innerHTML =
      `<div class="x-empty"><h3>Nothing is being explained</h3><p>Search for something and press ${icon("why")} “Why?” on a result: both are taken
       apart here, to see which words, regions, seconds and views speak for the match.</p><a class="x-btn x-btn-main" href="#search">To the Search page</a></div>`;
  }

  function close() {
    for (const view of Object.values(shown?.views ?? {})) {
      view.stop?.();
      view.close?.();
    }
    shown = null;
    lit = null;
    curve.stop();
  }

  // ---- pointing

  /** A row of the alignment, spread over the parts of the other side. */
  function row(side, at) {
    const { alignment, [side]: own, [other(side)]: far } = shown.explained;
    const group = own.groups[at];
    return Float32Array.from(far.groups, (g) =>
      alignment.levels[side === "query" ? group * alignment.columns + g : g * alignment.columns + group]);
  }

  function rest() {
    lit = null;
    for (const side of SIDES) {
      shown.views[side].heat(shown.explained[`${side}_shares`]);
      shown.views[side].light(null);
      part(`${side}-read`).textContent = hottest(side);
      part(`${side}-stage`).toggleAttribute("data-lit", false);
    }
    whatif.marks();
  }

  function hottest(side) {
    const { [side]: one, [`${side}_heat`]: heat } = shown.explained;
    let best = 0;
    heat.forEach((value, i) => value > heat[best] && (best = i));
    return `Most: ${one.labels[best]} (${heat[best].toFixed(3)})`;
  }

  /** Somebody points at a part of a side, or at none: what it goes with lights up. */
  function point(side, at) {
    if (!shown?.explained) return;
    if (at === null) {
      if (lit?.side === side) {
        const kept = lit;
        rest();
        lit = { ...kept, faded: true }; // still what the button takes away
        single();
      }
      return;
    }
    if (lit?.side === side && lit.part === at && !lit.faded) return;
    const far = other(side);
    const values = row(side, at);
    lit = { side, part: at };
    shown.views[side].light(at);
    shown.views[far].heat(XMRHeat.shares(values));
    part(`${far}-stage`).toggleAttribute("data-lit", true);
    let best = 0;
    values.forEach((value, i) => value > values[best] && (best = i));
    const { [side]: own, [far]: theirs, [`${side}_heat`]: heat } = shown.explained;
    part(`${side}-read`).textContent = `${own.labels[at]} (${heat[at].toFixed(3)})`;
    part(`${far}-read`).textContent = `“${own.labels[at]}” goes most with: ${theirs.labels[best]}`;
    if (root.querySelector(".x-why-side :focus-visible")) say(`${own.labels[at]}: ${heat[at].toFixed(2)}, most with ${theirs.labels[best]}`);
  }

  /** A cell of the alignment is pointed at: both of its parts light up. */
  function cross(at) {
    if (!shown?.explained) return;
    if (!at) {
      if (lit?.cross) rest();
      return;
    }
    const { query, hit } = shown.explained;
    const [q, h] = [query.groups.indexOf(at.row), hit.groups.indexOf(at.column)];
    rest();
    lit = { side: "query", part: q, cross: true };
    shown.views.query.light(q);
    shown.views.hit.light(h);
    part("query-read").textContent = query.labels[q];
    part("hit-read").textContent = hit.labels[h];
  }

  // ---- what it gives away

  function save(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  const fileName = () => `why ${shown.pair.hit.title}`.replace(/[^\p{L}\p{N} ._-]/gu, "_").slice(0, 80);

  async function png() {
    const media = { query: shown.pair.terms[shown.pair.term], hit: shown.pair.hit };
    const side = (name, role) => ({ view: shown.views[name], name: media[name].title, role });
    const blob = await XMRWhyPrint({
      title: part("lead").textContent.slice(0, 110), score: shown.explained.score,
      method: root.querySelector('[data-do="method"][aria-pressed="true"]')?.textContent ?? "",
      query: side("query", "Query"), hit: side("hit", "Hit"), matrix: matrix.canvas,
    });
    save(blob, `${fileName()}.png`);
  }

  async function html() {
    wait("Writing the page …");
    try {
      const told = await call("why.export", { ...shown.payload, method: shown.method, opacity: Math.round(100 * opacity) });
      save(new Blob([told.html], { type: "text/html" }), `${fileName()}.html`);
    } finally {
      wait("");
    }
  }

  function acts() {
    on(root, "click", '[data-do="method"]', async (_, button) => {
      const mine = number;
      if (button.dataset.value === shown?.method) return;
      wait("Another way of looking …");
      try {
        await explain(button.dataset.value, mine);
      } catch (error) {
        fail(error);
      } finally {
        if (mine === number) wait("");
      }
      root.querySelector(`[data-do="method"][data-value="${CSS.escape(button.dataset.value)}"]`)?.focus();
    });
    on(root, "click", '[data-do="term"]', (_, button) => XMR.go(address({ ...shown.payload, term: Number(button.dataset.term) })));
    on(root, "click", '[data-do="retry"]', () => {
      shown = null;
      load();
    });
    on(root, "click", '[data-do="back"]', () => XMR.go("search"));
    on(root, "click", '[data-do="png"]', () => png().catch(fail));
    on(root, "click", '[data-do="html"]', () => html().catch(fail));
    part("opacity").addEventListener("input", (event) => {
      opacity = Number(event.target.value) / 100;
      for (const view of Object.values(shown?.views ?? {})) view.opacity(opacity);
    });
  }

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    const stated = () => shown?.explained && { ...shown.payload, method: shown.method };
    score = XMRWhyScore(part("score"));
    curve = XMRWhyCurve(root, { part, stated, say });
    matrix = XMRWhyMatrix(root, {
      part, point: cross,
      ask: async (variant) => {
        const told = await call("why.warp", { ...shown.payload, variant });
        for (const side of SIDES)
          if (shown.explained[side].modality === "text") told[`${side}_text`] = shown.explained[side].text;
        return told;
      },
    });
    whatif = XMRWhatIf(root, {
      part, stated, say,
      marks: (side, taken) => shown?.explained && shown.views[side].marks(taken),
      lit: () => lit && shown?.explained && { side: lit.side, piece: shown.views[lit.side].box(lit.part) },
    });
    acts();
    window.addEventListener("hashchange", () => XMR.current === "why" && load());
    listen("theme", () => shown?.explained && !lit && rest());
  }

  return {
    init,
    show: load,
    hide() {
      for (const view of Object.values(shown?.views ?? {})) view.stop?.();
      document.title = "XMR";
    },
  };
})());
