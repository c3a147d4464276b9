// The score of a hit, taken apart: a bar of what adds to it and what is subtracted, and what the result
// is worth.
"use strict";

window.XMRWhyScore = (place) => {
  const { esc, icon } = XMR;
  const signed = (value, places = 3) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(places)}`;
  const plain = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;

  /** A row: a name, a bar from where the sum stood to where it stands, a number. */
  function row(name, from, to, text, scale, kind, title = "") {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    return `<div class="x-sum" data-kind="${kind}"${title ? ` title="${esc(title)}"` : ""}><span class="x-sum-name">${name}</span>
      <span class="x-sum-track" aria-hidden="true"><b style="left:${scale(0)}%"></b><i style="left:${scale(low)}%;width:${Math.max(0.6, scale(high) - scale(low))}%"></i></span>
      <span class="x-num">${text}</span></div>`;
  }

  /** What the score is read against: chance queries' best, and the query's own usual score here. */
  function against(told) {
    const { best, lead, offset } = told.chance;
    const line = (name, value, { median, spread, spreads, weight }) =>
      `<tr><th scope="row">${name}</th><td class="x-num">${plain(value)}</td><td class="x-num">${plain(median)} ± ${spread.toFixed(3)}</td>
       <td class="x-num">${signed(spreads, 1)}</td><td class="x-num">× ${weight.toFixed(2)}</td></tr>`;
    const steps = [offset, best.spreads * best.weight, lead.spreads * lead.weight, ...told.evidence.map(({ odds }) => odds)].map((value) => Math.round(100 * value) / 100);
    const last = told.evidence.map(({ adds, odds }) => `${signed(odds, 2)} for ${adds}`).join(", ");
    const sum = steps.reduce((total, value) => total + value, 0); // of what is shown, so that it adds up
    return `<table class="x-against"><thead><tr><td></td><th scope="col">this hit</th><th scope="col">chance queries</th>
      <th scope="col">spreads</th><th scope="col">weight</th></tr></thead><tbody>
      ${line("Score", told.score, best)}
      ${line("Lead over the query’s usual score", told.score - told.typical, lead)}</tbody></table>
      <p class="x-quiet">Log-odds: ${steps.map((value) => signed(value, 2)).join(" ")} = ${signed(sum, 2)}.${last ? ` Of these, ${last}.` : ""}${told.where ? ` Found at: ${esc(told.where)}.` : ""}</p>`;
  }

  function show(told) {
    // where the sum stands after each step
    const steps = [];
    let at = 0;
    for (const term of told.terms) {
      steps.push({ term, from: at, to: at + term.share });
      at += term.share;
    }
    const ends = [0, told.cosine, told.cosine - told.bias, told.score, ...steps.flatMap((s) => [s.from, s.to])];
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
    const words = told.terms.flatMap((term) => term.through ?? []);
    const through = words.length
      ? `<p class="x-quiet">Sounds are looked for through words: ${words.map((word) => `${esc(word.name)} ${Math.round(100 * word.share)} %`).join(", ")}.</p>` : "";
    place.innerHTML =
      `<div class="x-sums">${terms}
       ${row("Raw cosine", 0, told.cosine, plain(told.cosine), scale, "sum")}
       ${told.corrected ? row("Hub correction", told.cosine, told.cosine - told.bias, signed(-told.bias), scale, "minus", "Subtracted, because this hit is near to many queries") : ""}
       ${told.learned ? row("What your marks taught", told.score - told.learned, told.score, signed(told.learned), scale, told.learned < 0 ? "minus" : "term", "Nearer to what you liked than to what you did not") : ""}
       ${row("Score", 0, told.score, plain(told.score), scale, "score")}</div>
       <p class="x-why-strength"><b class="x-num">${Math.round(100 * told.strength)} %</b>
       <span class="x-quiet">chance that the hit is right (${esc(told.words)})</span></p>
       ${through}${against(told)}
       ${branches}${hubs.length && told.corrected ? `<p class="x-quiet">It is also near to: ${hubs.map((label) => `“${esc(label)}”`).join(", ")}.</p>` : ""}`;
  }

  return {
    show,
    broken: (error) => (place.innerHTML = XMR.note("info", error.message, error.hint)),
    clear: () => (place.innerHTML = '<div class="x-why-ghost"></div>'),
  };
};
