// The shelf of the Library page: a card a library, one of them chosen.
"use strict";

/**
 * @param {Element} root of the page
 * @param {() => string} shown the name of the library that is shown
 */
XMR.shelf = (root, shown) => {
  const list = root.querySelector(".x-shelf-list");
  let asked = 0;
  let when = 0;

  const cards = () => [...list.querySelectorAll(".x-lib-card")];

  /** Mark the library that is shown. */
  function mark() {
    for (const card of cards())
      if (card.dataset.library === shown()) {
        card.setAttribute("aria-current", "true");
        reveal(card);
      } else card.removeAttribute("aria-current");
  }

  /** On narrow screens the shelf is a row: bring a card into it. */
  function reveal(card) {
    const [inner, outer] = [card.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 14;
  }

  /** Ask the server what there is, and show it: {names, start}. */
  async function load() {
    const ticket = ++asked;
    when = Date.now();
    const answer = await XMR.call("library-shelf");
    if (ticket !== asked) return answer; // a later answer is there, or on its way
    XMR.redraw(list, answer.html);
    list.removeAttribute("aria-busy");
    root.querySelector(".x-lib").toggleAttribute("data-none", !answer.names.length);
    mark();
    return answer;
  }

  return {
    load, mark,
    /** Names, as last told. */
    get names() { return cards().map((card) => card.dataset.library); },
    /** Milliseconds since it was last asked for. */
    get age() { return Date.now() - when; },
  };
};
