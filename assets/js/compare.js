// Two searches side by side, each with a query box: kept in the page's address: #compare/the two queries, and
// whether documents are compared, as JSON.
"use strict";

XMR.page("compare", (() => {
  const { call, esc, fail, icon, on } = XMR;
  const SIDES = ["left", "right"];
  const TAB = "xmr-search"; // the last search of this tab, as the Search page keeps it
  let root;
  let sides = null; // {left: query, right: query, documents: whether what belongs together is one}
  const boxes = {}; // the query box of each side
  let told = null;
  let past = []; // earlier searches
  let asked = 0;

  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = (side) => root.querySelector(`[data-side="${side}"] form`);
  const address = (two) => `compare/${encodeURIComponent(JSON.stringify(two))}`;

  function read(hash) {
    const found = /^#?compare\/(.+)$/s.exec(hash);
    try {
      const two = found && JSON.parse(decodeURIComponent(found[1]));
      return two?.left?.libraries && two?.right?.libraries ? two : null;
    } catch {
      return null;
    }
  }

  /** The tab's search, and beside it the one before, or itself with the other correction; nothing where there was none. */
  async function begin() {
    let left = null, documents = false;
    try {
      const last = JSON.parse(sessionStorage.getItem(TAB));
      left = last?.query;
      documents = last?.view === "documents";
    } catch {
      /* nothing usable was kept */
    }
    left ??= { terms: [], libraries: XMR.library.chosen, to: [], corrected: true, filters: {} };
    await earlier();
    if (!left.terms.length) return { left, right: { ...left }, documents };
    const before = past.find((one) => JSON.stringify(one.query.terms) !== JSON.stringify(left.terms) && one.query.terms.length);
    return { left, right: before?.query ?? { ...left, corrected: !left.corrected }, documents };
  }

  async function earlier() {
    try {
      const { saved, history } = await call("searches");
      past = [...saved, ...history];
    } catch {
      past = [];
    }
  }

  // ---- what is stated

  /** What a side is kept to beside its terms: the field of the query it stands in, and its words. */
  function kept({ to, filters, marks }) {
    const liked = marks?.liked?.length ?? 0;
    const disliked = marks?.disliked?.length ?? 0;
    return [
      ...(to?.length ? [["to", "", `only ${to.join(", ")}`]] : []),
      ...Object.entries(filters ?? {}).filter(([, value]) => value).map(([name, value]) => ["filters", name, `${name.replace("_", " ")}: ${value}`]),
      ...(liked + disliked ? [["marks", "", `${liked} liked, ${disliked} disliked`]] : []),
    ];
  }

  function fill() {
    const names = XMR.library.all.map((one) => one.name);
    root.querySelector('[name="documents"]').checked = Boolean(sides.documents);
    for (const side of SIDES) {
      const query = sides[side];
      const place = form(side);
      if (JSON.stringify(boxes[side].terms) !== JSON.stringify(query.terms)) boxes[side].set(query.terms);
      place.corrected.checked = query.corrected !== false;
      const several = query.libraries.length > 1 ? [query.libraries.join(", ")] : [];
      place.library.innerHTML = [...several, ...names].map((name) => `<option>${esc(name)}</option>`).join("");
      place.library.value = query.libraries.join(", ");
      place.earlier.innerHTML = '<option value="">Choose …</option>' +
        past.map((one, i) => `<option value="${i}">${esc(one.name)}</option>`).join("");
      place.querySelector('[data-part="kept"]').innerHTML = kept(query).map(([field, name, text]) =>
        `<li class="x-tag"><span>${esc(text)}</span><button type="button" data-drop="${field}" data-name="${esc(name)}" aria-label="Without ${esc(text)}">${icon("close")}</button></li>`).join("");
    }
  }

  /** What a side's form says, over what it does not show. */
  function stated(side) {
    const place = form(side);
    const query = sides[side];
    const chosen = place.library.value;
    return {
      ...query,
      terms: boxes[side].terms,
      libraries: chosen === query.libraries.join(", ") ? query.libraries : [chosen],
      corrected: place.corrected.checked,
    };
  }

  const go = (two) => (location.hash = address(two));
  const changed = () => {
    // a file on its way comes again when it is here; what is typed before all is known is taken then
    if (!sides || SIDES.some((side) => boxes[side].busy)) return;
    go({ left: stated("left"), right: stated("right"), documents: root.querySelector('[name="documents"]').checked });
  };

  // ---- the answer

  async function run() {
    const ticket = ++asked;
    fill();
    root.querySelector(".x-compare-sides").setAttribute("aria-busy", "true");
    try {
      const answer = await call("compare", { ...sides, k: 20 });
      if (ticket !== asked) return;
      told = answer;
      draw();
    } catch (error) {
      fail(error);
    } finally {
      if (ticket === asked) root.querySelector(".x-compare-sides").removeAttribute("aria-busy");
    }
  }

  function shift(row, side) {
    if (row.other === null) return `<span class="x-shift" data-shift="only">only ${side}</span>`;
    const by = row.other - row.rank;
    if (!by) return '<span class="x-shift" data-shift="same" title="The same rank in both">= same</span>';
    // as seen from here: it is that much higher or lower on this side
    return `<span class="x-shift" data-shift="${by > 0 ? "up" : "down"}" title="Rank ${row.other} on the other side">${by > 0 ? "▲" : "▼"} ${Math.abs(by)}</span>`;
  }

  function draw() {
    for (const side of SIDES) {
      const { rows, problem, empty } = told[side];
      XMR.redraw(part(`${side}-list`), problem
        ? `<li data-key="">${XMR.note("bad", problem.message, problem.hint)}</li>`
        : empty ? '<li data-key="" class="x-quiet">Type above what to look for, drop in a file, or choose an earlier search.</li>'
        : rows.map((row) => `<li data-key="${esc(row.key)}" data-m="${esc(row.modality)}" ${row.other === null ? "data-only" : ""}>
          <span class="x-num x-compare-rank">${row.rank}</span><img src="${esc(row.thumb)}" alt="" loading="lazy">
          <span class="x-compare-name"><button type="button" class="x-link" data-open data-library="${esc(row.library)}" data-id="${row.id}" data-no="${row.no}" ${row.whole ? "data-whole" : ""}>${esc(row.title)}</button>
          <small title="${esc(row.where)}">${esc(row.where)}</small></span><small>${esc(row.match)}</small>${shift(row, side)}</li>`).join("")
          || '<li data-key="" class="x-quiet">No results.</li>');
    }
    const only = (side) => told[side].rows.length - told.shared;
    const { left, right } = told;
    part("told").textContent = left.empty || right.empty
      ? (left.empty && right.empty ? "Give a search on each side: what one finds and the other does not is shown here." : "Give the other side a search, too.")
      : left.problem || right.problem ? "One of the two could not be searched."
      : `${told.shared} of the first ${Math.max(told.left.rows.length, told.right.rows.length)} are in both; ${only("left")} only left, ${only("right")} only right.`;
    document.title = left.empty && right.empty ? "Compare · XMR" : `${left.label} | ${right.label} · XMR`.slice(0, 80);
    requestAnimationFrame(lines);
  }

  /** A line from each shared hit to itself on the other side. */
  function lines() {
    const svg = root.querySelector(".x-compare-lines");
    const area = svg.getBoundingClientRect();
    if (!told || !area.width || getComputedStyle(svg).display === "none") return;
    const at = (side, key) => [...part(`${side}-list`).children].find((row) => row.dataset.key === key);
    svg.innerHTML = told.left.rows.filter((row) => row.other !== null).map((row) => {
      const [a, b] = SIDES.map((side) => at(side, row.key)?.getBoundingClientRect());
      if (!a || !b) return "";
      const [y, z] = [a, b].map((box) => box.top + box.height / 2 - area.top);
      const kind = row.other === row.rank ? "same" : "moved";
      return `<path data-key="${esc(row.key)}" data-kind="${kind}" d="M0 ${y} C${area.width / 2} ${y} ${area.width / 2} ${z} ${area.width} ${z}"/>`;
    }).join("");
  }

  function light(key) {
    for (const one of root.querySelectorAll(".x-compare-list li, .x-compare-lines path"))
      one.toggleAttribute("data-lit", Boolean(key) && one.dataset.key === key);
  }

  async function show() {
    if (!XMR.library.loaded) return; // comes again when they are known
    const two = read(location.hash);
    if (!two) {
      const first = sides ?? (await begin());
      for (const side of SIDES)
        if (!boxes[side].empty) first[side] = { ...first[side], terms: boxes[side].terms };
      history.replaceState(history.state, "", `#${address(first)}`);
      sides = first;
    } else sides = two;
    if (!past.length) await earlier();
    run();
  }

  function init(given) {
    root = given;
    for (const side of SIDES) {
      // what is dropped outside of both is for the left one
      const mine = (event) => XMR.current === "compare" && (side === "right") === Boolean(event.target.closest?.('[data-side="right"]'));
      boxes[side] = XMRQuery(root.querySelector(`[data-side="${side}"]`), changed, mine);
      on(form(side), "change", '[name="library"], [name="corrected"]', changed);
      on(form(side), "change", '[name="earlier"]', (_, select) => {
        if (select.value === "") return;
        boxes[side].set(past[Number(select.value)].query.terms ?? []);
        sides = { ...sides, [side]: past[Number(select.value)].query };
        fill();
        changed();
      });
      on(form(side), "click", "[data-drop]", (_, { dataset: { drop, name } }) => {
        const { [drop]: from, ...rest } = stated(side);
        const { [name]: gone, ...others } = from;
        go({ ...sides, [side]: drop === "filters" ? { ...rest, filters: others } : rest });
      });
    }
    root.querySelector('[name="documents"]').addEventListener("change", changed);
    for (const type of ["pointerover", "focusin"])
      on(root, type, ".x-compare-list li", (_, row) => light(row.dataset.key));
    root.querySelector(".x-compare-sides").addEventListener("pointerleave", () => light(null));
    on(root, "click", "[data-open]", (_, { dataset }) => {
      if ("whole" in dataset) XMRDocuments.open({ library: dataset.library, id: Number(dataset.id) }, run);
      else XMRDetail.open({ library: dataset.library, id: Number(dataset.id), no: Number(dataset.no) }, XMR.fileActions);
    });
    on(root, "click", "button[data-look]", (_, button) => {
      root.querySelector(".x-compare-sides").dataset.look = button.dataset.look;
      for (const one of root.querySelectorAll("button[data-look]")) one.setAttribute("aria-pressed", one === button);
    });
    new ResizeObserver(lines).observe(root.querySelector(".x-compare-sides"));
    const here = () => XMR.current === "compare" && show();
    window.addEventListener("hashchange", () => read(location.hash) && here());
    XMR.listen("libraries-chosen", () => !told && here());
    // from the results of a search
    on(document, "click", '[data-do="compare"]', () => {
      sides = null;
      for (const side of SIDES) boxes[side].set([]);
      XMR.go("compare");
    });
  }

  return { init, show };
})());
