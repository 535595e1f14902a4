// What plain pages and htmx cannot do on any page of the desk: share one live stream between tabs, count the waiting
// in the title, say when the connection is gone or a colleague gave a conversation away. The rest works without it.
(() => {
  "use strict";
  const plainTitle = document.title;

  const find = (selector) => document.querySelector(selector);

  // How many wait stands in the title; that another one does is said as well, once the page knows who waited before.
  let waited = Infinity;
  function countWaiting() {
    const badge = find("#waiting [data-waiting]");
    if (!badge) return;
    const { waiting, others, words } = badge.dataset;
    document.title = Number(waiting) ? `(${waiting}) ${plainTitle}` : plainTitle;
    if (Number(others) !== waited) find("#waits").textContent = Number(others) > waited ? words : "";
    waited = Number(others);
  }
  document.addEventListener("htmx:after:swap", countWaiting);

  // What is said over the page. The places are there from the beginning, so that screen readers speak what comes.
  function say(place, ...words) {
    const line = find(`${place} .toast`);
    line.firstElementChild.replaceChildren(...words);
    line.hidden = !words.length;
  }

  document.addEventListener("click", (event) => {
    const line = event.target.closest?.(".toast");
    if (line && event.target.closest("button")) line.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const line of document.querySelectorAll(".toast")) line.hidden = true;
  });

  // Somebody gave this agent a conversation.
  let told = 0;
  function showAssigned(data) {
    const line = find("#assigned");
    if (!data) return;
    const gift = JSON.parse(data);
    if (String(gift.agent_id) !== live.dataset.agent) return;
    const link = document.createElement("a");
    link.href = `${line.dataset.place}/${encodeURIComponent(gift.conversation)}`;
    link.textContent = line.dataset.open;
    say("#assigned", `${line.dataset.words.replace("{name}", () => gift.by)} `, link);
    clearTimeout(told);
    told = setTimeout(() => say("#assigned"), 60000);
  }

  // A session that was ended elsewhere answers every part of the page with the same, as does a conversation that was
  // erased; the page leaves once.
  let leaves = false;
  function leaveFor(address) {
    if (leaves) return;
    leaves = true;
    if (address) location.assign(address);
    else location.reload();
  }

  const offline = find("#offline").dataset;
  document.addEventListener("htmx:response:error", ({ target, detail }) => {
    const status = detail?.ctx?.response?.status;
    if (status === 401) leaveFor("/sign-in");
    else if (status === 404 && target.matches?.("#company, #talk, #about")) leaveFor("");
    else if (status !== 422 && status !== 409) say("#offline", offline.refused);
  });

  // The stream: once it is back, the page refreshes itself, so the old words may go.
  document.addEventListener("htmx:sse:error", (event) => {
    const status = event.detail?.status;
    if (status === 401) leaveFor("/sign-in");
    else if (status === 404) leaveFor("");
    else if (!leaves) say("#offline", offline.words);
  });
  document.addEventListener("htmx:sse:after:connection", () => say("#offline"));
  addEventListener("offline", () => say("#offline", offline.words));

  // Browsers open six connections to a host and no more, so of all tabs of a store one holds the stream and passes
  // its events on. When that tab is closed the next one takes over, and its first event makes it refresh.
  const live = find("#live");
  let leads = false;

  function lead() {
    leads = true;
    window.htmx.trigger(live, "lead");
  }

  function share() {
    const others = new BroadcastChannel(`desk ${live.dataset.store}`);
    for (const name of ["refresh", "list", "thread", "typing", "page", "company", "assigned"]) {
      live.addEventListener(name, ({ detail }) => leads && others.postMessage({ name, data: detail?.data }));
    }
    others.addEventListener("message", ({ data: { name, data } }) => {
      window.htmx.trigger(live, name, { data });
      if (name === "list") window.htmx.trigger(live, "thread");
    });
    navigator.locks.request(`desk ${live.dataset.store}`, () => {
      lead();
      return new Promise(() => {});
    });
  }

  addEventListener("load", () => {
    if (!live) return;
    live.addEventListener("assigned", ({ detail }) => showAssigned(detail?.data));
    if (navigator.locks && window.BroadcastChannel) share();
    else lead();
  });

  // Who signs out leaves nothing begun in this tab for whoever comes next (see conversations.js).
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-signs-out]")) sessionStorage.clear();
  });

  // Whoever comes from their shop's back office: one step less (see plugin/web/hand_over.py).
  find("form[data-send-at-once]")?.requestSubmit();
})();
