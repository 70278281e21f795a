"use strict";
/* Ordering for a ward by keys: arrows go between patients, a digit chooses that dish, 0 is as usual, s n l the size and
   x no meal. After a dish the next patient is in turn. Every tap is one command, however often it is sent. */
(() => {
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const here = () => document.activeElement?.closest("[data-row]");
  let next = "";

  const go = (row) => { row?.focus({ preventScroll: true }); row?.scrollIntoView({ block: "nearest" }); };

  document.addEventListener("submit", (event) => {
    const command = event.target.querySelector("[data-command]");
    if (command) command.value = crypto.randomUUID?.() ?? "";
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input,select,textarea")) return;
    const all = rows();
    const row = here();
    const place = all.indexOf(row);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const to = row ? place + (event.key === "ArrowDown" ? 1 : -1) : 0;
      if (all[to]) { event.preventDefault(); go(all[to]); }
      return;
    }
    if (!row || event.target.matches("summary")) return;
    const button = row.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    next = "0123456789x".includes(event.key.toLowerCase()) ? all[place + 1]?.id ?? row.id : row.id;
    button.click();
    if (next !== row.id) go(document.getElementById(next));
  });

  /* The row that was answered is a new one: whoever stood in it stands there still, unless a key has led on. */
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement === document.body && next) go(document.getElementById(next));
  });
})();
