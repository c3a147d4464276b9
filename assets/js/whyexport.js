// What the Why page gives away: what is looked at as a picture, or as a page of its own.
"use strict";

/** @param {() => ?{payload: object, method: string, title: string, hit: string, picture: () => object}} shown
 *  @param {(text: string) => void} wait */
window.XMRWhyExport = (root, { shown, wait }) => {
  const { call, fail, on } = XMR;

  function save(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  const named = (end) => `why ${shown().hit}`.replace(/[^\p{L}\p{N} ._-]/gu, "_").slice(0, 80) + end;

  const png = async () => save(await XMRWhyPrint(shown().picture()), named(".png"));

  async function html() {
    wait("Writing the page …");
    try {
      const name = named(".html");
      const { payload, method, strength } = shown();
      const told = await call("why.export", { ...payload, method, opacity: Math.round(100 * strength) });
      save(new Blob([told.html], { type: "text/html" }), name);
    } finally {
      wait("");
    }
  }

  on(root, "click", '[data-do="png"]', () => png().catch(fail));
  on(root, "click", '[data-do="html"]', () => html().catch(fail));
};
