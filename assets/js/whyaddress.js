// Where a pair of the Why page is found: #why/library/item/term?q=the query as JSON, so that a pair can be
// loaded again, kept and sent to somebody.
"use strict";

window.XMRWhyAddress = {
  /** Of a pair; `term` is the place of the query's term that is looked at, if it is not the heaviest. */
  of({ library, id, query: { terms, corrected, marks }, term }) {
    const stated = encodeURIComponent(JSON.stringify({ terms, corrected: corrected !== false, marks }));
    return `why/${encodeURIComponent(library)}/${id}${term === undefined ? "" : `/${term}`}?q=${stated}`;
  },

  /** What an address asks for: {library, id, query, term}, or null where it is of no pair. */
  read(hash) {
    const found = /^#?why\/([^/?]+)\/(\d+)(?:\/(\d+))?\?q=(.+)$/s.exec(hash);
    if (!found) return null;
    try {
      const payload = { library: decodeURIComponent(found[1]), id: Number(found[2]), query: JSON.parse(decodeURIComponent(found[4])) };
      if (found[3] !== undefined) payload.term = Number(found[3]);
      return payload;
    } catch {
      return null;
    }
  },
};
