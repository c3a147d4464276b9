// The gap between media as a picture and numbers, and what centring does to one list of all media.
"use strict";

window.XMRGap = (stage) => {
  const { esc, icon, on } = XMR;
  const { NAMES } = XMRAtlas;
  const { part, root } = stage;
  const per = (share) => `${Math.round(100 * share)} %`;
  let gap = null;
  let drawn = false; // the middles are shown on the map

  /** The media's middles as a little sky: as far from each other as they are in the space. */
  function sky(side) {
    const { points, between } = gap[side];
    const far = Math.max(0.35, ...gap.raw.points.flat().map(Math.abs));
    const place = ([x, y]) => [(140 + (112 * x) / far).toFixed(1), (78 - (62 * y) / far).toFixed(1)];
    const media = gap.media;
    let lines = "";
    for (let a = 0; a < media.length; a++)
      for (let b = a + 1; b < media.length; b++) {
        const [ax, ay] = place(points[a]), [bx, by] = place(points[b]);
        lines += `<line x1="${ax}" y1="${ay}" x2="${bx}" y2="${by}"><title>${esc(NAMES[media[a]])} to ${esc(NAMES[media[b]].toLowerCase())}: ${between[a][b].toFixed(2)}</title></line>`;
      }
    const marks = media.map((m, at) => {
      const [x, y] = place(points[at]);
      return `<g data-m="${m}" style="translate:${x}px ${y}px"><circle r="11"/><svg x="-7" y="-7" width="14" height="14" class="x-i"><use href="#i-${m}"/></svg></g>`;
    });
    return `<svg class="x-gap-sky" viewBox="0 0 280 156" aria-hidden="true">${lines}${marks.join("")}</svg>`;
  }

  function table(side) {
    const { between } = gap[side];
    const rows = gap.media.flatMap((a, i) => gap.media.slice(i + 1).map((b, j) =>
      `<tr><td>${NAMES[a]} and ${NAMES[b]}</td><td>${between[i][i + 1 + j].toFixed(2)}</td></tr>`));
    return `<table class="x-sr"><caption>Distances between the middles of media</caption>${rows.join("")}</table>`;
  }

  function bar(label, share, chance, on) {
    return `<div class="x-gap-bar" ${on ? "data-on" : ""}><span>${label}</span><span class="x-gap-track"><i style="width:${100 * share}%"></i>
      <b style="left:${100 * chance}%" title="By chance: ${per(chance)}"></b></span><span class="x-num">${per(share)}</span></div>`;
  }

  root.addEventListener("error", (event) => {
    const face = event.target.closest?.(".x-rank-face"); // a thumbnail that is not there
    if (face) face.innerHTML = icon(face.closest("button").dataset.m);
  }, true);

  /** Show the gap of the chart, as it is or centred. */
  function show() {
    const { centred } = stage.choice;
    const side = stage.side();
    gap = stage.chart?.gap ?? null;
    part("gap").hidden = !gap;
    if (!gap) return;
    if (gap.media.length < 2) {
      part("gap-body").innerHTML = `<p class="x-quiet">This library has ${NAMES[gap.media[0]].toLowerCase()} only; between one medium there is no gap.</p>`;
      return;
    }
    const { size, chance } = gap[side];
    XMR.redraw(part("gap-body"),
      `<div class="x-gap-top"><div><b class="x-gap-size x-num">${size.toFixed(2)}</b>
        <p class="x-quiet">mean distance between the middles of media, 0…2; ${chance.toFixed(2)} would be chance</p></div></div>
       ${sky(side)}${table(side)}
       <p class="x-gap-lead">Of an item’s ten nearest, so many are of its own medium:</p>
       ${bar("As it is", gap.own.raw, gap.own.chance, !centred)}${bar("Centred", gap.own.centred, gap.own.chance, centred)}
       <p class="x-quiet">The stroke is what chance would give.</p>
       <button type="button" class="x-btn x-btn-bare" data-do="middles" aria-pressed="${drawn}">${icon("mesh")}Show the middles on the map</button>`);
  }

  // ---- rankings

  function shares(list) {
    return `<div class="x-rank-mix">${Object.entries(list).map(([m, share]) =>
      `<i data-m="${m}" style="flex:${share}" title="${NAMES[m]}: ${per(share)}"></i>`).join("")}</div>`;
  }

  function column(title, ranking, on) {
    const rows = ranking.hits.map((hit, at) =>
      `<li data-key="${hit.id}"><button type="button" data-do="hit" data-id="${hit.id}" data-m="${esc(hit.modality)}" title="${esc(hit.title)}">
        <span class="x-rank-face">${hit.thumb ? `<img src="${esc(hit.thumb)}" alt="" loading="lazy">` : icon(hit.modality)}</span>
        <span class="x-rank-name">${esc(hit.title)}</span>${icon(hit.modality)}<span class="x-sr">, ${at + 1}</span></button></li>`);
    return `<div class="x-rank" ${on ? "data-on" : ""}><h4>${title}</h4>${shares(ranking.shares)}<ol>${rows.join("")}</ol></div>`;
  }

  /** How the query ranks all media by cosine alone, before centring and after. */
  function rank() {
    const { asked } = stage.course;
    const { centred } = stage.choice;
    part("ranking").hidden = !asked;
    if (!asked) return;
    const count = (ranking) => Object.keys(ranking.shares).length;
    const media = (n) => `${n} ${n === 1 ? "medium" : "media"}`;
    XMR.redraw(part("ranking-body"),
      `<p class="x-quiet">By cosine alone, the first ${asked.before.hits.length}: ${media(count(asked.before))} before centring, ${media(count(asked.after))} after.
        The Search page needs no centring: it weighs each medium against chance.</p>
       <div class="x-rank-mix x-rank-all" aria-hidden="true">${Object.entries(stage.chart.gap.shares).map(([m, share]) =>
         `<i data-m="${m}" style="flex:${share}"></i>`).join("")}</div><p class="x-quiet">The library’s own mix</p>
       <div class="x-ranks">${column("As it is", asked.before, !centred)}${column("Centred", asked.after, centred)}</div>`);
  }

  on(root, "click", '[data-do="middles"]', () => {
    drawn = !drawn;
    show();
    stage.retouch();
  });

  return {
    show, rank,
    /** Whether the middles are shown on the map. */
    get drawn() { return drawn; },
  };
};
