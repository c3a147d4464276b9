// What people keep of items: a place in a collection, a note, tags; in a dialog, and in that of an item.
"use strict";

window.XMRKeep = (() => {
  const { call, dialog, emit, esc, fail, icon, on, toast } = XMR;
  const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
  const same = (a, b) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

  /** Names and tags for completion, of some libraries. */
  const known = (libraries) => call("keep", { libraries });

  function options(names) {
    return names.map((name) => `<option value="${esc(name)}"></option>`).join("");
  }

  /** Ask where to keep items, and do it; resolves once the dialog is closed. */
  function ask(items) {
    return new Promise((resolve) => {
      const what = items.length === 1 ? esc(items[0].title) : plural(items.length, "item");
      const box = dialog(
        `<form><div class="x-dialog-head"><h2 id="x-keep-title">Keep ${what}</h2>
          <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
         <div class="x-dialog-body x-keep-body"><ul class="x-keep-list" aria-label="Collections"></ul>
         <label class="x-field">A new collection<input type="text" name="name" maxlength="100" autocomplete="off" placeholder="Its name, such as Holidays"></label>
         <div class="x-ask-problem" role="alert"></div></div>
         <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
         <button class="x-btn x-btn-main" type="submit">Make it</button></div></form>`,
        { onclose: resolve },
      );
      box.classList.add("x-dialog-small");
      const list = box.querySelector(".x-keep-list");
      const field = box.querySelector("input");
      const put = (name) => XMR.busy(box, async () => {
        try {
          const told = await call("keep.collect", { items: items.map(({ library, id }) => ({ library, id })), name });
          box.close();
          emit("kept", {});
          toast("info", told.added ? `Kept in ${told.name}.` : `${told.name} has ${items.length === 1 ? "it" : "them"} already.`,
            "You find your collections under Searches.",
            // what lies above an open dialog cannot be pressed
            document.querySelector("dialog[open]") ? null
              : { label: "Open", does: () => emit("open-collection", { library: items[0].library, name: told.name }) });
        } catch (error) {
          XMR.problem(box, error);
        }
      });
      known([...new Set(items.map((one) => one.library))]).then(({ collections }) => {
        const names = [...new Map(collections.map((one) => [one.name.toLocaleLowerCase(), one])).values()];
        list.innerHTML = names.map((one) =>
          `<li><button type="button" data-name="${esc(one.name)}">${icon("keep")}<span>${esc(one.name)}</span><small class="x-num">${one.items.toLocaleString("en")}</small></button></li>`).join("");
        (list.querySelector("button") ?? field).focus();
      }, fail);
      on(list, "click", "[data-name]", (_, button) => put(button.dataset.name));
      box.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        put(field.value);
      });
    });
  }

  /** Ask which tags to give to items and to take from them. */
  function tag(items) {
    return new Promise((resolve) => {
      const libraries = [...new Set(items.map((one) => one.library))];
      const box = XMR.ask({
        title: `Tag ${items.length === 1 ? items[0].title : plural(items.length, "item")}`,
        body: `<label class="x-field">Give the tags<input type="text" name="add" list="x-tags-add" autocomplete="off" placeholder="commas between"></label>
          <label class="x-field">Take away the tags<input type="text" name="remove" list="x-tags-add" autocomplete="off"></label>
          <datalist id="x-tags-add"></datalist>`,
        action: "Tag",
        submit: async (form) => {
          const names = (key) => form.get(key).split(",").map((one) => one.trim()).filter(Boolean);
          const told = await call("keep.tag", { items: items.map(({ library, id }) => ({ library, id })), add: names("add"), remove: names("remove") });
          emit("kept", {});
          toast("info", `${plural(told.changed, "item")} changed.`);
        },
      });
      known(libraries).then(({ tags }) => (box.querySelector("datalist").innerHTML = options(tags.map((one) => one.name))), fail);
      box.addEventListener("close", resolve);
      box.querySelector("input").focus();
    });
  }

  // ---- in the dialog of an item

  /** Fill a place with the note, tags and collections of an item; what is written is kept by itself. */
  async function fill(place, { library, id }) {
    if (!place) return;
    const target = { library, id };
    let told;
    try {
      told = await call("keep.item", target);
    } catch (error) {
      fail(error);
      return;
    }
    place.innerHTML = `<h3>Tags</h3><ul class="x-tags" aria-label="Tags"></ul>
      <h3>Collections</h3><ul class="x-tags" data-part="in" aria-label="Collections"></ul>
      <label class="x-field x-note-field">Note<textarea rows="2" maxlength="10000" placeholder="Yours; it is found by its words"></textarea></label>
      <p class="x-quiet x-note-sign" role="status"></p>`;
    const tags = place.querySelector(".x-tags");
    const inside = place.querySelector('[data-part="in"]');
    const note = place.querySelector("textarea");
    const sign = place.querySelector(".x-note-sign");
    const chip = (name, what) => `<li class="x-tag" data-key="${esc(name)}">${what === "tag" ? "" : icon("keep")}<span>${esc(name)}</span>
      <button type="button" data-${what}="${esc(name)}" aria-label="Take away ${esc(name)}">${icon("close")}</button></li>`;

    function draw() {
      XMR.redraw(tags, told.tags.map((name) => chip(name, "tag")).join("") +
        '<li data-key="" class="x-tag-new"><input type="text" list="x-tags-known" maxlength="60" placeholder="Add a tag" aria-label="Add a tag" autocomplete="off"></li>');
      inside.innerHTML = told.collections.map((name) => chip(name, "collection")).join("") || '<li class="x-quiet">In none. Use Keep … above.</li>';
    }

    async function change(add, remove) {
      try {
        told.tags = (await call("keep.tag", { items: [target], add, remove })).tags;
        draw();
        emit("kept", {});
        return true;
      } catch (error) {
        fail(error);
        return false;
      }
    }

    async function typed(field) {
      const names = field.value.split(",").map((one) => one.trim()).filter(Boolean);
      if (names.length && (await change(names, []))) field.value = "";
    }

    let saved = told.note;
    async function save() {
      const text = note.value.trim();
      if (text === saved) return;
      saved = text;
      sign.textContent = "Saving …";
      try {
        await call("keep.note", { ...target, text });
        sign.textContent = text ? "The note is saved." : "The note is gone.";
      } catch (error) {
        saved = null; // so that leaving it once more tries again
        sign.textContent = "The note could not be saved.";
        fail(error);
      }
    }

    note.value = told.note;
    draw();
    place.insertAdjacentHTML("beforeend", '<datalist id="x-tags-known"></datalist>');
    known([library]).then(({ tags: all }) => {
      const rest = all.filter((one) => !told.tags.some((name) => same(name, one.name)));
      place.querySelector("datalist").innerHTML = options(rest.map((one) => one.name));
    }, () => {});
    note.addEventListener("blur", save);
    note.addEventListener("input", () => (sign.textContent = ""));
    place.closest("dialog")?.addEventListener("close", save);
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") event.stopPropagation(); // arrows move in the words
      const field = event.target.closest(".x-tag-new input");
      if (!field) return;
      if (event.key === "Enter" || event.key === ",") {
        event.preventDefault();
        typed(field);
      } else if (event.key === "Backspace" && !field.value && told.tags.length) change([], [told.tags.at(-1)]);
    });
    tags.addEventListener("change", (event) => event.target.matches("input") && typed(event.target));
    on(place, "click", "[data-tag]", async (_, button) => {
      if (await change([], [button.dataset.tag])) tags.querySelector("input").focus();
    });
    on(place, "click", "[data-collection]", async (_, button) => {
      try {
        await call("keep.uncollect", { items: [target], name: button.dataset.collection });
        told.collections = told.collections.filter((name) => name !== button.dataset.collection);
        draw();
        emit("kept", {});
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Fetch a file that the server has written. */
  async function take(payload) {
    const told = await call("keep.export", payload);
    Object.assign(document.createElement("a"), { href: told.url, download: "" }).click();
    if (told.left_out.length)
      toast("warn", `${told.left_out.length} of ${told.items} files could not be taken along.`, told.left_out.slice(0, 3).join(" "));
  }

  return { ask, tag, fill, take, known, options };
})();
