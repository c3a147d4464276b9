// Making a place look as some HTML says, while the elements that are there already stay.
"use strict";

{
  // what the page itself changes in an element, and no HTML of the server says
  const OWN = new Set(["open", "aria-busy", "style"]);

  /** Elements of one key are the same one; others are told apart by what they are and do. */
  function key(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return `#${node.nodeType}`;
    const { key: own, do: does, keep, m, part } = node.dataset;
    return own === undefined ? [node.tagName, does, keep, m, part].join(" ") : `${node.tagName} = ${own}`;
  }

  function attributes(old, wanted) {
    for (const { name } of [...old.attributes])
      if (!wanted.hasAttribute(name) && !OWN.has(name)) old.removeAttribute(name);
    for (const { name, value } of wanted.attributes)
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    // once somebody has ticked it, the attribute alone says nothing any more
    if (old.type === "checkbox" || old.type === "radio") old.checked = wanted.checked;
  }

  function children(place, wanted) {
    const there = new Map(); // key → nodes, in order
    for (const node of place.childNodes) {
      const name = key(node);
      if (!there.has(name)) there.set(name, []);
      there.get(name).push(node);
    }
    const pairs = [...wanted.childNodes].map((node) => [there.get(key(node))?.shift(), node]);
    for (const rest of there.values()) for (const node of rest) node.remove();
    let at = place.firstChild;
    for (const [old, node] of pairs) {
      const kept = old ?? node;
      if (kept === at) at = at.nextSibling;
      else place.insertBefore(kept, at);
      if (old) update(old, node);
    }
  }

  function update(old, wanted) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== wanted.data) old.data = wanted.data;
      return;
    }
    if (old.dataset.keep !== undefined) return; // filled by the page
    attributes(old, wanted);
    children(old, wanted);
  }

  /**
   * Put HTML into a place. Elements that stay keep the focus, a press of the pointer that has begun
   * on them, what is unfolded, scrolled or half written in them. Of a list's entries `data-key`
   * tells which is which; what is in `data-keep` is left as it is.
   * @param {Element} place
   * @param {string} html
   */
  XMR.redraw = (place, html) => {
    const wanted = document.createElement("template");
    wanted.innerHTML = html;
    const focused = document.activeElement;
    children(place, wanted.content);
    // what has been moved to another place has lost it
    if (place.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  };
}
