// The score of a hit, taken apart: a bar of what adds to it and what is subtracted, and what the result
// is worth.
"use strict";

window.XMRWhyScore = (place) => {
  const { esc, icon } = XMR;
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
  const plain = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;

  /** A row: a name, a bar from where the sum stood to where it stands, a number. */
  function row(name, from, to, text, scale, kind, title = "") {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    return `<div class="x-sum" data-kind="${kind}"${title ? ` title="${esc(title)}"` : ""}><span class="x-sum-name">${name}</span>
      <span class="x-sum-track" aria-hidden="true"><b style="left:${scale(0)}%"></b><i style="left:${scale(low)}%;width:${Math.max(0.6, scale(high) - scale(low))}%"></i></span>
      <span class="x-num">${text}</span></div>`;
  }

  function show(told) {
    // where the sum stands after each step
    const steps = [];
    let at = 0;
    for (const term of told.terms) {
      steps.push({ term, from: at, to: at + term.share });
      at += term.share;
    }
    const ends = [0, told.cosine, told.score, ...steps.flatMap((s) => [s.from, s.to])];
    const [least, most] = [Math.min(...ends), Math.max(...ends)];
    const scale = (v) => (100 * (v - least)) / (most - least || 1);
    const several = told.terms.length > 1;
    const terms = several
      ? steps.map(({ term, from, to }) => row(`<span data-m="${esc(term.modality)}">${icon(term.modality)}</span>${esc(term.label)}`,
          from, to, signed(term.share), scale, "term", `Weight ${term.weight}; alone its cosine is ${plain(term.cosine)}`)).join("")
      : "";
    const hubs = [...new Set(told.hubs.flatMap((hub) => hub.neighbours.map((near) => near.label)))].filter(Boolean).slice(0, 3);
    const branches = told.branches.length > 1
      ? `<p class="x-quiet">Of the cosine, ${told.branches.map((b) => `${esc(b.name)} ${signed(b.share)}`).join(", ")}.</p>` : "";
    place.innerHTML =
      `<div class="x-sums">${terms}
       ${row("Raw cosine", 0, told.cosine, plain(told.cosine), scale, "sum")}
       ${told.corrected ? row("Hub correction", told.cosine, told.score, signed(-told.bias), scale, "minus", "Subtracted, because this hit is near to many queries") : ""}
       ${row("Score", 0, told.score, plain(told.score), scale, "score")}</div>
       <p class="x-why-strength"><b class="x-num">${Math.round(100 * told.strength)} %</b>
       <span class="x-quiet">chance that the hit is right (${esc(told.words)})</span></p>
       <p class="x-quiet">The best score of a chance query is ${plain(told.median)} here; this one is ${signed(told.standard)} spreads (of ${plain(told.spread)} each) above it,
       log-odds of ${signed(told.offset)} ${told.slope < 0 ? "−" : "+"} ${Math.abs(told.slope).toFixed(2)} × ${told.standard.toFixed(2).replace("-", "−")} = ${signed(told.odds)}.${told.where ? ` Found at: ${esc(told.where)}.` : ""}</p>
       ${branches}${hubs.length && told.corrected ? `<p class="x-quiet">It is also near to: ${hubs.map((label) => `“${esc(label)}”`).join(", ")}.</p>` : ""}`;
  }

  return {
    show,
    broken: (error) => (place.innerHTML = XMR.note("info", error.message, error.hint)),
    clear: () => (place.innerHTML = '<div class="x-why-ghost"></div>'),
  };
};
