// A picture on the Why page, with heat over it.
"use strict";

window.XMRWhyPicture = (stage, media, { point, take }) => {
  const { make } = XMR;
  const box = make('<div class="x-why-picture"><img alt=""></div>');
  const image = box.querySelector("img");
  image.alt = media.title;
  image.onerror = () => {
    if (media.thumb && !image.src.includes("/thumb")) image.src = media.thumb; // a kind that this browser cannot show
  };
  image.src = media.src;
  stage.replaceChildren(box);
  let lattice = null;
  let shape = null;

  const boxed = ({ top, left, bottom, right }, label) => ({ boxes: [[[top, left], [bottom, right]]], label });

  function parts(side) {
    const [rows, columns] = side.grid;
    shape = { rows, columns, boxes: side.boxes, area: XMRLattice.area(side.boxes, 2, rows * columns) };
    lattice?.remove();
    lattice = XMRLattice(box, {
      rows, columns, area: shape.area,
      label: `Heat over ${media.title}. Arrow keys go from part to part, Enter takes one away.`,
      point: (cell) => point(cell && cell.row * columns + cell.column),
      take: (region) => take(boxed(region, "a region")),
    });
  }

  return {
    parts,
    heat: (shares) => lattice?.heat(shares),
    light: (part) => lattice?.light(part === null ? null : { row: Math.floor(part / shape.columns), column: part % shape.columns }),
    box(part) {
      const [top, left, bottom, right] = shape.boxes.subarray(4 * part, 4 * part + 4);
      return boxed({ top, left, bottom, right }, `row ${Math.floor(part / shape.columns) + 1}, column ${(part % shape.columns) + 1}`);
    },
    marks: (taken) => lattice?.marks(taken.boxes.map(([[top, left], [bottom, right]]) => ({ top, left, bottom, right }))),
    print(context, x, y, width, strength) {
      const height = Math.min(width * 1.2, (width * image.naturalHeight) / (image.naturalWidth || 1));
      const wide = (height * image.naturalWidth) / (image.naturalHeight || 1);
      const left = x + (width - wide) / 2;
      context.drawImage(image, left, y, wide, height);
      context.globalAlpha = strength;
      if (lattice) XMRLattice.print(context, lattice.canvas, shape.area, left, y, wide, height);
      context.globalAlpha = 1;
      return height;
    },
  };
};
