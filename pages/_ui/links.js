// On a slow line a link may be clicked before the filter pressed a moment ago has come back in its address.  The click
// then waits for the run of that press, and the way to another page is read anew.
const FRAME = "[data-testid=stHeader], [data-testid=stSidebarHeader], a, summary";
const ANSWERED = 1500; // milliseconds within which the run of a press begins; a press without one, such as on a menu, ends
const PATIENCE = 10000;

export default function ({ data }) {
  document.documentElement.lang = data.lang; // Streamlit's own page says English, whatever is on it
  if (window.laoLinks) return;
  window.laoLinks = true;
  let pressed = null; // {at, begun, query}: the last press whose run has not ended
  const nav = () => document.querySelector("nav.lao-nav");
  const query = () => nav()?.dataset.query ?? "";
  const scriptState = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  const press = (event) => {
    if (event.type === "keydown" && event.key !== "Enter") return;
    if (!event.target.closest || event.target.closest(FRAME)) return;
    pressed = { at: Date.now(), begun: false, query: query() };
  };
  for (const kind of ["click", "change", "keydown"]) document.addEventListener(kind, press, true);
  window.addEventListener("message", (event) => { // a press on the map, which lies in a frame of its own
    if (event.data?.type === "streamlit:setComponentValue") {
      pressed = { at: Date.now(), begun: false, query: query() };
    }
  });
  new MutationObserver(() => {
    if (!pressed) return;
    if (scriptState() === "running") pressed.begun = true;
    else if (pressed.begun && scriptState() === "notRunning") pressed = null;
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });

  const sorted = (text) => { const all = new URLSearchParams(text); all.sort(); return all.toString(); };
  const fresh = () => !nav() || sorted(query()) === sorted(location.search);
  const answered = () => {
    if (!pressed) return true;
    if (!pressed.begun) return Date.now() - pressed.at > ANSWERED;
    return query() !== pressed.query;
  };
  document.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest && event.target.closest("a.lao-go");
    if (!link || link.origin !== location.origin) return;
    event.preventDefault();
    const end = Date.now() + PATIENCE;
    let rest = 0;
    const follow = () => {
      const state = scriptState();
      rest = state === "running" || state === "rerunRequested" ? 0 : rest + 1;
      const ready = state !== "rerunRequested" && answered() && (fresh() || rest > 25);
      if (!ready && Date.now() < end) return setTimeout(follow, 20);
      const same = [...document.querySelectorAll("nav.lao-nav a")].find((one) => one.pathname === link.pathname);
      go(link.isConnected || !same ? link : same);
    };
    follow();
  });
  const go = (link) => {
    const main = document.querySelector("[data-testid=stMain]");
    const before = location.pathname;
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    const wanted = link.dataset.to;
    if (!wanted && main) main.scrollTo(0, 0);
    const end = Date.now() + 4000;
    const look = () => {
      const found = document.getElementById(wanted);
      if (found && (before === location.pathname || Date.now() + 3500 > end)) found.scrollIntoView();
      else if (Date.now() < end) setTimeout(look, 150);
    };
    if (wanted) setTimeout(look, 700);
  };
}
