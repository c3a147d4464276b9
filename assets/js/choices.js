// What is searched: the libraries, the media to find, the filters.
"use strict";

window.XMRChoices = (page) => {
  const { call, esc, on } = XMR;
  const { root, part } = page;
  const MEDIA = ["text", "image", "audio", "video", "mesh"];
  const NAMES = { text: "Texts", image: "Pictures", audio: "Sounds", video: "Videos", mesh: "3D models" };
  let to = new Set(MEDIA); // media to find
  const ready = new Set(); // libraries whose encoders are read
  const warming = new Set(); // and those that are being read
  const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

  // ---- filters

  function filters() {
    const fields = part("filters-panel").querySelectorAll("input[name], select[name]");
    const values = {};
    for (const field of fields)
      values[field.name] = field.type === "checkbox" ? field.checked : field.value.trim();
    return values;
  }

  /** Filters that leave something out. */
  const narrowing = () => Object.entries(filters()).filter(([name, value]) => value && !["k", "corrected", "spread"].includes(name));

  function tally() {
    const used = narrowing().length;
    part("filters-text").textContent = used ? `Filters (${used})` : "Filters";
  }

  async function folders() {
    try {
      const told = await call("search.folders", { libraries: XMR.library.chosen });
      root.querySelector("#x-known-folders").innerHTML = told.folders.map((f) => `<option value="${esc(f)}">`).join("");
    } catch {
      /* the field takes any path */
    }
  }

  function clear() {
    for (const field of part("filters-panel").querySelectorAll("input[name]"))
      if (field.type !== "checkbox") field.value = "";
    tally();
    page.again();
  }

  // ---- libraries and media

  function libraries() {
    const { all, chosen } = XMR.library;
    part("libraries-text").textContent =
      chosen.length === 1 ? chosen[0] : chosen.length ? `${chosen.length} libraries` : "Library";
    const html = all.length
      ? `<h3>Search in</h3>${all.map((one) =>
          `<label class="x-check x-choice" data-key="${esc(one.name)}"><input type="checkbox" value="${esc(one.name)}"
            ${chosen.includes(one.name) ? "checked" : ""} ${one.error ? "disabled" : ""}>
            <span>${esc(one.name)}</span><small class="x-num">${one.error ? "cannot be opened" : plural(one.total, "item")}</small></label>`).join("")}
        <p><a href="#library">Add folders on the Library page</a></p>`
      : '<p>There is no library yet. <a href="#library">Make one.</a></p>';
    const panel = part("libraries-panel");
    XMR.redraw(panel, html);
    const counts = {};
    for (const one of all.filter((l) => chosen.includes(l.name)))
      for (const [m, number] of Object.entries(one.counts)) counts[m] = (counts[m] ?? 0) + number;
    for (const button of root.querySelectorAll(".x-target")) {
      const number = (counts[button.dataset.m] ?? 0).toLocaleString("en");
      button.querySelector(".x-num").textContent = number;
      button.setAttribute("aria-label", `${NAMES[button.dataset.m]}, ${number}`);
    }
    warm();
  }

  /** Items of the media to find, in the libraries that are searched. */
  function number() {
    const used = XMR.library.all.filter((one) => XMR.library.chosen.includes(one.name));
    return used.flatMap((one) => [...to].map((m) => one.counts[m] ?? 0)).reduce((sum, count) => sum + count, 0);
  }

  /** Let the server read the encoders while the user types. */
  function warm() {
    const names = XMR.library.chosen.filter((name) => !ready.has(name) && !warming.has(name));
    if (!names.length) return;
    for (const name of names) warming.add(name);
    call("search.warm", { libraries: names })
      .then(() => names.forEach((name) => ready.add(name)))
      .catch(() => {}) // a search says it better
      .finally(() => names.forEach((name) => warming.delete(name)));
  }

  function targets() {
    for (const button of root.querySelectorAll(".x-target"))
      button.setAttribute("aria-pressed", to.has(button.dataset.m));
  }

  // ---- what a stated query holds of this

  /** The choices as the server takes them. */
  function stated() {
    const { k, corrected, spread, ...chosen } = filters();
    return {
      libraries: XMR.library.chosen,
      to: to.size === MEDIA.length ? [] : [...to],
      corrected,
      spread,
      filters: chosen,
    };
  }

  /** Choose as in a kept query. */
  function set(kept) {
    to = new Set(kept.to?.length ? kept.to : MEDIA);
    targets();
    const names = (kept.libraries ?? []).filter((name) => XMR.library.all.some((one) => one.name === name));
    if (names.length) XMR.library.choose(names);
    for (const field of part("filters-panel").querySelectorAll("input[name]")) {
      if (field.name === "corrected") field.checked = kept.corrected !== false;
      else if (field.name === "spread") field.checked = kept.spread === true;
      else field.value = kept.filters?.[field.name] ?? "";
    }
    tally();
  }

  on(root, "click", '[data-do="target"]', (_, button) => {
    const m = button.dataset.m;
    if (to.size === MEDIA.length) to = new Set([m]);
    else if (to.has(m)) to.delete(m);
    else to.add(m);
    if (!to.size) to = new Set(MEDIA);
    targets();
    page.again();
  });
  on(root, "click", '[data-do="clear-filters"]', clear);
  on(part("filters-panel"), "change", "input, select", () => {
    tally();
    page.again();
  });
  on(part("filters-panel"), "keydown", "input", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tally();
    part("filters").open = false;
    page.search();
  });
  on(part("libraries-panel"), "change", "input", () => {
    const checked = part("libraries-panel").querySelectorAll("input:checked");
    part("libraries-panel").shown = null;
    XMR.library.choose([...checked].map((one) => one.value));
    page.again();
  });
  part("filters").addEventListener("toggle", () => part("filters").open && folders());
  targets();

  return {
    NAMES, stated, set, libraries, number, ready, narrowing, tally,
    /** How many results at a time. */
    get k() { return Number(filters().k); },
  };
};
