"use strict";
/* The coordinator's pages: arrow keys in the picture of the day, and the hour that is now in view. */
(() => {
  const now = document.querySelector("[data-now]");
  const frame = now?.closest(".scroll");
  if (frame && frame.scrollWidth > frame.clientWidth) frame.scrollLeft = now.offsetLeft - frame.clientWidth / 2;

  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.querySelector("[data-grid]")?.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [down, right] = step;
    let row = cell.parentElement;
    let column = cell.cellIndex;
    for (;;) {
      if (right) column += right;
      else row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      const next = row?.cells[column];
      if (!row || (right && !next)) return;
      const link = next?.querySelector("a");
      if (link) { link.focus(); return; }
    }
  });
})();
