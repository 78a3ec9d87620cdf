// Keeps one map document alive in an iframe and hands it the delta of each run.
export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".map") || parentElement;
  let frame = host.querySelector("iframe");
  if (frame && frame.dataset.source !== data.document) {
    frame.remove();
    frame = null;
  }
  // On a phone the country fills the width; a taller frame would be empty above and below it.
  host.style.height = `min(${data.height}, max(440px, 140vw))`;
  const fail = (why) => {
    const text = document.createElement("p");
    text.setAttribute("role", "alert");
    text.textContent = data.fault + " (" + why + ")";
    host.replaceChildren(text);
  };
  if (!frame) {
    frame = document.createElement("iframe");
    frame.title = data.title;
    frame.dataset.source = data.document;
    host.replaceChildren(frame);
    fetch(data.document)
      .then((answer) => answer.text())
      .then((html) => {
        // A server without our routes answers every address with Streamlit's own page.
        if (!html.includes('name="live-map"')) throw new Error(data.routes);
        const base = document.createElement("base");
        base.href = new URL(data.document, location.href).href;
        frame.srcdoc = html.replace("<head>", "<head>" + base.outerHTML);
      })
      .catch((error) => fail(error.message));
    frame.addEventListener("load", () => {
      if (!frame.contentWindow.update) return;
      // Set once: the frame reads the callback of the latest run.
      frame.contentWindow.onMapEvent = (event) => frame.choose(event);
      frame.contentWindow.update(frame.delta);
      frame.sent = frame.wanted;
    });
  }
  frame.choose = (event) => setTriggerValue("event", event);
  frame.delta = data.delta;
  frame.wanted = JSON.stringify(data.delta);
  if (frame.contentWindow && frame.contentWindow.update && frame.sent !== frame.wanted) {
    frame.sent = frame.wanted;
    frame.contentWindow.update(data.delta);
  }
}
