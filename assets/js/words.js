// Words inside media: the line on a card that plays from there, the list in an item's dialog, the dialog of a library.
"use strict";

window.XMRWords = (() => {
  const { call, dialog, emit, esc, fail, icon, on } = XMR;

  document.addEventListener("click", (event) => {
    const said = event.target.closest?.(".x-said[data-from]");
    if (said) XMRPlayer.from(said.closest(".x-card"), Number(said.dataset.from));
  });

  /** The words of an item, in its dialog; nothing where it has none. */
  async function fill(box, inside) {
    const { library, id } = inside.dataset;
    const place = XMR.make('<div class="x-words"></div>');
    try {
      const { html } = await call("item.words", { library, id: Number(id) });
      if (!html || !box.open) return;
      place.innerHTML = html;
    } catch (error) {
      fail(error);
      return;
    }
    const before = box.querySelector(".x-side .x-facts");
    before ? before.before(place) : box.querySelector(".x-side")?.append(place);
    on(place, "click", '[data-do="region"]', (event, button) => {
      event.stopPropagation();
      outline(box, button);
    });
  }

  /** A frame around a line of writing in the picture; pressed again, none. */
  function outline(box, button) {
    const image = box.querySelector(".x-stage > img");
    if (!image) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of box.querySelectorAll('[data-do="region"]')) other.setAttribute("aria-pressed", on && other === button);
    box.querySelector(".x-outline")?.remove();
    if (!on) return;
    const [top, left, bottom, right] = button.dataset.box.split(" ").map(Number);
    const frame = XMR.make('<i class="x-outline" aria-hidden="true"></i>');
    image.after(frame);
    const place = () => {
      const stage = image.parentElement.getBoundingClientRect();
      const area = image.getBoundingClientRect();
      const scale = Math.min(area.width / image.naturalWidth, area.height / image.naturalHeight);
      const [wide, high] = [scale * image.naturalWidth, scale * image.naturalHeight];
      const x = area.x - stage.x + (area.width - wide) / 2 + image.parentElement.scrollLeft;
      const y = area.y - stage.y + (area.height - high) / 2 + image.parentElement.scrollTop;
      Object.assign(frame.style, {
        left: `${x + left * wide - 3}px`, top: `${y + top * high - 3}px`,
        width: `${(right - left) * wide + 6}px`, height: `${(bottom - top) * high + 6}px`,
      });
    };
    place();
    new ResizeObserver(() => frame.isConnected && place()).observe(image);
  }

  const frame = (library) => `<div class="x-dialog-head"><h2 id="x-words-title">Words inside ${esc(library)}</h2>
    <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
    <div class="x-dialog-body x-words-look">
      <p class="x-quiet">What is written in pictures and said in sounds can be searched, once it has been looked for. It takes a
        while, and goes on where it was.</p>
      <div class="x-works" data-part="works" aria-busy="true"></div>
      <div class="x-listener" hidden><label class="x-field">Who hears speech<select data-part="listener"></select></label>
        <label class="x-field" hidden>Folder of a Whisper model on this machine
          <input type="text" data-part="folder" placeholder="/path/to/folder" spellcheck="false" autocomplete="off"></label>
        <p class="x-quiet" data-part="cost" role="status"></p></div>
      <p class="x-quiet" data-part="found" role="status"></p>
      <div class="x-words-run" hidden><span data-part="line"></span><div class="x-progress" role="progressbar"
        aria-label="Looking for words" aria-valuemin="0" aria-valuemax="100"><i></i></div>
        <button class="x-btn" type="button" data-do="words-stop">Stop</button></div>
      <div class="x-words-go"><button class="x-btn x-btn-main" type="button" data-do="words-look" hidden></button>
        <button class="x-btn" type="button" data-do="words-again" hidden>Try those that failed again</button></div>
      <details data-part="failures" hidden></details></div>`;

  const ANOTHER = "whisper:";

  /** What was looked into in a library, and going on with it. */
  function look(library) {
    const box = dialog(frame(library), { onclose: () => watcher.stop() });
    const part = (name) => box.querySelector(`[data-part="${name}"]`);
    const watcher = XMR.watchRun((_, answer) => {
      running(answer.run);
      if (answer.run?.active) return;
      if (answer.run?.error) fail(answer.run.error);
      emit("jobs-changed");
      show().catch(fail);
    });

    function running(run) {
      const goes = Boolean(run?.active);
      box.querySelector(".x-words-run").hidden = !goes;
      box.querySelector(".x-words-go").hidden = goes;
      if (!goes) return;
      part("line").textContent = `${run.what}: ${run.line}`;
      const bar = box.querySelector(".x-progress");
      const share = run.share === null ? null : Math.floor(100 * run.share);
      bar.toggleAttribute("data-unknown", share === null);
      if (share === null) bar.removeAttribute("aria-valuenow");
      else bar.setAttribute("aria-valuenow", share);
      bar.firstElementChild.style.width = share === null ? "" : `${share}%`;
      box.querySelector('[data-do="words-stop"]').disabled = run.stopping;
    }

    /** The listener that is chosen, "" before any is known or while a folder is not named. */
    function listener() {
      const chosen = part("listener").value;
      const folder = part("folder").value.trim();
      return chosen === ANOTHER ? folder && `whisper:${folder}` : chosen;
    }

    function listeners({ name, choices, about }) {
      const select = part("listener");
      const row = ({ name, title }) => `<option value="${esc(name)}">${esc(title)}</option>`;
      if (select.value !== ANOTHER || !part("folder").value) {
        select.innerHTML = choices.map(row).join("") + `<option value="${ANOTHER}">Whisper from a folder …</option>`;
        select.value = name;
        part("folder").parentElement.hidden = true;
      }
      part("cost").textContent = about;
      box.querySelector(".x-listener").hidden = false;
    }

    async function show(chosen = false) {
      const told = await call("words", { library, listener: listener() });
      if (!box.open) return;
      listeners(told.listener);
      const off = [...box.querySelectorAll(".x-work input:not(:checked)")].map((one) => one.value);
      part("works").innerHTML = told.html;
      if (chosen) for (const one of box.querySelectorAll(".x-work input")) one.checked &&= !off.includes(one.value);
      part("works").removeAttribute("aria-busy");
      part("found").textContent = told.found;
      part("failures").innerHTML = told.failures;
      part("failures").hidden = !told.failures;
      const go = box.querySelector('[data-do="words-look"]');
      go.hidden = !told.waiting || told.read_only;
      go.textContent = told.begun ? "Go on" : "Start";
      box.querySelector('[data-do="words-again"]').hidden = !told.failures || told.read_only;
      running(told.run);
      if (told.run) watcher.watch(library, told.run);
    }

    async function begin(again) {
      const works = [...box.querySelectorAll(".x-work input:checked")].map((one) => one.value);
      if (!works.length && !again) {
        XMR.toast("info", "Nothing is chosen.", "Choose what to look for.");
        return;
      }
      if (part("listener").value === ANOTHER && !listener()) {
        XMR.toast("info", "No folder is named.", "Name the folder of a Whisper model, or choose another listener.");
        return;
      }
      const { run } = await call("words-look", { library, works, again, listener: listener() });
      emit("jobs-changed");
      running(run);
      watcher.watch(library, run);
    }

    const does = {
      "words-look": () => begin(false),
      "words-again": () => begin(true),
      async "words-stop"() {
        running((await call("run-cancel", { library })).run);
      },
    };
    on(box, "change", ".x-listener select, .x-listener input", () => {
      const named = part("listener").value === ANOTHER;
      part("folder").parentElement.hidden = !named;
      if (named && !listener()) {
        part("cost").textContent = "";
        part("folder").focus();
      } else show(true).catch(fail);
    });
    on(box, "click", "[data-do]", (_, button) => does[button.dataset.do]?.()?.catch(fail));
    show().catch(fail);
  }

  return { fill, look };
})();
