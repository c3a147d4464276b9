// The Why page: one query, one of its hits, and what of each speaks for the match. Which pair is in its
// address (see whyaddress.js).
"use strict";

XMR.page("why", (() => {
  const { call, esc, fail, icon, listen, on } = XMR;
  const KEY = "xmr-why"; // the pair looked at last
  const PATIENT = 8000; // ms until more is said of why somebody has to wait
  let root, part, sides, pointing, matrix, score, curve, whatif;
  let shown = null; // {address, payload, pair, explained, method, known: {method: answer}, coming: {method: promise}}
  let number = 0; // of the pair that is being loaded
  let asked = 0; // of the method that is asked for

  const say = (text) => (part("said").textContent = text);

  /** Ask why a hit answers a query. */
  XMR.why = (library, id, query) => XMR.go(XMRWhyAddress.of({ library, id, query }));

  // ---- loading

  async function load() {
    const payload = XMRWhyAddress.read(location.hash);
    if (!payload) {
      const kept = sessionStorage.getItem(KEY);
      if (kept && location.hash === "#why") history.replaceState(null, "", `#${kept}`);
      else nothing();
      if (XMRWhyAddress.read(location.hash)) load();
      return;
    }
    if (shown?.address === location.hash) {
      if (shown.pair) document.title = titled();
      return;
    }
    const mine = ++number;
    let slow = 0;
    close();
    part("none").hidden = part("problem").hidden = part("export").hidden = true;
    shown = { address: location.hash, payload, method: null, known: {}, coming: {} };
    try {
      const pair = await call("why.pair", payload);
      if (mine !== number) return;
      shown.pair = pair;
      payload.term = pair.term;
      sessionStorage.setItem(KEY, location.hash.slice(1));
      begin(pair);
      wait("Taking both apart …");
      slow = setTimeout(() => mine === number && wait("Still taking both apart: what is long takes a minute or two. It goes on if you look elsewhere."), PATIENT);
      await first(mine);
    } catch (error) {
      if (mine === number) broken(error);
    } finally {
      clearTimeout(slow);
      if (mine === number) wait("");
    }
    if (mine !== number || !shown?.pair) return;
    try {
      const told = await call("why.score", payload);
      if (mine === number) score.show(told);
    } catch (error) {
      if (mine === number) score.broken(error);
    }
    ahead(mine);
  }

  /** The other methods one by one, while what there is is looked at: a switch is to cost nothing. */
  async function ahead(mine) {
    for (const { dataset } of [...part("methods").children]) {
      if (mine !== number || !shown?.explained || XMR.current !== "why") return;
      try {
        await ask(dataset.value);
      } catch {
        continue; // who switches to it is told
      }
    }
  }

  /** What a method says of the pair: asked once, however many want to know. */
  async function ask(method) {
    const { payload, known, coming } = shown;
    if (known[method]) return known[method];
    coming[method] ??= call("why.explain", { ...payload, method, bare: true });
    try {
      return (known[method] = await coming[method]);
    } finally {
      delete coming[method]; // where it failed, it can be asked again
    }
  }

  const titled = () => `Why: ${shown.pair.hit.title} · XMR`;

  /** Both media as they are, before anything is known of their parts. */
  function begin(pair) {
    part("all").hidden = false;
    part("lead").textContent = `${pair.label} → ${pair.hit.title}`;
    document.title = titled();
    sides.show(pair);
    const several = pair.terms.length > 1;
    part("query-terms").hidden = !several;
    part("query-terms").innerHTML = several
      ? `<span class="x-seg" role="group" aria-label="Term of the query">${pair.terms.map((term, i) =>
          `<button type="button" data-do="term" data-term="${i}" aria-pressed="${i === pair.term}">${term.weight < 0 ? "− " : ""}${esc(XMR.cutter(term.title)(0, 28))}</button>`).join("")}</span>`
      : "";
    part("about").textContent = "";
    score.clear();
    matrix.clear();
    whatif.clear();
  }

  /** Parts, and heat by the method that tells most of this pair. */
  async function first(mine) {
    const now = () => mine === number;
    const told = await call("why.explain", shown.payload);
    if (!now()) return;
    const { unpack } = XMRHeat;
    const parted = Object.fromEntries(XMRWhySides.BOTH.map((side) =>
      [side, { ...told[side], boxes: unpack(told[side].boxes, Float32Array), groups: unpack(told[side].groups, Int32Array) }]));
    await sides.parts(parted, shown.payload, now);
    if (!now()) return;
    part("export").hidden = false;
    part("methods").innerHTML = told.methods.map(({ name, title, about }) =>
      `<button type="button" data-do="method" data-value="${esc(name)}" title="${esc(about)}">${esc(title)}</button>`).join("");
    draw(told, parted);
    say(`${shown.pair.hit.title}: ${pointing.most("hit")}`);
  }

  /** Heat and alignment as one method has them. */
  function draw(told, parted = shown.explained) {
    const { unpack } = XMRHeat;
    const explained = { query: parted.query, hit: parted.hit, method: told.method, score: told.score };
    for (const side of XMRWhySides.BOTH) explained[`${side}_heat`] = unpack(told[`${side}_heat`], Float32Array);
    explained.alignment = { ...told.alignment, levels: unpack(told.alignment.levels, Uint8Array) };
    shown.explained = explained;
    shown.method = told.method;
    shown.known[told.method] = told;
    for (const button of part("methods").children) button.setAttribute("aria-pressed", button.dataset.value === told.method);
    part("about").textContent = told.methods.find(({ name }) => name === told.method)?.about ?? "";
    pointing.rest();
    matrix.show(explained, told.warps);
    curve.look();
    root.dataset.method = told.method;
  }

  /** Another way of looking at the same pair; one that was looked at before costs nothing. */
  async function look(method) {
    if (!shown?.explained) return;
    const [pair, mine] = [number, ++asked];
    if (method === shown.method) {
      wait(""); // whatever else was asked for is no longer wanted
      return;
    }
    const now = () => pair === number && mine === asked;
    try {
      if (!shown.known[method]) wait("Another way of looking …");
      await ask(method);
      if (!now()) return;
      draw(shown.known[method]);
    } catch (error) {
      if (now()) fail(error);
    } finally {
      if (now()) wait("");
    }
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
    number++;
    close();
    part("all").hidden = part("problem").hidden = part("export").hidden = true;
    part("lead").textContent = "";
    part("none").hidden = false;
    part("none").innerHTML =
      `<div class="x-empty"><h3>Nothing is being explained</h3><p>Search for something and press ${icon("why")} “Why?” on a result: both are taken
       apart here, to see which words, regions, seconds and views speak for the match.</p><a class="x-btn x-btn-main" href="#search">To the Search page</a></div>`;
  }

  function close() {
    sides.close();
    pointing.clear();
    shown = null;
    curve.stop();
    part("methods").replaceChildren(); // they were the last pair's: pressed now, they would do nothing
    delete root.dataset.method;
  }

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    const stated = () => shown?.explained && { ...shown.payload, method: shown.method };
    sides = XMRWhySides(root, {
      part,
      point: (side, at) => pointing.point(side, at),
      take: (side, piece) => whatif.take(side, piece),
    });
    pointing = XMRWhyPointing(root, { say, sides, explained: () => shown?.explained, marks: () => whatif.marks() });
    score = XMRWhyScore(part("score"));
    curve = XMRWhyCurve(root, { part, stated, say });
    matrix = XMRWhyMatrix(root, {
      part, point: pointing.cross,
      ask: async (variant) => {
        const told = await call("why.warp", { ...shown.payload, variant });
        for (const side of XMRWhySides.BOTH)
          if (shown.explained[side].modality === "text") told[`${side}_text`] = shown.explained[side].text;
        return told;
      },
    });
    whatif = XMRWhatIf(root, {
      part, stated, say,
      marks: (side, taken) => shown?.explained && sides.marks(side, taken),
      lit: () => pointing.lit && shown?.explained && { side: pointing.lit.side, piece: sides.box(pointing.lit.side, pointing.lit.part) },
    });
    XMRWhyExport(root, {
      wait,
      shown: () => ({
        payload: shown.payload, method: shown.method, strength: sides.strength, hit: shown.pair.hit.title,
        picture: () => ({
          title: XMR.cutter(part("lead").textContent)(0, 110), score: shown.explained.score,
          method: root.querySelector('[data-do="method"][aria-pressed="true"]')?.textContent ?? "",
          query: sides.printed("query"), hit: sides.printed("hit"), matrix: matrix.canvas,
        }),
      }),
    });
    on(root, "click", '[data-do="method"]', (_, button) => look(button.dataset.value));
    on(root, "click", '[data-do="term"]', (_, button) => XMR.go(XMRWhyAddress.of({ ...shown.payload, term: Number(button.dataset.term) })));
    on(root, "click", '[data-do="retry"]', () => {
      shown = null;
      load();
    });
    on(root, "click", '[data-do="back"]', () => XMR.go("search"));
    const fade = () => sides.fade(Number(part("opacity").value) / 100);
    part("opacity").addEventListener("input", fade);
    fade(); // browsers keep what was set before a page was loaded again
    window.addEventListener("hashchange", () => XMR.current === "why" && load());
    listen("theme", () => shown?.explained && !pointing.lit && pointing.rest());
  }

  return {
    init,
    show: load,
    hide() {
      sides.stop();
      document.title = "XMR";
    },
  };
})());
