// Near-duplicates of a library: looked for, shown side by side, told apart, listed. Nothing is deleted.
"use strict";

{
  const { call, confirm, dialog, emit, esc, fail, icon, on, toast } = XMR;
  const MEDIA = [["", "All"], ["image", "Pictures"], ["audio", "Sounds"], ["video", "Videos"], ["mesh", "3D models"], ["text", "Texts"]];
  const LOOSEST = 50;

  const frame = (library) => `<div class="x-dialog-head"><h2 id="x-dup-title">Near-duplicates in ${esc(library)}</h2>
    <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
    <div class="x-dialog-body x-dup">
      <p class="x-quiet">The same thing again in another size, format or length. Nothing is changed or deleted here.</p>
      <div class="x-dup-state"><p role="status" data-part="looked">Looking up what is known …</p>
        <button class="x-btn x-btn-main" type="button" data-do="dup-look" hidden></button>
        <div class="x-dup-run" hidden><div class="x-progress" role="progressbar" aria-label="Looking for near-duplicates"
          aria-valuemin="0" aria-valuemax="100"><i></i></div><button class="x-btn" type="button" data-do="dup-cancel">Cancel</button></div></div>
      <p class="x-dup-apart" data-part="apart" role="status" hidden><span></span><button class="x-btn" type="button" data-do="dup-undo">Undo</button></p>
      <div class="x-dup-bar"><div class="x-seg" role="group" aria-label="Medium">${MEDIA.map(([value, label]) =>
        `<button type="button" data-do="dup-medium" data-medium="${value}" aria-pressed="${value === ""}">${label}</button>`).join("")}</div>
        <label class="x-dup-least">At least <output>${LOOSEST}%</output> alike
          <input type="range" min="${LOOSEST}" max="100" value="${LOOSEST}" aria-label="Least similarity in per cent"></label>
        <span class="x-dup-save"><button class="x-btn" type="button" data-do="dup-export" data-format="csv">Save as a table</button>
          <button class="x-btn" type="button" data-do="dup-export" data-format="json">As data</button></span></div>
      <ul class="x-dup-groups" aria-busy="true"></ul>
      <nav class="x-dup-pages" aria-label="Pages of groups" hidden><button class="x-btn" type="button" data-do="dup-page" data-step="-1">Back</button>
        <span class="x-num" data-part="page"></span>
        <button class="x-btn" type="button" data-do="dup-page" data-step="1">Next</button></nav></div>`;

  XMR.duplicates = (library) => {
    const box = dialog(frame(library), { onclose: () => watcher.stop() });
    box.classList.add("x-dialog-wide");
    const part = (name) => box.querySelector(`[data-part="${name}"]`);
    const list = box.querySelector(".x-dup-groups");
    const range = box.querySelector('[type="range"]');
    const state = { media: [], least: 0, offset: 0, ticket: 0, total: 0, page: 1 };

    const watcher = XMR.watchRun((_, answer) => {
      running(answer.run);
      if (!answer.run?.active) {
        if (answer.run?.error) fail(answer.run.error);
        emit("jobs-changed");
        show().catch(fail);
      }
    });

    function running(run) {
      const goes = Boolean(run?.active);
      const place = box.querySelector(".x-dup-run");
      place.hidden = !goes;
      if (!goes) return;
      box.querySelector('[data-do="dup-look"]').hidden = true;
      part("looked").textContent = `${run.what}: ${run.line}`;
      const bar = place.querySelector(".x-progress");
      const share = run.share === null ? null : Math.floor(100 * run.share);
      bar.toggleAttribute("data-unknown", share === null);
      if (share === null) bar.removeAttribute("aria-valuenow");
      else bar.setAttribute("aria-valuenow", share);
      bar.firstElementChild.style.width = share === null ? "" : `${share}%`;
      place.querySelector("button").disabled = run.stopping;
    }

    /** The groups as they are chosen; with `top`, from the beginning of the list. */
    async function show({ top = false } = {}) {
      const ticket = ++state.ticket;
      list.setAttribute("aria-busy", "true");
      const { media, least, offset } = state;
      const answer = await call("duplicates", { library, media, least, offset });
      if (ticket !== state.ticket || !box.open) return;
      if (answer.offset && answer.offset >= answer.total) {
        state.offset = Math.max(0, Math.ceil(answer.total / answer.page) - 1) * answer.page;
        return show({ top });
      }
      Object.assign(state, { total: answer.total, page: answer.page });
      list.innerHTML = answer.html || `<li class="x-quiet">${answer.looked.offer.startsWith("Look for") ? "" : "None here."}</li>`;
      list.removeAttribute("aria-busy");
      part("looked").textContent = answer.looked.line;
      const look = box.querySelector('[data-do="dup-look"]');
      look.hidden = !answer.looked.offer || answer.read_only;
      look.textContent = answer.looked.offer;
      const pages = box.querySelector(".x-dup-pages");
      pages.hidden = answer.total <= answer.page;
      part("page").textContent = `${answer.offset + 1} to ${Math.min(answer.offset + answer.page, answer.total)} of ${answer.total.toLocaleString("en")}`;
      pages.querySelector('[data-step="-1"]').disabled = !answer.offset;
      pages.querySelector('[data-step="1"]').disabled = answer.offset + answer.page >= answer.total;
      for (const button of box.querySelectorAll('[data-do="dup-export"]')) button.disabled = !answer.total;
      if (top) box.scrollTo(0, 0);
      running(answer.run);
      if (answer.run) watcher.watch(library, answer.run);
    }

    function save(name, text) {
      const url = URL.createObjectURL(new Blob([text], { type: name.endsWith("json") ? "application/json" : "text/csv" }));
      Object.assign(document.createElement("a"), { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }

    const does = {
      async "dup-look"() {
        const { run } = await call("duplicates-look", { library });
        emit("jobs-changed");
        running(run);
        watcher.watch(library, run);
      },
      async "dup-cancel"() {
        const { run } = await call("run-cancel", { library });
        running(run);
      },
      async "dup-medium"(button) {
        for (const one of button.parentElement.children) one.setAttribute("aria-pressed", one === button);
        state.media = button.dataset.medium ? [button.dataset.medium] : [];
        state.offset = 0;
        await show();
      },
      async "dup-page"(button) {
        state.offset += Number(button.dataset.step) * state.page;
        await show({ top: true });
      },
      async "dup-export"(button) {
        const { media, least } = state;
        const { name, text, groups } = await call("duplicates-export", { library, media, least, format: button.dataset.format });
        save(name, text);
        toast("info", `${groups.toLocaleString("en")} groups are listed in ${name}.`, "The column keep says which copy is the best.");
      },
      async "dup-different"(button) {
        const card = button.closest(".x-dup-card");
        const others = button.dataset.others.split(" ").map(Number);
        const sure = await confirm({
          title: "Something else?",
          text: `${card.dataset.title} will not be shown with the others of this group any more. The files stay as they are.`,
          action: "It is different",
        });
        if (!sure) return;
        const payload = { library, id: Number(card.dataset.id), others };
        await call("duplicates-different", { ...payload, different: true });
        state.apart = payload;
        // in the dialog: what lies above it cannot be reached while it is open
        part("apart").querySelector("span").textContent = `${card.dataset.title} is remembered as different.`;
        part("apart").hidden = false;
        await show();
        part("apart").querySelector("button").focus();
      },
      async "dup-undo"() {
        await call("duplicates-different", { ...state.apart, different: false });
        part("apart").hidden = true;
        await show();
        (list.querySelector("button") ?? box.querySelector('[data-do="close"]')).focus();
      },
      "dup-open": (button) => XMR.fileActions.open(button.closest(".x-dup-card")),
      "dup-reveal": (button) => XMR.fileActions.reveal(button.closest(".x-dup-card")),
      "dup-copy": (button) => XMR.fileActions.copy(button.closest(".x-dup-card")),
    };

    on(box, "click", "[data-do^='dup-']", (_, button) =>
      XMR.busy(button, async () => does[button.dataset.do](button)).catch(fail));
    // one plays at a time
    box.addEventListener("play", (event) => {
      for (const one of box.querySelectorAll("audio, video")) if (one !== event.target) one.pause();
    }, true);
    let timer;
    range.addEventListener("input", () => {
      const loose = Number(range.value) === LOOSEST;
      box.querySelector("output").textContent = `${range.value}%`;
      state.least = loose ? 0 : Number(range.value);
      state.offset = 0;
      clearTimeout(timer);
      timer = setTimeout(() => show().catch(fail), 150);
    });
    show().catch((error) => {
      box.close();
      fail(error);
    });
    return box;
  };
}
