// Items of a collection or with a tag, ringed on the map.
"use strict";

window.XMRRinged = (stage) => {
  const { call, esc, fail, listen } = XMR;
  const MOST = 3000; // rings; more are a blot
  const select = stage.part("ringed");
  let rows = []; // of the chart
  let known = ""; // the library whose marks are listed
  let asked = 0;

  const plural = (count) => `${count.toLocaleString("en")} ${count === 1 ? "item" : "items"}`;
  const entries = (kind, list) => list.map((one) =>
    `<option value="${kind} ${esc(one.name)}">${esc(one.name)} · ${one.items.toLocaleString("en")}</option>`).join("");
  const group = (label, inside) => (inside ? `<optgroup label="${label}">${inside}</optgroup>` : "");

  /** What is kept in the library, in the list; the choice stays as long as it is there. */
  async function list() {
    const library = stage.library;
    if (!library) return;
    let told;
    try {
      told = await call("keep", { libraries: [library] });
    } catch {
      return; // the map goes without
    }
    if (library !== stage.library) return;
    const before = known === library ? select.value : "";
    known = library;
    select.innerHTML = '<option value="">Ring …</option>' +
      group("Collections", entries("collection", told.collections)) + group("Tags", entries("tag", told.tags));
    select.closest("label").hidden = select.options.length < 2;
    select.value = before;
    if (select.selectedIndex < 0) select.value = "";
    ask();
  }

  async function ask() {
    const mine = ++asked;
    const [kind, name] = [select.value.split(" ", 1)[0], select.value.slice(select.value.indexOf(" ") + 1)];
    let found = [];
    if (kind && stage.chart) {
      try {
        const { ids } = await call("map.ringed", { library: stage.library, [kind]: name });
        if (mine !== asked || !stage.chart) return;
        const wanted = new Set(ids);
        stage.chart.ids.forEach((id, row) => wanted.has(id) && found.push(row));
        stage.say(`${plural(found.length)} on the map ${found.length === 1 ? "is" : "are"} ringed.`);
      } catch (error) {
        fail(error);
        select.value = "";
      }
    }
    rows = found;
    stage.draw();
  }

  select.addEventListener("change", ask);
  listen("kept", list);

  return {
    list,
    /** Draw them, but those of groups that are left out. */
    draw(sketch, colour) {
      const radius = stage.finder.pictures.length ? 28 : stage.dot() / 2 + 1.5;
      for (const row of rows.slice(0, MOST))
        if (!stage.off.has(stage.groups[row])) sketch.ring(stage.place(row), radius, colour);
    },
    /** Another chart: rows mean other items. */
    forget() {
      rows = [];
    },
  };
};
