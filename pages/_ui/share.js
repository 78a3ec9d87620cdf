// Texts to copy, each with its button; copying works without the clipboard's permission as well.
export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".share") || parentElement;
  const parts = data.items.map((item, at) => {
    const part = document.createElement("div");
    const label = document.createElement("label");
    const text = document.createElement("textarea");
    const line = document.createElement("div");
    const button = document.createElement("button");
    const said = document.createElement("span");
    label.textContent = item.label;
    label.htmlFor = text.id = "share-" + at;
    text.readOnly = true;
    text.rows = item.rows;
    text.value = item.text;
    text.spellcheck = false;
    button.type = "button";
    button.textContent = item.button;
    said.setAttribute("role", "status");
    line.append(button, said);
    part.append(label, text, line);
    const copied = () => {
      said.textContent = data.copied;
      setTimeout(() => (said.textContent = ""), 4000);
    };
    const byHand = () => {
      text.focus();
      text.select();
      if (document.execCommand("copy")) copied();
      else said.textContent = data.refused;
    };
    text.addEventListener("focus", () => text.select());
    button.addEventListener("click", () => {
      if (!navigator.clipboard) return byHand();
      navigator.clipboard.writeText(item.text).then(copied, byHand);
    });
    return part;
  });
  host.replaceChildren(...parts);
}
