"use strict";
/* Turns notifications on and off in this browser: asks the browser, then tells the server by the page's plain forms. */
(() => {
  const part = document.getElementById("push");
  const on = document.getElementById("push-on");
  const told = document.getElementById("push-told");
  if (!part || !on) return;
  const say = (words) => { told.hidden = false; told.querySelector("span").textContent = words; };
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4)), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const browser = () => {
    const agent = navigator.userAgent;
    const name = ["Edg", "Firefox", "Chrome", "Safari"].find((one) => agent.includes(one)) ?? "";
    const where = ["iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux"].find((one) => agent.includes(one)) ?? "";
    return `${name === "Edg" ? "Edge" : name} ${where}`.trim();
  };

  on.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !isSecureContext) return say(part.dataset.missing);
    if (await Notification.requestPermission() !== "granted") return say(part.dataset.blocked);
    try {
      const worker = await navigator.serviceWorker.ready;
      const old = await worker.pushManager.getSubscription();
      if (old && text(old.options.applicationServerKey ?? new ArrayBuffer(0)) !== part.dataset.key) await old.unsubscribe();
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
      on.elements.endpoint.value = made.endpoint;
      on.elements.p256dh.value = text(made.getKey("p256dh"));
      on.elements.auth.value = text(made.getKey("auth"));
      on.elements.name.value = browser();
      on.submit();
    } catch {
      say(part.dataset.failed);
    }
  });

  /* Turned off here, the browser forgets too. */
  for (const form of part.querySelectorAll("form[data-endpoint]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const worker = await navigator.serviceWorker.getRegistration();
        const mine = await worker?.pushManager?.getSubscription();
        if (mine?.endpoint === form.dataset.endpoint) await mine.unsubscribe();
      } catch { /* the server forgets in any case */ }
      form.submit();
    });
  }
})();
