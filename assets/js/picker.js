// A browser of this machine's folders: crumbs, places, a pasted path, arrow keys.
(() => {
  "use strict";
  const { esc, icon, on } = XMR;

  const MARKUP = `
    <div class="x-browse-path"><label class="x-field">Path of the folder
      <input type="text" name="path" spellcheck="false" autocomplete="off" autocapitalize="off"
        placeholder="Paste a path, or pick a folder below"></label>
      <button type="button" class="x-btn" data-go>Go there</button></div>
    <div class="x-browse-problem" role="alert"></div>
    <div class="x-places" role="group" aria-label="Places"></div>
    <nav class="x-crumbs" aria-label="Folders above"></nav>
    <ul class="x-folders" aria-label="Folders here"></ul>
    <p class="x-quiet x-browse-here" role="status"></p>`;

  /**
   * Put a picker into an element. Its choice is the folder it is in.
   * @param {Element} place
   * @param {{start?: string, onmove?: (path: string) => void}} options
   */
  XMR.picker = (place, { start = "", onmove } = {}) => {
    place.classList.add("x-browse");
    place.innerHTML = MARKUP;
    const field = place.querySelector("input");
    const list = place.querySelector(".x-folders");
    let now = null;
    let typed = "";
    let typedAt = 0;
    let asked = 0;
    let going = null; // on the way to the last folder asked for

    const rows = () => [...list.querySelectorAll("button")];
    const folders = () => [...list.querySelectorAll("button:not(.x-folders-up)")];

    /** One row can be reached by Tab; the arrows move among the others. */
    function rove(row, focus = true) {
      for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
      if (focus) row?.focus();
    }

    function problem(error) {
      const box = place.querySelector(".x-browse-problem");
      box.innerHTML = error ? XMR.note("bad", error.message, error.hint) : "";
    }

    /** The place that one is at looks pressed. */
    function press() {
      for (const button of place.querySelectorAll(".x-places button"))
        button.setAttribute("aria-pressed", button.dataset.path === now?.path);
    }

    // they may be long in coming: a disk on the network is asked whether it is there
    XMR.call("library-places").then(({ places }) => {
      place.querySelector(".x-places").innerHTML = places
        .map(([name, path]) => `<button type="button" class="x-btn" data-path="${esc(path)}">
          ${icon("folder")}${esc(name)}</button>`)
        .join("");
      press();
    }, () => {});

    function crumb([name, path], index, all) {
      const last = index === all.length - 1;
      return `<button type="button" data-key="${esc(path)}" data-path="${esc(path)}"${last ? ' aria-current="true"' : ""}>${esc(name)}</button>`;
    }

    function show(answer, focus) {
      const came = now?.path;
      now = answer;
      problem(null);
      press();
      XMR.redraw(place.querySelector(".x-crumbs"), now.crumbs.map(crumb).join('<i aria-hidden="true">›</i>'));
      const up = now.parent
        ? `<li data-key="up"><button type="button" tabindex="-1" class="x-folders-up" data-path="${esc(now.parent)}">
           ${icon("up")}<span>Up to ${esc(now.crumbs.at(-2)[0])}</span></button></li>`
        : "";
      XMR.redraw(list, up + (now.folders
        .map(([name, path]) => `<li data-key="${esc(path)}"><button type="button" tabindex="-1" data-path="${esc(path)}">
          ${icon("folder")}<span>${esc(name)}</span></button></li>`)
        .join("") || '<li class="x-folders-none x-quiet">No folders in here.</li>'));
      const files = `${now.files.toLocaleString("en")} ${now.files === 1 ? "file" : "files"} right here`;
      const media = now.files ? `, ${now.media.toLocaleString("en")} of them media` : "";
      const left = now.left_out ? ` ${now.left_out.toLocaleString("en")} more folders are not listed: paste the path.` : "";
      place.querySelector(".x-browse-here").textContent =
        `${files}${media}; folders inside are included.${left}`;
      // coming up from a folder, one is still at it
      const at = folders().find((row) => row.dataset.path === came) ?? folders()[0] ?? rows()[0];
      rove(at, false);
      at?.scrollIntoView({ block: "nearest" });
      if (focus) (at ?? field).focus();
      const crumbs = place.querySelector(".x-crumbs");
      crumbs.scrollLeft = crumbs.scrollWidth;
      onmove?.(now.path);
    }

    /** Where one is; selected, so that what is pasted or typed next takes its place. */
    function write(path) {
      field.value = path;
      if (document.activeElement === field) field.select();
    }

    /** Go to a folder; the last request wins. Resolves to whether it could be opened. */
    function go(path, focus = true) {
      const mine = ask(path, focus).finally(() => {
        if (going === mine) going = null;
      });
      going = mine;
      return mine;
    }

    async function ask(path, focus) {
      const ticket = ++asked;
      const before = field.value;
      list.setAttribute("aria-busy", "true");
      try {
        const answer = await XMR.call("library-folders", { path });
        if (ticket === asked) {
          if (field.value === before) write(answer.path); // else somebody is typing
          show(answer, focus);
        }
        return true;
      } catch (error) {
        if (ticket === asked) problem(error);
        return false;
      } finally {
        if (ticket === asked) list.removeAttribute("aria-busy");
      }
    }

    on(place, "click", "[data-path]", (event, row) => {
      // the second half of a double click has landed in the folder that the first one opened
      if (event.detail > 1 && list.contains(row) && !row.matches(".x-folders-up")) return;
      go(row.dataset.path, list.contains(row));
    });
    on(place, "click", "[data-go]", () => go(field.value, false));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the form around it is not to be sent yet
      go(field.value, false);
    });
    list.addEventListener("keydown", (event) => {
      const all = rows();
      const at = all.indexOf(document.activeElement);
      const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in moves) rove(all[Math.max(0, Math.min(all.length - 1, moves[event.key]))]);
      else if (event.key === "ArrowRight" && at >= 0) go(all[at].dataset.path);
      else if ((event.key === "ArrowLeft" || event.key === "Backspace") && now?.parent) go(now.parent);
      else if (event.key.length === 1 && event.key !== " ") {
        // typing the beginning of a name goes to it
        typed = event.timeStamp - typedAt < 800 ? typed + event.key : event.key;
        typedAt = event.timeStamp;
        const found = folders().find((row) => row.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()));
        if (found) rove(found);
      } else return;
      event.preventDefault();
    });

    go(start, false);
    return {
      /**
       * The folder that was clicked or typed last, which may still be on its way; null where it
       * cannot be opened.
       */
      async chosen() {
        let there = true;
        while (going) there = await going;
        if (field.value.trim() !== now?.path) there = await go(field.value, false);
        while (going) there = await going;
        return there ? now.path : null;
      },
      focus: () => (rows().find((row) => row.tabIndex === 0) ?? field).focus(),
    };
  };
})();
