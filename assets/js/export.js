// The hits on the page as a file: a page with their media, a table, or data.
"use strict";

window.XMRExport = (page) => {
  const { call, fail, on, toast } = XMR;
  const { root, part } = page;
  const fold = () => root.querySelector('[data-part="export"]');
  let busy = false;

  async function give(format) {
    if (busy || !page.last) return;
    const { payload } = page.last;
    const documents = page.last.action === "documents.search";
    const shown = part("results").querySelectorAll(".x-card").length;
    const lists = part("results").querySelectorAll(".x-column").length || 1;
    busy = true;
    fold().setAttribute("aria-busy", "true");
    page.say("Writing the file …");
    try {
      const k = lists > 1 ? page.last.offset : shown; // of each column
      const told = await call("search.export", { query: payload.query, columns: payload.columns, documents, k, format });
      const link = Object.assign(document.createElement("a"), { href: told.url, download: "" });
      link.click();
      page.say(`${told.hits} ${documents ? "documents" : "hits"} are written.`);
      if (told.left_out.length)
        toast("warn", `${told.left_out.length} of ${told.hits} files could not be taken along.`, told.left_out.slice(0, 3).join(" "));
    } catch (error) {
      fail(error);
    } finally {
      busy = false;
      fold().removeAttribute("aria-busy");
    }
  }

  on(root, "click", '[data-do="export"]', (_, button) => give(button.dataset.format));
};
