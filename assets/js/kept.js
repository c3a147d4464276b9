// Searches that are kept: earlier ones, saved ones, and the tab's own over a reload.
"use strict";

window.XMRKept = (page) => {
  const { call, dialog, esc, fail, icon, on, toast } = XMR;
  const { root, part, query } = page;
  const TAB = "xmr-search";

  async function earlier() {
    const panel = part("searches-panel");
    let told;
    try {
      told = await call("searches");
    } catch (error) {
      fail(error);
      return;
    }
    // of two searches for the same, one may look for sounds alone
    const into = (to) => (to?.length ? `<small>${to.map((m) => page.choices.NAMES[m]).join(", ")}</small>` : "");
    const entry = (one) => `<li data-key="${one.id} ${esc(one.library)}"><button type="button" data-do="recall" title="${esc(one.name)}">${icon(one.modality)}<span>${esc(one.name)}</span>${into(one.query.to)}</button>
      <button class="x-tool" type="button" data-do="forget" aria-label="Forget ${esc(one.name)}" title="Forget">${icon("close")}</button></li>`;
    const list = (title, entries, none) =>
      `<h3>${title}</h3>` + (entries.length ? `<ul class="x-saved-list">${entries.map(entry).join("")}</ul>` : `<p class="x-quiet">${none}</p>`);
    XMR.redraw(panel, list("Saved", told.saved, "Save a search with the star above its results.") +
      '<div data-keep="concepts"></div><div data-keep="collections"></div>' +
      list("Earlier", told.history, "What you search for is kept here, on this machine."));
    page.feedback.list(panel.querySelector('[data-keep="concepts"]')).catch(fail);
    page.shelf.list(panel.querySelector('[data-keep="collections"]')).catch(fail);
    const all = [...told.saved, ...told.history];
    panel.querySelectorAll("li[data-key]").forEach((node, index) => {
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
    page.feedback.set(kept);
    page.choices.set(kept);
    part("searches").open = false;
    if (run) page.search({ remember: true });
  }

  function save() {
    const { last } = page;
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
      await XMR.busy(box, async () => {
        try {
          const asked = { name: box.querySelector("input").value, query: last.payload.query };
          const { taken } = await call("searches.save", asked);
          if (taken !== undefined) {
            const text = "The search that has this name now will be gone.";
            if (!(await XMR.confirm({ title: `Replace ${taken}?`, text, action: "Replace" }))) return;
            await call("searches.save", { ...asked, replace: true });
          }
          box.close();
          toast("info", "Saved.", "You find it under Searches.");
        } catch (error) {
          fail(error);
        }
      });
    });
  }

  /** The tab's query, so that loading the page again does not lose it. */
  function keep(search) {
    sessionStorage.setItem(TAB, JSON.stringify(search));
  }

  /** What this tab was at before it was loaded again. */
  function restore() {
    let kept = page.trail.begin(); // of the entry of the history, which may not be the newest
    try {
      kept ??= JSON.parse(sessionStorage.getItem(TAB));
    } catch {
      /* nothing usable was kept */
    }
    if (!kept?.query) return;
    if (kept.view) page.layout(kept.view, false);
    recall(kept.query, false);
    page.search();
  }

  part("searches").addEventListener("toggle", () => part("searches").open && earlier());
  on(root, "click", '[data-do="save"]', save);

  return { keep, recall, restore, forget: () => sessionStorage.removeItem(TAB) };
};
