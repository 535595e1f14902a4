// What plain pages and htmx cannot do: send with Ctrl+Enter, keep the newest message in sight, count the waiting in
// the title, say who is typing and when the connection is gone, share one live stream between tabs. The rest works without this file.
(() => {
  "use strict";
  const plainTitle = document.title;

  const find = (selector) => document.querySelector(selector);

  function isNearEnd(box) {
    return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  }

  function showEnd() {
    const box = find(".messages");
    if (box) box.scrollTop = box.scrollHeight;
  }

  function countWaiting() {
    const badge = find("#waiting [data-waiting]");
    document.title = badge ? `(${badge.dataset.waiting}) ${plainTitle}` : plainTitle;
  }

  function say(words) {
    const line = find("#offline");
    line.textContent = words;
    line.hidden = !words;
  }

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form.reply");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#picker")) find("#picker-close")?.click();
  });

  // Typing, both ways. What is typed stays here; the server tells the shopper that somebody is, and no more often
  // than every other second.
  let toldAt = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form.reply[data-typing]");
    if (!form || !event.target.value.trim() || Date.now() - toldAt < 3000) return;
    toldAt = Date.now();
    fetch(form.dataset.typing, { method: "POST" }).catch(() => {});
  });

  let quiet = 0;
  function showTyping(data) {
    const line = find("#typing");
    if (!line || !data || JSON.parse(data).conversation !== line.dataset.conversation) return;
    const follows = isNearEnd(find(".messages"));
    line.textContent = line.dataset.words;
    clearTimeout(quiet);
    quiet = setTimeout(hideTyping, 6000);
    if (follows) showEnd();
  }

  function hideTyping() {
    const line = find("#typing");
    if (line) line.textContent = "";
  }

  let followsEnd = true;
  let wasInPicker = false;
  document.addEventListener("focusin", (event) => {
    wasInPicker = !!event.target.closest?.("#picker");
  });
  document.addEventListener("htmx:before:swap", () => {
    const box = find(".messages");
    followsEnd = !box || isNearEnd(box);
  });

  document.addEventListener("htmx:after:swap", () => {
    if (followsEnd) showEnd();
    countWaiting();
    // Whoever chose an article by keyboard goes on at the answer, not at the beginning of the page.
    if (wasInPicker && document.activeElement === document.body && find("#picker")?.hidden) find("#text")?.focus();
  });

  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail?.ctx?.response?.status;
    if (status === 401) location.assign("/sign-in");
    else if (status !== 422 && status !== 409) say(find("#offline").dataset.refused);
  });

  // The stream: once it is back, the page refreshes itself, so the old words may go.
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail?.status === 401 || event.detail?.status === 404) location.reload();
    else say(find("#offline").dataset.words);
  });
  document.addEventListener("htmx:sse:after:connection", () => say(""));
  addEventListener("offline", () => say(find("#offline").dataset.words));

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
    for (const name of ["refresh", "list", "thread"]) {
      live.addEventListener(name, () => leads && others.postMessage(name));
    }
    live.addEventListener("typing", ({ detail }) => leads && others.postMessage({ typing: detail?.data }));
    others.addEventListener("message", ({ data }) => {
      if (data.typing) return showTyping(data.typing);
      window.htmx.trigger(live, data);
      if (data === "list") window.htmx.trigger(live, "thread");
    });
    navigator.locks.request(`desk ${live.dataset.store}`, () => {
      lead();
      return new Promise(() => {});
    });
  }

  addEventListener("load", () => {
    if (!live) return;
    live.addEventListener("typing", ({ detail }) => showTyping(detail?.data));
    live.addEventListener("thread", hideTyping);
    if (navigator.locks && window.BroadcastChannel) share();
    else lead();
  });

  // Whoever comes from their shop's back office: one step less (see plugin/web/hand_over.py).
  find("form[data-send-at-once]")?.requestSubmit();

  showEnd();
})();
