// Keeps the log and the status of a running build up to date. The log comes escaped from the builder.
"use strict";
(function () {
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  if (!log || log.dataset.finished === "true") return;

  function moodOf(text) {
    if (text === "successfully") return "good";
    return text.startsWith("failed") ? "bad" : "busy";
  }

  async function look() {
    try {
      const answer = await fetch("/log/" + log.dataset.build, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const data = (await answer.json()).data;
        log.innerHTML = data.log;
        status.textContent = data.build.status;
        status.className = "tag " + moodOf(data.build.status);
        if (moodOf(data.build.status) !== "busy") return;
      } else if (answer.status === 401 || answer.status === 404) {
        return;
      }
    } catch (away) {
      status.title = "the builder does not answer: " + away;
    }
    setTimeout(look, 1000);
  }
  look();
})();
