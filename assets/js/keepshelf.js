// Collections on the Search page: listed beside the saved searches, shown as results, searched within.
"use strict";

window.XMRKeepShelf = (page) => {
  const { call, confirm, esc, fail, icon, on } = XMR;
  const { root, part, query } = page;
  const field = (name) => part("filters-panel").querySelector(`[name="${name}"]`);
  const scoped = () => Boolean(field("collection").value.trim() || field("tags").value.trim());

  /** Show a collection, nothing being asked for. */
  function open(library, name) {
    XMR.library.choose([library]);
    query.set([]);
    narrow({ collection: name, tags: "" });
    part("searches").open = false;
    page.search({ remember: true });
  }

  function narrow(values) {
    for (const [name, value] of Object.entries(values)) field(name).value = value;
    page.choices.tally();
  }

  /** The list of them, in its place among what is kept. */
  async function list(place) {
    const { collections, tags } = await XMRKeep.known([]);
    const several = new Set(collections.map((one) => one.library)).size > 1;
    place.innerHTML = "<h3>Collections</h3>" + (collections.length
      ? `<ul class="x-saved-list">${collections.map((one, i) => `<li><button type="button" data-collection="${i}">${icon("keep")}
          <span>${esc(one.name)}</span><small class="x-num x-quiet">${one.items.toLocaleString("en")}${several ? ` · ${esc(one.library)}` : ""}</small></button></li>`).join("")}</ul>`
      : '<p class="x-quiet">Keep results in one: Keep … in the menu of a result.</p>') +
      (tags.length ? `<h3>Tags</h3><p class="x-tag-row">${tags.slice(0, 40).map((one) =>
        `<button type="button" class="x-tag" data-tagged="${esc(one.name)}">${esc(one.name)} <small class="x-num">${one.items.toLocaleString("en")}</small></button>`).join("")}</p>` : "");
    for (const button of place.querySelectorAll("[data-collection]")) {
      const one = collections[Number(button.dataset.collection)];
      button.onclick = () => open(one.library, one.name);
    }
    for (const button of place.querySelectorAll("[data-tagged]"))
      button.onclick = () => {
        query.set([]);
        narrow({ collection: "", tags: button.dataset.tagged });
        part("searches").open = false;
        page.search({ remember: true });
      };
  }

  /** Say above the results what they are kept to, and offer what a collection can do. */
  function show(payload, browsing) {
    const { collection, tags } = payload.query.filters;
    const place = part("scope");
    root.querySelector(".x-search").toggleAttribute("data-browsing", browsing);
    place.hidden = !collection && !tags;
    if (place.hidden) return;
    const [library] = payload.query.libraries;
    const chip = (name, drawing, text) => `<span class="x-tag">${icon(drawing)}<span>${esc(text)}</span>
      <button type="button" data-widen="${name}" aria-label="Search outside ${esc(text)}, too">${icon("close")}</button></span>`;
    const tools = collection && browsing
      ? `<button class="x-btn x-btn-bare" type="button" data-keep-do="similar">${icon("similar")}More like these</button>
         <details class="x-pop"><summary class="x-btn x-btn-bare" role="button">${icon("dots")}<span>Collection</span></summary><div class="x-panel x-menu">
         <button type="button" data-keep-do="zip">A page with the files</button><button type="button" data-keep-do="csv">A table (CSV)</button>
         <button type="button" data-keep-do="json">Data (JSON)</button><button type="button" data-keep-do="rename">Rename …</button>
         <button type="button" data-keep-do="delete">Forget it …</button></div></details>`
      : "";
    place.innerHTML = `<span class="x-quiet">${browsing ? "Showing" : "Searched in"}</span>` +
      (collection ? chip("collection", "keep", collection) : "") + (tags ? chip("tags", "tag", tags) : "") + tools;
    place.dataset.library = library;
    place.dataset.collection = collection ?? "";
  }

  const does = {
    async similar(library, name) {
      narrow({ collection: "", tags: "" });
      query.set([{ kind: "collection", library, title: name, modality: "text", weight: 1 }]);
      page.search({ remember: true });
    },
    rename(library, name) {
      XMR.ask({
        title: `Rename ${name}`,
        body: `<label class="x-field">Name<input type="text" name="new" maxlength="100" required value="${esc(name)}"></label>`,
        action: "Rename",
        submit: async (form) => {
          const told = await call("keep.rename", { library, name, new: form.get("new") });
          return () => open(library, told.name);
        },
      }).querySelector("input").select();
    },
    async delete(library, name) {
      const text = "Its items stay, with their tags and notes.";
      if (!(await confirm({ title: `Forget the collection ${name}?`, text, action: "Forget it", bad: true }))) return;
      await call("keep.delete", { library, name });
      narrow({ collection: "", tags: "" });
      page.search();
    },
  };
  on(part("scope"), "click", "[data-keep-do]", async (_, button) => {
    const { library, collection } = part("scope").dataset;
    const what = button.dataset.keepDo;
    try {
      if (does[what]) await does[what](library, collection);
      else await XMRKeep.take({ library, name: collection, format: what });
    } catch (error) {
      fail(error);
    }
  });
  on(part("scope"), "click", "[data-widen]", (_, button) => {
    narrow({ [button.dataset.widen]: "" });
    page.search({ remember: true });
  });
  part("filters").addEventListener("toggle", async () => {
    if (!part("filters").open) return;
    try {
      const { collections, tags } = await XMRKeep.known(XMR.library.chosen);
      root.querySelector("#x-known-collections").innerHTML = XMRKeep.options([...new Set(collections.map((one) => one.name))]);
      root.querySelector("#x-known-tags").innerHTML = XMRKeep.options(tags.map((one) => one.name));
    } catch {
      /* the fields take any name */
    }
  });

  return { list, show, scoped, open };
};
