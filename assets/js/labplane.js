// Both media on a plane, before a method and after it.
"use strict";

window.XMRLabPlane = (stage) => {
  const { call, esc } = XMR;
  let asked = "";
  let loading = Promise.resolve();

  const names = () => stage.spaces();

  function show(wanted) {
    const there = names();
    const method = there.includes(wanted) ? wanted : there.at(-1);
    stage.part("planes").hidden = !method;
    const key = `${stage.told.token} ${method}`;
    if (!method || key === asked) return loading;
    asked = key;
    return (loading = load(key, method));
  }

  async function load(key, method) {
    stage.wait("planes-body");
    try {
      const told = await call("lab.planes", { token: stage.told.token, method });
      if (asked !== key) return;
      draw(told, method);
    } catch (error) {
      asked = "";
      stage.trouble("planes-body", error);
    }
  }

  function draw(told, method) {
    const groups = (side) => told.media.map((m) => ({ points: told[side][m], colours: told.classes }));
    const title = stage.titles[method];
    const classes = told.classes.length
      ? XMRChart.legend(told.names.map((name, at) => [name, at]))
      : "";
    stage.put("planes-body", `<div class="x-lab-row">${chooser(method)}`
      + `<span class="x-quiet">● ${esc(stage.medium(told.media[0]))} ☐ ${esc(stage.medium(told.media[1]))}; ${told.before[told.media[0]].length > XMRChart.JOINED ? `lines join ${XMRChart.JOINED} pairs` : "lines join pairs"}</span></div>`
      + '<div class="x-lab-pair"><figure>'
      + XMRChart.cloud({ groups: groups("before"), label: "Both media before" })
      + '<figcaption>Before: each medium by its own features. Their axes have nothing in common.</figcaption></figure><figure>'
      + XMRChart.cloud({ groups: groups("after"), label: `Both media after ${title}` })
      + `<figcaption>After ${esc(title)}: one space, its two strongest directions.</figcaption></figure></div>${classes}`);
  }

  const chooser = (method) => `<label class="x-lab-pick"><span class="x-sr">Method</span><select data-do="plane">${names().map((name) =>
    `<option value="${esc(name)}"${name === method ? " selected" : ""}>${esc(stage.titles[name])}</option>`).join("")}</select></label>`;

  XMR.on(stage.root, "change", '[data-do="plane"]', (_, select) => show(select.value));
  return { show, loaded: () => loading };
};
