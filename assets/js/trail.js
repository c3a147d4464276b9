// Back and Forward go through the searches of a tab: each is an entry of the browser's history, with its
// query in it as it was stated, and how its answer is laid out: in a grid, in columns, as documents.
"use strict";

window.XMRTrail = (page, { recall, clear }) => {
  const QUICK = 1500; // ms: changes that follow each other so fast are one step
  let when = 0;
  let coming = false; // another page has led here with a query of its own

  const here = () => (XMR.current ?? "search") === "search";
  const told = (search) => JSON.stringify([search?.query, search?.view]);
  const shown = () => page.last && { query: page.last.payload.query, view: page.last.view };
  const mark = (search) => ({ ...history.state, xmr: search });

  /** A search was asked for: go on from what the entry has, or take its place; `meant` by key or button. */
  function record(search, meant) {
    if (!here()) return;
    const now = history.state?.xmr;
    if (now?.query && told(now) === told(search)) return;
    const quick = !meant && now?.query && Date.now() - when < QUICK;
    when = Date.now();
    if (quick || coming) history.replaceState(mark(search), "");
    else history.pushState(mark(search), "");
    coming = false;
  }

  window.addEventListener("popstate", (event) => {
    const name = location.hash.slice(1).split("/")[0];
    if (name && name !== "search") return;
    const kept = event.state?.xmr;
    // a link to the page has made a new entry: what is shown is what belongs to it
    if (!kept) history.replaceState(mark(shown() ?? {}), "");
    else if (!kept.query) clear();
    else if (told(kept) !== told(shown())) recall(kept);
  });

  return {
    record,
    /** What comes next was asked for on another page. */
    arriving() {
      coming = true;
    },
    /** The query that the present entry of the history has, and a mark on the first one. */
    begin() {
      const kept = history.state?.xmr ?? null;
      if (!kept && here()) history.replaceState(mark({}), "");
      return kept?.query ? kept : null;
    },
  };
};
