// Choosing a profile: the built-in ones as cards, any model of OpenCLIP by name.
(() => {
  "use strict";
  const { esc, icon, on } = XMR;
  const PREFIX = "openclip:";

  function badges(profile) {
    return profile.media
      .map(({ m, word }) => `<span class="x-badge" data-m="${m}">${icon(m)}${esc(word)}</span>`)
      .join("");
  }

  function facts(profile) {
    const hub = profile.hub ? "Needs the model hub" : "Works offline";
    return `<span class="x-profile-facts x-quiet"><span>${esc(profile.download)}</span>
      <span>${hub}</span><span>Licence: ${esc(profile.licence)}</span></span>`;
  }

  function bad({ message, hint }) {
    return `<span class="x-note" data-kind="bad">${icon("warn")}<span><strong>${esc(message)}</strong>
      <span class="x-block">${esc(hint)}</span></span></span>`;
  }

  function about(profile) {
    const problem = profile.problem ? bad(profile.problem) : "";
    return `<span>${esc(profile.about)}</span><span class="x-profile-media">${badges(profile)}</span>
      ${facts(profile)}${problem}`;
  }

  function card(profile, checked, used) {
    return `<label class="x-profile"><input type="radio" name="profile" value="${esc(profile.name)}"
      ${checked ? "checked" : ""}><b>${esc(profile.title)}${used ? ' <small class="x-quiet">in use</small>' : ""}</b><span class="x-profile-about">${about(profile)}</span></label>`;
  }

  function other(current, suggested) {
    const mine = current.startsWith(PREFIX);
    return `<div class="x-profile"><input type="radio" name="profile" value="${PREFIX}" id="x-openclip"
      ${mine ? "checked" : ""}><label for="x-openclip"><b>A model of OpenCLIP</b></label>
      <span class="x-profile-about"><span>Stronger on everyday photographs, larger and slower. Its weights come
      from the model hub, or from a checkpoint file on this machine.</span>
      <label class="x-field">Architecture/weights, or architecture//path/to/file
        <input type="text" name="openclip" list="x-openclips" spellcheck="false" autocomplete="off"
          placeholder="${esc(suggested[0])}" value="${esc(mine ? current.slice(PREFIX.length) : "")}"></label>
      <datalist id="x-openclips">${suggested.map((name) => `<option value="${esc(name)}"></option>`).join("")}</datalist>
      <span class="x-openclip-about" role="status"></span></span></div>`;
  }

  /**
   * Put a chooser into an element.
   * @param {Element} place
   * @param {{used?: string}} options the profile that a library has
   */
  XMR.profiles = (place, { used = "" } = {}) => {
    const current = used || "embedded";
    place.classList.add("x-profiles");
    place.setAttribute("role", "radiogroup");
    place.setAttribute("aria-label", "Profile");
    place.innerHTML = '<p class="x-row x-quiet"><span class="x-spin"></span>Asking for the profiles …</p>';
    let asking = null;
    let timer = null;
    let asked = ""; // the name that is being asked for, or is told

    async function look() {
      const name = place.querySelector('[name="openclip"]').value.trim();
      const box = place.querySelector(".x-openclip-about");
      clearTimeout(timer);
      if (name === asked) return; // leaving the field asks again for what typing asked for
      asked = name;
      asking?.abort();
      if (!name) {
        box.innerHTML = "";
        return;
      }
      asking = new AbortController();
      const { signal } = asking;
      box.innerHTML = '<span class="x-row x-quiet"><span class="x-spin"></span>Looking it up …</span>';
      let wrong;
      try {
        const profile = await XMR.call("library-profile", { name: full(name) }, { signal });
        box.innerHTML = `<span class="x-profile-about">${about(profile)}</span>`;
        wrong = profile.problem;
      } catch (error) {
        if (error.name === "AbortError") return;
        box.innerHTML = bad(error);
        wrong = error;
      }
      // it may have been told below already, to somebody who was quicker than this
      const dialog = place.closest("dialog");
      if (wrong && dialog?.querySelector(".x-ask-problem strong")?.textContent === wrong.message) XMR.problem(dialog, null);
    }

    const full = (name) => (name.startsWith(PREFIX) ? name : PREFIX + name);

    on(place, "input", '[name="openclip"]', () => {
      place.querySelector("#x-openclip").checked = true;
      clearTimeout(timer);
      timer = setTimeout(look, 700);
    });
    on(place, "change", '[name="openclip"]', look);

    XMR.call("library-profiles").then(({ profiles, openclip }) => {
      place.innerHTML = profiles.map((one) => card(one, one.name === current, one.name === used)).join("") + other(current, openclip);
      if (current.startsWith(PREFIX)) look();
    }, (error) => {
      place.innerHTML = `<p>${esc(error.message)} ${esc(error.hint)}</p>`;
    });

    return {
      /** The profile's name; rejects with {message, hint} where none is chosen. */
      chosen() {
        const value = place.querySelector('[name="profile"]:checked')?.value;
        if (!value) throw XMR.failure("No profile is chosen.", "Choose one of the list.");
        if (value !== PREFIX) return value;
        const name = place.querySelector('[name="openclip"]').value.trim();
        if (!name) throw XMR.failure("No model of OpenCLIP is named.", "Name one, such as ViT-B-32/laion2b_s34b_b79k.");
        return full(name);
      },
    };
  };
})();
