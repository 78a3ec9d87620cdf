// A button that steps through the years: one step when the page has drawn the year before, never faster.
export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector("span");
  let button = host.querySelector("button");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    host.replaceChildren(button);
  }
  const show = () => {
    button.textContent = still ? data.step : host.playing ? data.pause : data.play;
    button.setAttribute("aria-pressed", String(Boolean(host.playing)));
  };
  const go = (year) => setTriggerValue("year", year);
  const stop = () => {
    host.playing = false;
    clearTimeout(host.timer);
  };
  button.onclick = () => {
    if (still) return go(data.next || data.first);
    if (host.playing) stop();
    else {
      host.playing = true;
      go(data.next || data.first);
    }
    show();
  };
  clearTimeout(host.timer);
  if (host.playing && !data.next) stop();
  if (host.playing) host.timer = setTimeout(() => go(data.next), data.pace);
  show();
  return () => clearTimeout(host.timer);
}
