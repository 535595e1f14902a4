// Shows new mail as it arrives: the list reloads, an open mail only says that there is more.
const me = document.currentScript;
const seen = Number(me.dataset.newest);

async function look() {
  if (document.hidden) return;
  try {
    const { newest } = await (await fetch("/api/newest")).json();
    if (newest === seen) return;
    if (me.dataset.stay !== "yes") return location.reload();
    const more = document.getElementById("more");
    if (more && newest > seen) {
      more.textContent = `+${newest - seen}`;
      more.hidden = false;
    }
  } catch {
    // The mailbox was closed; the next look may find it open again.
  }
}

setInterval(look, 1500);
document.addEventListener("visibilitychange", look);
