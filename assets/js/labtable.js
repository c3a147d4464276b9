// The lab's table: methods against measures, the best of each column set bold, intervals beside.
"use strict";

window.XMRLabTable = (() => {
  const { esc } = XMR;
  const COLUMNS = {
    labels: [["map", "mAP"], ["map@50", "mAP@50"], ["precision@10", "P@10"], ["ndcg@50", "nDCG@50"]],
    pairs: [["recall@1", "R@1"], ["recall@5", "R@5"], ["recall@10", "R@10"], ["median_rank", "Median rank"]],
  };
  const FEW = 50; // things to measure on
  const LOWER = new Set(["median_rank"]);

  const number = (name, value) => (name === "median_rank" ? value.toFixed(value < 100 ? 1 : 0) : value.toFixed(3));

  const first = (nth) => (nth ? "" : " data-first"); // of a direction's columns

  function cell(nth, name, told, best) {
    const [value, low, high] = told;
    const among = `${number(name, low)} to ${number(name, high)} in 95 of 100 sets of queries`;
    return `<td class="x-num"${first(nth)}${best ? " data-best" : ""} title="${esc(among)}">${number(name, value)}<small>±${number(name, (high - low) / 2)}</small></td>`;
  }

  /** What a row's vectors are, or whose ranking it looks at again. */
  function kind({ again, bits, dim }, titles) {
    if (again) return `the best ${again.best} of ${esc(titles[again.first] ?? again.first)} looked at again, weight ${again.weight}`;
    return `${dim} ${bits ? "bits" : "dimensions"}`;
  }

  /** What is measured on; where that is little, what it is worth. */
  function tested({ tested: rows }, mediums) {
    const counts = Object.entries(rows).map(([m, n]) => `${n.toLocaleString("en")} ${mediums(m)}`);
    const few = Math.min(...Object.values(rows)) < FEW;
    return `${counts.join(" and ")}${few ? ": so few are soon all found, whatever the method" : ""}`;
  }

  /** @param told what the server says of a run; @param way what counts as found; @param titles names of methods; @param medium, mediums its words for one and for many */
  function draw(told, way, titles, { medium, mediums }, sorted) {
    const columns = COLUMNS[way] ?? [];
    // what translators say is no ranking, and has a place of its own
    const names = told.methods.filter((name) => told.fits[name]?.by || told.problems[name]);
    const fitted = names.filter((name) => told.fits[name]?.by[way]);
    const arrows = fitted.length ? Object.keys(told.fits[fitted[0]].by[way].directions) : [];
    const value = (name, arrow, measure) => told.fits[name]?.by[way]?.directions[arrow]?.[measure]?.[0];
    const best = {};
    for (const arrow of arrows)
      for (const [measure] of columns) {
        const values = fitted.map((name) => value(name, arrow, measure));
        best[arrow + measure] = LOWER.has(measure) ? Math.min(...values) : Math.max(...values);
      }
    if (sorted) {
      const [arrow, measure] = sorted.split("|");
      const turn = LOWER.has(measure) ? 1 : -1;
      names.sort((a, b) => turn * ((value(a, arrow, measure) ?? -turn * Infinity) - (value(b, arrow, measure) ?? -turn * Infinity)));
    }
    const say = (arrow) => arrow.split("→").map(medium).join(" → ");
    const top = arrows.map((arrow) => `<th colspan="${columns.length}" scope="colgroup">${esc(say(arrow))}</th>`).join("");
    const head = arrows.map((arrow) => columns.map(([measure, word], nth) =>
      `<th scope="col"${first(nth)}${sorted === `${arrow}|${measure}` ? ` aria-sort="${LOWER.has(measure) ? "ascending" : "descending"}"` : ""}><button type="button" data-do="sort" data-value="${esc(arrow)}|${measure}" aria-pressed="${sorted === `${arrow}|${measure}`}">${word}</button></th>`).join("")).join("");
    const row = (name) => {
      const fit = told.fits[name];
      const span = arrows.length * columns.length + 1;
      if (!fit) return `<tr data-key="${esc(name)}"><th scope="row">${esc(titles[name] ?? name)}</th><td class="x-lab-bad" colspan="${span}">${esc(told.problems[name])}</td><td></td></tr>`;
      const cells = !fit.by[way] ? `<td class="x-lab-none" colspan="${span - 1}">counted by own partners alone</td>` : arrows.map((arrow) => columns.map(([measure], nth) =>
        cell(nth, measure, fit.by[way].directions[arrow][measure], fitted.length > 1 && value(name, arrow, measure) === best[arrow + measure])).join("")).join("");
      const use = told.usable && fit.dim
        ? `<button type="button" class="x-btn x-btn-bare" data-do="keep" data-method="${esc(name)}">Use …</button>` : "";
      return `<tr data-key="${esc(name)}"><th scope="row"><i style="background:${XMRChart.colour(told.methods.indexOf(name))}"></i>${esc(titles[name] ?? name)}`
        + `<small>${kind(fit, titles)}</small></th>${cells}<td class="x-num x-quiet">${fit.seconds < 0.1 ? "< 0.1" : fit.seconds.toFixed(1)} s</td><td>${use}</td></tr>`;
    };
    return `<div class="x-lab-scroll" tabindex="0" role="group" aria-label="Table of methods"><table class="x-lab-table"><thead><tr><th rowspan="2" scope="col">Method</th>${top}<th rowspan="2" scope="col">Fitted in</th><th rowspan="2"></th></tr><tr>${head}</tr></thead>`
      + `<tbody>${names.map(row).join("")}</tbody></table></div>`
      + `<p class="x-quiet">${told.pairs.toLocaleString("en")} pairs to learn from, measured on ${tested(told, mediums)}. The small numbers are half of a 95% interval over queries (bootstrap): methods whose intervals overlap may not differ.</p>`;
  }

  return { draw };
})();
