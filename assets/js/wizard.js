// From a folder to a run: folder, for a new library its name and profile, then a look before it starts.
(() => {
  "use strict";
  const { call, esc, icon, on } = XMR;

  const patterns = (value) => `<details class="x-left-out"${value ? " open" : ""}>
    <summary>${icon("filter")}<span>Leave files out by a pattern</span></summary>
    <label class="x-field">One pattern a line, as in a .gitignore. Hidden and system folders are left out in any case.
    <textarea name="ignore" rows="3" spellcheck="false" placeholder="*.tmp&#10;drafts/">${esc(value)}</textarea></label></details>`;

  const NAME = `<label class="x-field">Name<input type="text" name="name" maxlength="64" autocomplete="off"
    spellcheck="false" required></label><h3>Profile</h3><p class="x-quiet">What reads your media and compares
    them. It can be changed later.</p><div data-part="profiles"></div>`;

  /** A name for a library of a folder: the folder's own, made one that can be used. */
  function proposed(folder, taken) {
    const own = folder.split(/[\\/]/).filter(Boolean).pop() ?? "";
    const base = own.replace(/[^\p{L}\p{N}_ .-]+/gu, " ").replace(/^[^\p{L}\p{N}_]+|[. ]+$/gu, "").slice(0, 60) || "library";
    let name = base;
    for (let i = 2; taken.includes(name); i += 1) name = `${base} ${i}`;
    return name;
  }

  function markup(library, steps, panels) {
    return `<form method="dialog" novalidate><div class="x-dialog-head">
      <h2 id="x-wizard">${library ? `Add a folder to ${esc(library)}` : "New library"}</h2>
      <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
      <div class="x-dialog-body"><ol class="x-steps">${steps.map((one) => `<li>${one}</li>`).join("")}</ol>
      ${panels.map((html, i) => `<div class="x-step" data-step="${i}" hidden>${html}</div>`).join("")}
      <div class="x-ask-problem" role="alert"></div></div>
      <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="back">Back</button>
      <button class="x-btn x-btn-main" type="submit"></button></div></form>`;
  }

  /**
   * Open it.
   * @param {{library?: string, ignore?: string, taken: string[],
   *   begin: (action: string, payload: object, box: Element) => Promise}} options without a library
   *   one is made, by a name that is not taken; `begin` starts the run
   */
  XMR.wizard = ({ library = "", ignore = "", taken, begin }) => {
    const fresh = !library;
    const steps = fresh ? ["Folder", "Name and profile", "Look and start"] : ["Folder", "Look and start"];
    const look = `<p class="x-look-folder">${icon("folder")}<span class="x-mono" data-part="folder"></span></p>
      <div class="x-estimate" data-part="estimate"></div>${patterns(ignore)}`;
    const panels = ['<div data-part="picker"></div>', ...(fresh ? [NAME] : []), look];
    let estimate = null;
    const box = XMR.dialog(markup(library, steps, panels), { onclose: () => estimate?.stop() });
    box.classList.add("x-dialog-middle");
    const form = box.querySelector("form");
    const forth = form.querySelector('[type="submit"]');
    const part = (key) => box.querySelector(`[data-part="${key}"]`);
    const picker = XMR.picker(part("picker"));
    const profiles = fresh ? XMR.profiles(part("profiles")) : null;
    const last = steps.length - 1;
    let step = 0;
    let folder = "";
    let named = false; // a name was typed; until then it follows the folder

    function show(to) {
      step = to;
      for (const one of box.querySelectorAll(".x-step")) one.hidden = Number(one.dataset.step) !== step;
      box.querySelectorAll(".x-steps li").forEach((one, i) => {
        if (i === step) one.setAttribute("aria-current", "step");
        else one.removeAttribute("aria-current");
        one.toggleAttribute("data-done", i < step);
      });
      box.querySelector('[data-do="back"]').hidden = step === 0;
      forth.textContent = step === 0 ? "Use this folder" : step < last ? "Next" : "Start indexing";
      XMR.problem(box, null);
      estimate?.stop();
      estimate = null;
      if (step === last) weigh();
      box.scrollTop = 0;
    }

    function weigh() {
      estimate?.stop();
      part("folder").textContent = folder;
      estimate = XMR.estimate(part("estimate"), { library, folders: [folder], ignore: form.ignore.value });
    }

    async function forward() {
      if (step === 0) {
        folder = await picker.chosen();
        if (folder === null) return;
        const name = form.elements.name;
        if (name && !named) name.value = proposed(folder, taken);
        show(1);
        name?.select();
        (name ?? form.elements.ignore).focus();
        return;
      }
      if (step < last) {
        await call("library-check", { name: form.elements.name.value, profile: profiles.chosen() });
        show(step + 1);
        forth.focus();
        return;
      }
      const what = { folders: [folder], ignore: form.ignore.value };
      if (fresh)
        await begin("library-create", { folder, ignore: what.ignore, name: form.elements.name.value, profile: profiles.chosen() }, box);
      else await begin("run-start", { ...what, library }, box);
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      XMR.busy(forth, () => forward().catch((error) => XMR.problem(box, error)));
    });
    on(box, "click", '[data-do="back"]', () => show(step - 1));
    on(box, "change", '[name="ignore"]', weigh);
    on(box, "input", '[name="name"]', (_, field) => (named = field.value.trim() !== ""));
    show(0);
    box.querySelector('[name="path"]').focus();
  };
})();
