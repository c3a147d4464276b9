// What can be changed about a library: its name, profile and folders, and whether it is there at all.
(() => {
  "use strict";
  const { ask, call, emit, esc } = XMR;

  /**
   * The actions, by what a button does.
   * @param {object} page the Library page: {current, sheet, shelf, open, visit, all, begin, say}
   */
  XMR.alterations = (page) => ({
    rename() {
      const library = page.current;
      const box = ask({
        title: `Rename ${library}`,
        body: `<label class="x-field">Name<input type="text" name="name" value="${esc(library)}" maxlength="64"
          autocomplete="off" spellcheck="false"></label>`,
        action: "Rename",
        submit: async (form) => {
          const { name } = await call("library-rename", { library, name: form.get("name") });
          return async () => {
            await page.shelf.load();
            await page.visit(name);
            emit("libraries-changed");
          };
        },
      });
      box.querySelector("input").select();
    },

    delete() {
      const library = page.current;
      const box = ask({
        title: `Delete ${library}?`,
        body: `<p>The library goes: its catalogue, vectors and small pictures. <strong>Your own files are not touched.</strong></p>
          <label class="x-field"><span>Type <b>${esc(library)}</b> to delete it</span><input type="text" name="typed" autocomplete="off" spellcheck="false"></label>`,
        action: "Delete the library",
        bad: true,
        submit: async (form) => {
          await call("library-delete", { library, typed: form.get("typed") });
          return async () => {
            page.say(`${library} is deleted.`);
            history.replaceState(null, "", "#library");
            await page.all("");
            emit("libraries-changed");
            page.sheet.title();
          };
        },
      });
      box.querySelector("input").focus();
    },

    profile() {
      const library = page.current;
      let profiles = null;
      const box = ask({
        title: `Profile of ${library}`,
        body: `<p class="x-quiet">Media are compared in the space of a profile. Another one takes over once all media
          are carried into it; until then this library stays as it is.</p><div data-part="profiles"></div>`,
        action: "Change the profile",
        wide: true,
        submit: async (_, asked) => {
          await page.begin("run-profile", { library, profile: profiles.chosen() }, asked);
        },
      });
      profiles = XMR.profiles(box.querySelector('[data-part="profiles"]'), { used: page.sheet.profile });
    },

    move(_, button) {
      const library = page.current;
      const root = Number(button.dataset.root);
      let picker = null;
      const box = ask({
        title: "Where is the folder now?",
        body: `<p>It was <span class="x-mono">${esc(button.dataset.path)}</span>. What is known of its files is kept.</p>
          <div data-part="picker"></div>`,
        action: "It is here now",
        wide: true,
        submit: async (_, asked) => {
          const folder = await picker.chosen();
          if (folder === null) throw XMR.failure("That folder cannot be opened.", "Choose another one.");
          await page.begin("root-move", { library, root, folder }, asked);
        },
      });
      picker = XMR.picker(box.querySelector('[data-part="picker"]'));
    },

    async remove(_, button) {
      const library = page.current;
      const sure = await XMR.confirm({
        title: "Take this folder out of the library?",
        text: `${button.dataset.path} and what is known of it leave the library. The files themselves are not touched.`,
        action: "Take it out",
        bad: true,
      });
      if (!sure) return;
      await call("root-remove", { library, root: Number(button.dataset.root) });
      await page.open(library, { focus: true });
      await page.shelf.load();
      emit("libraries-changed");
    },
  });
})();
