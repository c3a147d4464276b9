// Cards of documents: a member opens, or is taken out.
"use strict";

/**
 * @param {Element} root where such cards may be
 * @param {{detail: (place: {library: string, id: number}) => void, changed: () => void}} page
 */
window.XMRDocuments = (root, page) => {
  const { call, fail, on, toast } = XMR;
  const library = (node) => node.closest("[data-library]").dataset.library;

  on(root, "click", '.x-doc [data-do="member"]', (event, button) => {
    event.stopPropagation(); // the card itself opens its best member
    page.detail({ library: library(button), id: Number(button.dataset.id), no: 0 });
  });

  on(root, "click", '.x-doc [data-do="part"]', async (event, button) => {
    event.stopPropagation();
    const place = { library: library(button), id: Number(button.dataset.id) };
    try {
      const { title } = await call("documents.split", place);
      toast("info", "It is no part of this document any more.", `${title} goes on without it.`);
      page.changed();
    } catch (error) {
      fail(error);
    }
  });
};

/** A document in a dialog of its own: what it holds, and its members, each to be opened. */
XMRDocuments.open = async (place, changed) => {
  const { call, dialog, esc, fail, icon } = XMR;
  try {
    const { title, card } = await call("documents.one", place);
    const box = dialog(`<div class="x-dialog-head"><h2 id="x-document-title">${esc(title)}</h2>
      <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
      <div class="x-dialog-body">${card}</div>`);
    box.classList.add("x-dialog-small");
    box.querySelector(".x-doc-members").open = true;
    XMRDocuments(box, {
      detail: (one) => XMRDetail.open(one, XMR.fileActions),
      changed: () => {
        box.close();
        changed();
      },
    });
    const lead = box.querySelector(".x-open");
    lead.addEventListener("click", (event) => {
      event.preventDefault();
      XMRDetail.open({ library: place.library, id: Number(box.querySelector(".x-doc").dataset.id), no: 0 }, XMR.fileActions);
    });
  } catch (error) {
    fail(error);
  }
};
