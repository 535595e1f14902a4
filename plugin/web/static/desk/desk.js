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

  // Who else is at this talk. The page says every ten seconds, while somebody sees it, that it is open.
  function look() {
    const line = find("#company");
    if (line && !document.hidden) window.htmx.trigger(line, "look");
  }
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);

  function showCompany(data) {
    const line = find("#company");
    if (line && data && JSON.parse(data).conversation === line.dataset.talk) window.htmx.trigger(line, "look");
  }

  // Somebody gave this agent a talk.
  function showAssigned(data) {
    const line = find("#assigned");
    if (!line || !data) return;
    const told = JSON.parse(data);
    if (String(told.agent_id) !== live.dataset.agent) return;
    const link = document.createElement("a");
    link.href = `${line.dataset.place}/${encodeURIComponent(told.conversation)}`;
    link.textContent = line.dataset.open;
    line.replaceChildren(`${line.dataset.words.replace("{name}", told.by)} `, link);
    line.hidden = false;
    setTimeout(() => (line.hidden = true), 60000);
  }

  // Keys of one letter: never while typing, never with another key, and one switch turns them off.
  const KEYS_OFF = "desk keys off";
  function areKeysOn() {
    try {
      return !localStorage.getItem(KEYS_OFF);
    } catch {
      return true;
    }
  }

  function showSwitch() {
    const box = find("#keys");
    if (!box) return;
    box.hidden = false;
    find("#keys-switch").setAttribute("aria-pressed", String(areKeysOn()));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#keys-switch")) return;
    try {
      if (areKeysOn()) localStorage.setItem(KEYS_OFF, "1");
      else localStorage.removeItem(KEYS_OFF);
    } catch {
      // Where nothing may be kept, the keys stay on.
    }
    showSwitch();
  });

  function openBox(id, field) {
    const box = find(id);
    if (!box) return false;
    box.open = true;
    find(field)?.focus();
    return true;
  }

  function goTo(step) {
    const links = [...document.querySelectorAll(".talks .talk-link")];
    const at = links.findIndex((one) => one.getAttribute("aria-current") === "true");
    const goal = links[at < 0 ? 0 : at + step];
    if (!goal) return false;
    goal.click();
    return true;
  }

  function setTopic(place) {
    const choice = find("#topic-choice");
    if (!choice?.options[place]) return false;
    choice.selectedIndex = place;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function focusOn(selector) {
    const field = find(selector);
    field?.focus();
    return !!field;
  }

  function actOn(key) {
    if (/^[1-5]$/.test(key)) return setTopic(Number(key));
    if (key === "r") return focusOn("#text");
    if (key === "n") return openBox("#note-box", "#note-text");
    if (key === "m" && find(".to-macros")) return find(".to-macros").click() ?? true;
    if (key === "j" || key === "k") return goTo(key === "j" ? 1 : -1);
    if (key === "/") return focusOn("#search-q");
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || !areKeysOn()) return;
    if (actOn(event.key)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#macro-picker")) find("#macro-picker-close")?.click();
  });

  // What somebody has begun to write stays, before the ready answer that they choose.
  let begun = "";
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".macro-choice")) begun = find("#text")?.value.trim() ?? "";
  });
  document.addEventListener("htmx:after:swap", () => {
    showSwitch();
    const field = find("#text");
    if (!field || !find("#reply input[name=macro]") || field.dataset.seen) return;
    field.dataset.seen = "1";
    if (begun) field.value = `${begun}\n\n${field.value}`;
    begun = "";
    field.focus();
  });

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
    for (const name of ["typing", "company", "assigned"]) {
      live.addEventListener(name, ({ detail }) => leads && others.postMessage({ [name]: detail?.data }));
    }
    others.addEventListener("message", ({ data }) => {
      if (data.typing) return showTyping(data.typing);
      if (data.company) return showCompany(data.company);
      if (data.assigned) return showAssigned(data.assigned);
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
    live.addEventListener("company", ({ detail }) => showCompany(detail?.data));
    live.addEventListener("assigned", ({ detail }) => showAssigned(detail?.data));
    live.addEventListener("thread", hideTyping);
    if (navigator.locks && window.BroadcastChannel) share();
    else lead();
  });

  // Whoever comes from their shop's back office: one step less (see plugin/web/hand_over.py).
  find("form[data-send-at-once]")?.requestSubmit();

  showSwitch();
  showEnd();
})();
