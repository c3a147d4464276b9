// What can be fitted on, and which methods that data allow: the choices on the left of the lab.
"use strict";

window.XMRLabData = (stage) => {
  const { call, esc, on } = XMR;
  let offered = null;
  let pairs = null; // of the library that is chosen
  let asked = "";

  const one = () => offered?.data.find((d) => d.name === stage.part("data").value);
  const kind = () => pairs?.kinds[Number(stage.part("kinds").value) || 0];
  const boxes = () => [...stage.root.querySelectorAll(".x-lab-method input")];

  /** Fill in the lists; what was chosen stays so where it is still there. */
  function offer(told) {
    const { part, root } = stage;
    const before = part("data").value;
    offered = told;
    const options = (some) => some.map((d) => `<option value="${esc(d.name)}">${esc(d.title)}${d.there ? "" : " (files missing)"}</option>`).join("");
    const own = told.data.filter((d) => d.library);
    part("data").innerHTML = options(told.data.filter((d) => !d.library))
      + (own.length ? `<optgroup label="My libraries">${options(own)}</optgroup>` : "");
    if (told.data.some((d) => d.name === before)) part("data").value = before;
    if (!boxes().length)
      for (const family of root.querySelectorAll(".x-lab-family")) {
        const methods = told.methods.filter((m) => m.family === family.dataset.family);
        family.hidden = !methods.length;
        family.querySelector("[data-part]").innerHTML = methods.map((m) =>
          `<label class="x-lab-method" title="${esc(m.paper)}"><input type="checkbox" value="${esc(m.name)}"${m.chosen ? " checked" : ""}>`
          + `<span>${esc(m.title)}<small hidden></small></span></label>`).join("");
      }
    look();
  }

  /** Choose data by name, if they are there. */
  function choose(name) {
    if (!offered?.data.some((d) => d.name === name)) return;
    stage.part("data").value = name;
    look();
  }

  /** What there is to say of the data that are chosen. */
  async function look() {
    const data = one();
    pairs = null;
    stage.part("kinds-field").hidden = true;
    if (!data?.library) return say(data?.where ?? "");
    const { library } = data;
    asked = library;
    say("Counting pairs …");
    try {
      const told = await call("lab.pairs", { library });
      if (one()?.library !== library || asked !== library) return;
      pairs = told;
      stage.part("kinds").innerHTML = told.kinds.map((k, i) => `<option value="${i}">${esc(k.title)} (${k.things.toLocaleString("en")})</option>`).join("");
      stage.part("kinds-field").hidden = told.kinds.length < 2;
      counted();
    } catch (error) {
      if (one()?.library === library) say(`${error.message} ${error.hint}`);
    }
  }

  const counted = () => say(kind()?.said || pairs.said, pairs.what);

  function say(words, what = "") {
    stage.part("where").textContent = words;
    stage.part("what").hidden = !what;
    stage.part("what").lastElementChild.textContent = what;
    allow();
  }

  /** Why a method cannot be fitted on the data that are chosen, or nothing. */
  function against(method) {
    const data = one();
    if (!data) return "";
    const media = data.library ? kind()?.media ?? [] : data.captioned ? ["image", "text"] : [];
    if (method.labelled && !data.labelled) return "this data has no classes";
    if (method.family === "interaction" && media.join() !== "image,text") return "needs pictures with sentences";
    if (method.family === "translation" && !media.includes("text")) return "needs media with sentences";
    return "";
  }

  /** Grey what the data do not allow, with the reason. */
  function allow() {
    const data = one();
    for (const box of boxes()) {
      const reason = against(offered.methods.find((m) => m.name === box.value));
      const words = box.parentElement.querySelector("small");
      box.disabled = Boolean(reason);
      words.textContent = reason;
      words.hidden = !reason;
    }
    ticked();
    const ready = data?.library ? Boolean(kind()?.enough) : data?.there;
    stage.root.querySelector('[data-do="fit"]').disabled = !ready;
  }

  /** How many methods are chosen, where their list is folded away, too. */
  function ticked() {
    const count = boxes().filter((box) => box.checked && !box.disabled).length;
    stage.part("ticked").textContent = `${count} chosen`;
  }

  on(stage.root, "change", ".x-lab-method input", ticked);
  on(stage.root, "change", '[data-part="data"]', look);
  on(stage.root, "change", '[data-part="kinds"]', counted);

  return {
    offer,
    choose,
    allow,
    /** What a run is asked for. */
    chosen: () => ({
      data: stage.part("data").value,
      media: kind()?.media ?? [],
      methods: boxes().filter((box) => box.checked && !box.disabled).map((box) => box.value),
    }),
    libraries: () => offered.data.filter((d) => d.library).map((d) => d.library),
    /** Tick all methods, a few, or none; or those of a list. */
    tick(which) {
      for (const box of boxes())
        box.checked = Array.isArray(which) ? which.includes(box.value)
          : which === "all" || (which === "few" && offered.methods.find((m) => m.name === box.value).chosen);
      ticked();
    },
  };
};
