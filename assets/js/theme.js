// The theme: light, dark, or the system's.
"use strict";

{
  const { emit, icon, listen, on } = XMR;
  const THEMES = ["system", "light", "dark"];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function theme(choice) {
    if (choice) {
      try {
        localStorage.setItem("xmr-theme", choice);
      } catch {
        /* private windows keep nothing */
      }
    }
    let kept = choice;
    try {
      kept ??= localStorage.getItem("xmr-theme");
    } catch {
      /* the same */
    }
    kept = THEMES.includes(kept) ? kept : "system";
    const now = kept === "system" ? (dark.matches ? "dark" : "light") : kept;
    document.documentElement.dataset.theme = now;
    document.body?.classList.toggle("dark", now === "dark");
    for (const button of document.querySelectorAll('[data-do="theme"]')) {
      const name = kept === "system" ? "as the system" : kept;
      button.title = `Theme: ${name}`;
      button.setAttribute("aria-label", `Theme: ${name}. Change it.`);
      button.innerHTML = icon(kept === "system" ? "theme" : now === "dark" ? "moon" : "sun");
    }
    emit("theme", now);
    return kept;
  }

  dark.addEventListener("change", () => theme());
  window.addEventListener("storage", (e) => e.key === "xmr-theme" && theme());

  on(document, "click", '[data-do="theme"]', () => {
    const kept = theme();
    theme(THEMES[(THEMES.indexOf(kept) + 1) % THEMES.length]);
  });
  listen("header", () => theme());
  theme();
  XMR.theme = theme;
}
