// The whole window takes what is dropped or pasted: files, words, items of a library.
"use strict";

/**
 * @param {Element} box lights up while something is held over the window
 * @param {(event: Event) => boolean} mine whether what is dropped or pasted there is for this box
 * @param {{item: (term: object) => void, files: (list: File[], names?: string[]) => void, words: (text: string) => void}} takes
 */
window.XMRDropping = (box, mine, takes) => {
  const { toast } = XMR;
  const { ITEM } = XMRDropping;
  let depth = 0;
  const wanted = (event) =>
    mine(event) &&
    !document.querySelector("dialog[open]") &&
    ["Files", "text/plain", ITEM].some((type) => event.dataTransfer?.types.includes(type));

  document.addEventListener("dragenter", (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    depth += 1;
    box.classList.add("x-over");
  });
  document.addEventListener("dragover", (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("dragleave", (event) => {
    if (!mine(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) box.classList.remove("x-over");
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    box.classList.remove("x-over");
    if (!wanted(event)) return;
    event.preventDefault();
    const held = event.dataTransfer;
    const item = held.getData(ITEM);
    if (item) takes.item(JSON.parse(item));
    else if (held.files.length) {
      const real = [...held.items].filter((i) => i.kind === "file");
      if (real.some((i) => i.webkitGetAsEntry?.()?.isDirectory))
        toast("warn", "A folder cannot be a query.", "Drop files, or add the folder on the Library page.");
      takes.files([...held.files].filter((_, i) => !real[i]?.webkitGetAsEntry?.()?.isDirectory));
    } else if (held.getData("text/plain")) takes.words(held.getData("text/plain").trim().slice(0, 20000));
  });

  document.addEventListener("paste", (event) => {
    if (!mine(event) || document.querySelector("dialog[open]")) return;
    const list = [...(event.clipboardData?.files ?? [])];
    if (!list.length) return; // words go where the cursor is
    event.preventDefault();
    const stamp = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    takes.files(list, list.map((one) => {
      const end = (one.type.split("/")[1] ?? "").replace("+xml", "");
      return one.name && one.name !== "image.png" ? one.name : `Pasted at ${stamp}.${end || "png"}`;
    }));
  });
};
window.XMRDropping.ITEM = "application/x-xmr-item";
