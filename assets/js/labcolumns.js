// One query through several methods: a column each, with lines where the same answer moves.
"use strict";

window.XMRLabColumns = (stage) => {
  const { call, esc, on } = XMR;
  let source = "";
  let row = null;
  let rows = [];
  let drawn = "";
  let loading = Promise.resolve();

  /** Resolves once they are there. */
  function show() {
    const { told } = stage;
    const fitted = stage.spaces();
    stage.part("columns").hidden = !fitted.length;
    const key = `${told.token} ${fitted.join()}`;
    if (!fitted.length || key === drawn) return loading;
    drawn = key;
    if (!told.media.includes(source)) {
      source = told.media.at(-1);
      row = null;
    }
    return (loading = ask(row === null));
  }

  async function ask(anew) {
    const { token } = stage.told;
    try {
      if (anew) {
        ({ rows } = await call("lab.queries", { token, source }));
        row = rows[0].row;
      }
      draw(await call("lab.columns", { token, source, row }));
    } catch (error) {
      drawn = "";
      stage.trouble("columns-body", error);
    }
  }

  function draw(told) {
    const media = stage.told.media.map((m) => `<button type="button" data-do="source" data-value="${m}" aria-pressed="${m === source}">${esc(stage.medium(m))}</button>`).join("");
    const options = rows.map((r) => `<option value="${r.row}"${r.row === row ? " selected" : ""}>${esc(r.name.slice(0, 90))}</option>`).join("");
    const right = (column) => column.hits.filter((hit) => hit.right).length;
    const columns = told.columns.map((column, at) => `<section class="x-lab-column" data-at="${at}"><h4>${esc(stage.titles[column.method])}</h4>`
      + `<p class="x-quiet">${right(column)} of ${column.hits.length} right</p><ol>${column.hits.map((hit) =>
        `<li data-row="${hit.row}"${hit.right ? " data-right" : ""} title="cosine ${hit.score}">${picture(told.target, hit.row)}<span>${esc(hit.name)}</span>${hit.right ? '<span class="x-sr">right</span>' : ""}</li>`).join("")}</ol></section>`).join("");
    const { token } = stage.told;
    stage.put("columns-body", `<div class="x-lab-row"><span class="x-seg" role="group" aria-label="Ask in">${media}</span>`
      + `<label class="x-lab-pick"><span class="x-sr">Query</span><select data-do="row">${options}</select></label></div>`
      + `<p class="x-lab-asked">${esc(stage.medium(told.source))} ${picture(told.source, row)}<strong>${esc(told.query)}</strong> finds ${esc(stage.mediums(told.target))}:</p>`
      + `<div class="x-lab-scroll" tabindex="0" role="group" aria-label="What each method finds"><div class="x-lab-columns" style="--n:${told.columns.length}">${columns}<svg class="x-lab-shifts" aria-hidden="true"></svg></div></div>`);
    stage.pictures(stage.part("columns-body"), token);
    shifts();
  }

  /** Where pictures are files, they are shown beside the words. */
  const picture = (medium, id) => (medium === "image" && stage.told.usable ? `<img data-picture="${id}" alt="" width="46" height="34">` : "");

  /** Lines between neighbouring columns, from an answer to the same answer. */
  function shifts() {
    const box = stage.root.querySelector(".x-lab-columns");
    const svg = box?.querySelector("svg");
    if (!svg || !box.clientWidth) return;
    const from = box.getBoundingClientRect();
    const lists = [...box.querySelectorAll(".x-lab-column")].map((c) => new Map([...c.querySelectorAll("li")].map((li) => [li.dataset.row, li])));
    let paths = "";
    for (let at = 0; at + 1 < lists.length; at += 1)
      for (const [id, li] of lists[at]) {
        const other = lists[at + 1].get(id);
        if (!other) continue;
        const [a, b] = [li.getBoundingClientRect(), other.getBoundingClientRect()];
        const [x1, y1, x2, y2] = [a.right - from.left, (a.top + a.bottom) / 2 - from.top, b.left - from.left, (b.top + b.bottom) / 2 - from.top];
        paths += `<path data-row="${id}" d="M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}"/>`;
      }
    svg.setAttribute("viewBox", `0 0 ${box.scrollWidth} ${box.scrollHeight}`);
    svg.style.width = `${box.scrollWidth}px`;
    svg.innerHTML = paths;
  }

  /** The same answer everywhere, under the pointer. */
  function light(id) {
    for (const node of stage.root.querySelectorAll(".x-lab-columns [data-row]"))
      node.toggleAttribute("data-same", id !== null && node.dataset.row === id);
  }

  on(stage.root, "click", '[data-do="source"]', (_, button) => {
    source = button.dataset.value;
    ask(true);
  });
  on(stage.root, "change", '[data-do="row"]', (_, select) => {
    row = Number(select.value);
    ask(false);
  });
  on(stage.root, "pointerover", ".x-lab-column li", (_, li) => light(li.dataset.row));
  on(stage.root, "pointerout", ".x-lab-column li", () => light(null));
  addEventListener("resize", shifts);
  return { show, shifts };
};
