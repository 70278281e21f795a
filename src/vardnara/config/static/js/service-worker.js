"use strict";
/* Keeps the app's shell, so that the page without contact can say so. Never keeps a page with data: what is shown is
   from the hospital now, or it is not shown. */
const SHELL = "vardnara-shell-1";
const KEEP = ["/utan-kontakt/", "/static/css/vardnara.css", "/static/vendor/pico/pico.min.css",
  "/static/vendor/inter/inter-latin-wght-normal.woff2", "/static/vendor/lucide/icons.svg", "/static/img/icon.svg",
  "/static/js/live.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(KEEP)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/utan-kontakt/")));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
