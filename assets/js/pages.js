// The pages and their addresses: #name, and what follows a slash is the page's own.
"use strict";

{
  const { emit, fail, on } = XMR;
  const pages = new Map();
  let current = null;

  /**
   * A page of the application; it begins once its markup is there.
   * @param {string} name
   * @param {{init?: (root: Element) => void, show?: () => void, hide?: () => void}} parts
   */
  function page(name, parts) {
    pages.set(name, { ...parts, root: null });
    settle();
  }

  /** Go to a page; what follows a slash in the address is the page's own. */
  function go(name) {
    if (location.hash.slice(1) === name) settle();
    else location.hash = name;
  }

  function wanted() {
    const name = location.hash.slice(1).split("/")[0];
    return document.getElementById(`x-${name}`) || pages.has(name) ? name : "search";
  }

  /** Start pages whose markup has arrived, and show the one that the address names. */
  function settle() {
    for (const [name, entry] of pages) {
      const root = document.getElementById(`x-${name}`);
      if (root?.querySelector(".x") && entry.root === null) {
        entry.root = root;
        try {
          entry.init?.(root);
        } catch (error) {
          fail(error);
        }
      }
    }
    const name = wanted();
    const entry = pages.get(name);
    if (!entry?.root) return;
    if (name !== current) {
      const left = pages.get(current);
      current = name;
      document.body.dataset.page = name;
      for (const link of document.querySelectorAll(".x-nav a")) {
        if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      if (left) left.at = scrollY;
      left?.hide?.();
      entry.show?.();
      // back to where the page was left; what an address names more closely begins at its top
      scrollTo(0, location.hash.includes("/") ? 0 : entry.at ?? 0);
    }
  }

  window.addEventListener("hashchange", settle);

  on(document, "click", ".x-skip", (event) => {
    event.preventDefault();
    const main = document.querySelector(`#x-${current} [data-main]`);
    main?.focus();
    main?.scrollIntoView({ block: "center" });
  });

  let header = false;
  function arrived() {
    if (!header && document.querySelector("#x-head .x-head")) {
      header = true;
      emit("header");
    }
    settle();
  }
  // Gradio puts the markup into the page some time after this has run
  new MutationObserver(arrived).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", arrived);

  Object.assign(XMR, { page, go });
  Object.defineProperty(XMR, "current", { get: () => current });
}
