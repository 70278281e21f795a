"use strict";
/* The roster's grid by keyboard: arrows move, a shift's code gives it, Delete makes free, Enter opens the day, Ctrl+Z
   undoes. Without this script every day is a link to a page with the same choices. */
(() => {
  const CODE_MS = 700; // so long a code may go on being typed where a longer one begins with it
  const grid = () => document.getElementById("roster-grid");
  const say = document.getElementById("say");
  const cells = () => Array.from(document.querySelectorAll(".roster tr[data-person]"), (row) => Array.from(row.querySelectorAll("a[data-on]")));
  const kinds = () => new Map((grid()?.dataset.kinds ?? "").split(" ").filter(Boolean).map((pair) => pair.split("=")));
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value
    ?? document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const query = () => location.search;

  /* one cell of the grid takes part in the order of Tab; the arrows move it */
  let current = "";
  const stand = () => {
    const held = document.getElementById(current) ?? document.querySelector(".roster a[data-on]");
    for (const cell of document.querySelectorAll('.roster a[data-on][tabindex="0"]')) cell.tabIndex = -1;
    if (held) { held.tabIndex = 0; current = held.id; }
  };
  stand();
  document.addEventListener("vardnara:placed", stand);
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.(".roster a[data-on]");
    if (cell && cell.id !== current) { current = cell.id; stand(); }
  });

  const go = (cell, down, right) => {
    const rows = cells();
    const row = rows.findIndex((line) => line.includes(cell));
    const column = rows[row].indexOf(cell);
    const y = Math.max(0, Math.min(rows.length - 1, row + down));
    const x = Math.max(0, Math.min(rows[y].length - 1, column + right));
    rows[y][x].focus();
  };

  let sending = Promise.resolve();
  const send = (address, fields) => {
    fields.set("csrfmiddlewaretoken", token());
    sending = sending.then(async () => {
      try {
        const answer = await fetch(address + query(), { method: "POST", body: fields, headers: { "HX-Request": "true" }, redirect: "manual" });
        if (!answer.ok) { location.reload(); return; }
        document.dispatchEvent(new CustomEvent("vardnara:place", { detail: await answer.text() }));
        const told = document.querySelector("#roster-top .notes");
        if (told && say) say.textContent = told.textContent.trim().replace(/\s+/g, " ");
      } catch {
        if (say) say.textContent = grid().dataset.back;
        const line = document.createElement("p");
        line.className = "roster-told";
        line.setAttribute("role", "alert");
        line.textContent = grid().dataset.back;
        document.getElementById("roster-top").append(line);
      }
    });
    return sending;
  };

  const give = (cell, kind) => {
    const fields = new FormData();
    fields.set("person", cell.closest("tr").dataset.person);
    fields.set("on", cell.dataset.on);
    fields.set("kind", kind);
    send(grid().dataset.set, fields);
  };

  let typed = "";
  let timer = 0;
  const settle = (cell) => {
    const found = kinds().get(typed);
    typed = "";
    clearTimeout(timer);
    if (!found) return;
    give(cell, found);
    go(cell, 0, 1);
  };
  const type = (cell, letter) => {
    clearTimeout(timer);
    const codes = Array.from(kinds().keys());
    typed = codes.some((code) => code.startsWith(typed + letter)) ? typed + letter : letter;
    const longer = codes.some((code) => code !== typed && code.startsWith(typed));
    if (!longer) settle(cell);
    else timer = setTimeout(() => settle(cell), CODE_MS);
  };

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [0, -7], PageDown: [0, 7], Home: [0, -999], End: [0, 999] };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches?.("input,textarea,select")) {
      const form = document.getElementById("roster-undo")?.form;
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    const cell = event.target.closest?.(".roster a[data-on]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (MOVES[event.key]) { event.preventDefault(); go(cell, ...MOVES[event.key]); return; }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); give(cell, ""); return; }
    if (/^[\p{L}\p{N}]$/u.test(event.key)) { event.preventDefault(); type(cell, event.key.toUpperCase()); }
  });

  document.getElementById("panel")?.addEventListener("close", () => document.getElementById(current)?.focus());

  /* forms of the grid and of the panel answer with the grid's parts */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-roster]") || !grid()) return;
    event.preventDefault();
    const fields = new FormData(event.target, event.submitter);
    const panel = event.target.closest("dialog");
    send(event.target.getAttribute("action"), fields).then(() => {
      panel?.close();
      document.getElementById(current)?.focus();
    });
  });
})();
