// The Links page: what an item is linked with, documents, and topics.
"use strict";

XMR.page("connections", (() => {
  const { call, esc, fail, icon, listen, on, toast } = XMR;
  const LOOK = 600; // ms between two looks at the job
  let root, part, nodes, topics;
  let view = "graph";
  let library = "";
  let told = null; // the graph that is shown
  let off = new Set();
  let middle = 0; // the item in the middle, 0 for any
  let generation = -1;
  let timer = 0;
  let loading = null;
  const trail = [];

  const say = (text) => (part("said").textContent = text);
  const plural = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

  // ---- what there is

  async function load(name, id = 0) {
    const mine = (loading = {});
    if (name !== library) trail.length = 0;
    [library, middle] = [name, id];
    try {
      const state = await call("links.state", { library });
      if (loading !== mine) return;
      generation = state.generation;
      part("count").textContent = state.total
        ? `${plural(state.links, "link")} · ${plural(state.documents, "document")}` : "";
      follow(state.job);
      if (!state.total) return none(`${library} is empty.`,
        'Add a folder on the <a href="#library">Library page</a>; what is found there is linked here.');
      if (!state.current && !state.job?.active) start();
      if (!state.links && !state.current) return none("The items are being linked.", "That happens once; later only what is new is placed.");
      none();
      await fill();
    } catch (error) {
      if (loading === mine) none(error.message, esc(error.hint ?? ""));
    }
  }

  function none(title = "", text = "") {
    part("none").hidden = !title;
    part("none").innerHTML = title ? `<div class="x-empty"><h3>${esc(title)}</h3><p>${text}</p></div>` : "";
    for (const section of root.querySelectorAll("[data-view]"))
      section.hidden = Boolean(title) || section.dataset.view !== view;
  }

  async function fill() {
    if (view === "graph") await around(middle);
    else if (view === "documents") await documents(0);
    else await topics.show(library);
  }

  // ---- the job that links

  async function start() {
    try {
      follow((await call("links.build", { library })).job, true);
    } catch (error) {
      fail(error);
    }
  }

  /** Show a job and ask after it, until it has ended; one that was just begun may have at once. */
  function follow(job, begun = false) {
    clearTimeout(timer);
    part("job").hidden = !job?.active;
    if (!job?.active && !begun) return;
    part("job-text").textContent = `Linking items${(job?.share ?? null) === null ? "" : ` · ${Math.floor(100 * job.share)} %`}`;
    const name = library;
    timer = setTimeout(async () => {
      if (library !== name || XMR.current !== "connections") return;
      try {
        const state = await call("links.state", { library });
        follow(state.job);
        if (!state.job?.active) ended(state);
      } catch {
        follow(job, begun); // asked again in a moment
      }
    }, LOOK);
  }

  function ended({ job, links }) {
    const failed = job?.state === "failed";
    if (job?.state === "done") load(library, middle);
    else if (links && failed) toast("bad", job.message, job.hint);
    else if (failed) none(job.message, esc(job.hint ?? ""));
    else if (!links) none("Nothing is linked.", "Linking was stopped. Open the page again to go on.");
  }

  // ---- the graph

  async function around(id, back = false) {
    const answer = await call("links.around", { library, id });
    if (!answer.items.length) return none("There are no links yet.", "Items are linked as soon as there are several.");
    if (told && !back && middle && middle !== answer.items[0].id) trail.push(middle);
    told = answer;
    middle = answer.items[0].id;
    history.replaceState(null, "", `#connections/${encodeURIComponent(library)}/${middle}`);
    nodes.show(told);
    legend();
    side();
    say(`${told.items[0].title} is in the middle, linked with ${plural(mine().size, "item")}.`);
  }

  /** The links of the item in the middle: other's id → its links. */
  function mine(id = middle) {
    const found = new Map();
    const order = Object.keys(told.reasons);
    for (const link of [...told.links].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.weight - a.weight))
      if (link.item === id || link.other === id) {
        const other = link.item === id ? link.other : link.item;
        found.set(other, [...(found.get(other) ?? []), link]);
      }
    return found;
  }

  const reasons = (links) => links.map(({ kind, weight }) =>
    kind === "near" ? `${told.reasons.near} ${Math.round(100 * weight)} %` : told.reasons[kind]).join(", ");

  function why(id) {
    if (id === middle) return "in the middle; press to open it";
    const links = mine().get(id);
    if (links) return reasons(links);
    const [by, others] = [...mine(id)].sort((a, b) => steps(a[0]) - steps(b[0]))[0] ?? [];
    return by ? `through ${titled(by)}: ${reasons(others)}` : "";
  }
  const item = (id) => told.items.find((one) => one.id === id);
  const steps = (id) => item(id)?.steps ?? 99;
  const titled = (id) => item(id)?.title ?? "";

  function legend() {
    const counts = {};
    for (const { kind } of told.links) counts[kind] = (counts[kind] ?? 0) + 1;
    part("legend").innerHTML = Object.keys(told.reasons).filter((kind) => counts[kind]).map((kind) =>
      `<li><button type="button" data-do="kind" data-kind="${kind}" aria-pressed="${!off.has(kind)}">${nodes.sample(kind)}
        <span>${esc(told.reasons[kind])}</span><small>${counts[kind]}</small></button></li>`).join("");
  }

  function side() {
    const [first] = told.items;
    const with_it = new Set(told.document);
    part("middle").innerHTML = `<h3>${esc(first.title)}</h3><p class="x-quiet">${esc(first.where)}</p>
      <div class="x-map-row"><button class="x-btn x-btn-bare" type="button" data-do="show" data-id="${first.id}">${icon("open")}Open</button></div>`;
    part("near").innerHTML = [...mine()].filter(([id]) => item(id)).map(([id, links]) => {
      const one = item(id);
      const joined = with_it.has(id);
      return `<li data-m="${one.modality}"><button type="button" class="x-con-item" data-do="centre" data-id="${id}">
        <span class="x-rank-face">${one.thumb ? `<img src="${esc(one.thumb)}" alt="" loading="lazy">` : icon(one.modality)}</span>
        <span><b>${esc(one.title)}</b><small>${esc(reasons(links))}${joined ? " · one document" : ""}</small></span></button>
        <button type="button" class="x-tool" data-do="${joined ? "part" : "join"}" data-id="${id}"
          title="${joined ? "Take it out of the document" : "Make one document of both"}"
          aria-label="${joined ? `Take ${esc(one.title)} out of the document` : `Make one document with ${esc(one.title)}`}">${icon(joined ? "minus" : "plus")}</button></li>`;
    }).join("") || '<li class="x-quiet">It is linked with nothing.</li>';
  }

  async function change(action, payload, text) {
    try {
      const { title, members } = await call(action, { library, ...payload });
      toast("info", text, `${title} has ${plural(members, "member")}.`);
      await around(middle, true);
    } catch (error) {
      fail(error);
    }
  }

  // ---- documents

  async function documents(offset) {
    const answer = await call("documents.list", { library, offset });
    const place = part("documents");
    if (!offset) place.replaceChildren();
    place.insertAdjacentHTML("beforeend", answer.cards.join(""));
    part("more").hidden = !answer.more;
    if (!answer.total) none("There are no documents.", "A page with its pictures, files of one name, or a small folder of several media becomes one.");
    say(`${plural(answer.total, "document")}.`);
  }

  // ---- the page

  function detail(place) {
    XMRDetail.open({ no: 0, ...place }, XMR.fileActions);
  }

  function look(name) {
    view = name;
    for (const button of root.querySelectorAll('[data-do="view"]')) button.setAttribute("aria-pressed", button.dataset.value === name);
    load(library, middle);
  }

  /** The library and the item that the address names. */
  function named() {
    const [, name, id] = location.hash.slice(1).split("/");
    return name ? [decodeURIComponent(name), Number(id) || 0] : null;
  }

  function libraries() {
    const { all, chosen } = XMR.library;
    const usable = all.filter((one) => !one.error).map((one) => one.name);
    const select = part("library");
    const asked = named();
    const now = [asked?.[0], library, ...chosen].find((name) => usable.includes(name)) ?? usable[0] ?? "";
    XMR.redraw(select, usable.map((name) => `<option data-key="${esc(name)}" value="${esc(name)}">${esc(name)}</option>`).join(""));
    select.value = now;
    select.closest("label").hidden = usable.length < 2;
    if (XMR.current !== "connections") return;
    if (!now) return none("There is no library yet.", 'Make one on the <a href="#library">Library page</a>, or build the demo on the <a href="#search">Search page</a>.');
    const id = asked?.[0] === now ? asked[1] : 0;
    if (now !== library || (id && id !== middle)) {
      if (id) view = "graph";
      look_at(now, id);
    }
  }

  function look_at(name, id) {
    for (const button of root.querySelectorAll('[data-do="view"]')) button.setAttribute("aria-pressed", button.dataset.value === view);
    load(name, id);
  }

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    nodes = XMRNodes(part("canvas"), {
      tip: part("tip"), why, open: (id) => detail({ library, id }), centre: (id) => around(id).catch(fail),
    });
    XMRDocuments(root, { detail, changed: () => load(library, middle) });
    topics = XMRTopics(part("topics"), { detail, say, plural, shown: () => loading });
    const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
    press("view", ({ dataset: { value } }) => look(value));
    press("stop", async () => follow((await call("links.cancel", { library })).job));
    press("centre", ({ dataset: { id } }) => around(Number(id)).catch(fail));
    press("show", ({ dataset: { id } }) => detail({ library, id: Number(id) }));
    press("back", () => trail.length && around(trail.pop(), true).catch(fail));
    press("other", async () => {
      const ids = told?.items.slice(1).map((one) => one.id) ?? [];
      if (ids.length) around(ids[Math.floor(Math.random() * ids.length)]).catch(fail);
    });
    press("kind", ({ dataset: { kind } }) => {
      off = new Set(off);
      if (!off.delete(kind)) off.add(kind);
      legend();
      nodes.without(off);
    });
    on(root, "click", '[data-part="near"] [data-do="join"]', (_, { dataset: { id } }) =>
      change("documents.join", { ids: [middle, Number(id)] }, "They are one document now."));
    on(root, "click", '[data-part="near"] [data-do="part"]', (_, { dataset: { id } }) =>
      change("documents.split", { id: Number(id) }, "It is no part of the document any more."));
    press("more", () => documents(part("documents").children.length).catch(fail));
    on(root, "click", '[data-part="documents"] .x-open', (event, link) => {
      event.preventDefault();
      const { library: name, id } = link.closest(".x-card").dataset;
      detail({ library: name, id: Number(id) });
    });
    for (const type of ["pointerover", "focusin"])
      on(root, type, '[data-do="centre"]', (_, button) => nodes.point(Number(button.dataset.id)));
    part("library").addEventListener("change", (event) => {
      history.replaceState(null, "", "#connections");
      load(event.target.value);
    });
    listen("theme", () => nodes.draw());
    listen("libraries-chosen", libraries);
    listen("job-ended", (job) => job.library === library && XMR.current === "connections" && load(library, middle));
    window.addEventListener("hashchange", () => XMR.current === "connections" && named() && libraries());
    if (XMR.library.loaded) libraries();
  }

  return {
    init,
    async show() {
      if (XMR.library.loaded) libraries();
      if (!library) return;
      const state = await call("links.state", { library }).catch(() => null);
      if (!state) return;
      const behind = !state.current && !state.job?.active; // changed meanwhile, or linking was stopped
      if (behind || state.generation !== generation) load(library, middle);
    },
    hide: () => clearTimeout(timer),
  };
})());
