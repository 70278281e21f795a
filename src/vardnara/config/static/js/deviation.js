"use strict";
/* A deviation with its picture, reported beside the work. It is put into the phone's own database first, and sent when
   there is contact; its key makes it the same report however often it is sent. The picture is made small in the phone,
   which also takes away where and when it was taken. */
(() => {
  const main = document.getElementById("main");
  const sheet = document.getElementById("report");
  const words = document.getElementById("reported");
  const user = Number(main?.dataset.user);
  if (!sheet || !user || !window.indexedDB) return; // links lead to the page of its own
  const SIDE = 1600;
  const QUALITY = 0.8;
  const ANSWER_MS = 60000;
  const RETRY_MS = 15000;
  const form = sheet.querySelector("form");
  const canvas = sheet.querySelector("canvas");

  const asked = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });
  const opening = new Promise((yes, no) => {
    const request = indexedDB.open("vardnara-reports", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("reports", { keyPath: "key" });
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });
  opening.catch(() => {});
  const store = async (mode = "readonly") => (await opening).transaction("reports", mode).objectStore("reports");
  const waiting = async () => (await asked((await store()).getAll())).filter((report) => report.user === user);
  const count = async () => {
    const n = (await waiting()).length;
    if (n) main.dataset.unsentReports = String(n); else delete main.dataset.unsentReports;
    document.dispatchEvent(new Event("vardnara:unsent"));
    return n;
  };
  const say = (text) => {
    words.textContent = text;
    words.hidden = !text;
  };
  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

  /* ---- the sheet ---- */
  let picture = null;
  let opener = null;
  const away = () => {
    sheet.hidePopover();
    form.reset();
    picture = null;
    canvas.hidden = true;
    opener?.focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-report]");
    if (!link || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    opener = link;
    say("");
    form.dataset.task = new URL(link.href).searchParams.get("uppgift");
    const job = link.closest(".job");
    sheet.querySelector("[data-slot=about]").textContent = ["h1", ".where"]
      .map((name) => job?.querySelector(name)?.textContent.trim()).filter(Boolean).join(" · ");
    sheet.showPopover();
    sheet.querySelector("h2").focus();
  });
  sheet.querySelector("[data-no]").addEventListener("click", away);
  sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") away(); });

  form.elements.picture.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    picture = null;
    canvas.hidden = true;
    if (!file) return;
    try {
      const seen = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(seen.width, seen.height));
      canvas.width = Math.max(1, Math.round(seen.width * scale));
      canvas.height = Math.max(1, Math.round(seen.height * scale));
      canvas.getContext("2d").drawImage(seen, 0, 0, canvas.width, canvas.height);
      seen.close();
      picture = await new Promise((yes) => { canvas.toBlob(yes, "image/jpeg", QUALITY); });
      canvas.hidden = false;
      say("");
    } catch {
      event.target.value = "";
      say(words.dataset.unread);
    }
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const report = {
      key: crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
      user, task: form.dataset.task, kind: form.elements.kind.value, note: form.elements.note.value,
      at: new Date().toISOString(), picture,
    };
    try {
      const keep = await store("readwrite");
      keep.add(report);
      await new Promise((yes, no) => { keep.transaction.oncomplete = yes; keep.transaction.onabort = keep.transaction.onerror = no; });
    } catch { // a phone that cannot keep it says so, and what was written stays
      document.getElementById("unsent").hidden = false;
      return;
    }
    away();
    say(await send() ? words.dataset.sent : words.dataset.kept);
  });

  /* ---- sending: one at a time, until each was answered ---- */
  let sending = null;
  let retry = 0;
  const send = () => {
    sending ??= sendAll().finally(() => { sending = null; });
    return sending;
  };
  const sendAll = async () => {
    clearTimeout(retry);
    for (const report of await waiting()) {
      const data = new FormData();
      for (const name of ["key", "task", "kind", "note", "at"]) data.set(name, report[name] ?? "");
      if (report.picture) data.set("picture", report.picture, "picture.jpg");
      let answer;
      try {
        answer = await fetch(form.dataset.to, {
          method: "POST", body: data, redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS),
          headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
        });
      } catch { answer = null; }
      if (!answer || answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 403) {
        await count();
        retry = setTimeout(() => { send().catch(() => {}); }, RETRY_MS);
        return false;
      }
      if (answer.status === 422) { // it will never be taken as it is: the reader is told, and the words go without the picture
        say((await answer.json()).text);
        if (report.picture) { (await store("readwrite")).put({ ...report, picture: null }); return sendAll(); }
      }
      (await store("readwrite")).delete(report.key);
    }
    await count();
    return true;
  };
  document.addEventListener("vardnara:contact", () => { send().catch(() => {}); });
  addEventListener("online", () => { send().catch(() => {}); });
  count().then((n) => { if (n) send().catch(() => {}); }).catch(() => {});
})();
