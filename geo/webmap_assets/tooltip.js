/* The tooltip of an area: beside the pointer, at the label point for the keyboard, a sheet at the bottom on a phone. */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});

  function make(name, text, style) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (style) element.className = style;
    return element;
  }
  LiveMap.make = make;

  LiveMap.Tooltip = class {
    constructor(app) {
      this.app = app;
      this.box = document.getElementById("tooltip");
      this.pcode = "";
    }

    /** Rows of label and value, empty ones left out. */
    rows(figure) {
      const { delta, words } = this.app;
      const rows = [
        [words.activities, String(figure.activities)],
        [words.agencies, String(figure.agencies)],
        [words.people, figure.people],
        [words.budget, figure.budget],
      ];
      // The metric on show stands first, unless one of the rows says it already.
      if (figure.index < 0) rows.unshift([delta.legend.title, words.noData]);
      else if (!rows.some(([, value]) => value === figure.value)) rows.unshift([delta.legend.title, figure.value]);
      return rows.filter(([, value]) => value !== "");
    }

    /** The same in words, for those who hear the map. */
    words(figure) {
      const language = this.app.delta.language;
      const names = [LiveMap.name(figure.area, language), language === LiveMap.local ? figure.area.en : figure.area.lo];
      return [...new Set(names.filter(Boolean)), ...this.rows(figure).map(([label, value]) => label + ": " + value)];
    }

    follow(pcode, point) {
      this.show(pcode);
      this.place(point);
    }

    /** Show at the area's label point, or as the sheet of a narrow frame. */
    pin(pcode) {
      this.show(pcode);
      const figure = this.app.figures.get(pcode);
      if (figure) this.place(this.app.map.latLngToContainerPoint(figure.area.at));
    }

    show(pcode) {
      if (pcode === this.pcode && !this.box.hidden) return;
      const figure = this.app.figures.get(pcode);
      if (!figure) return this.hide();
      this.pcode = pcode;
      this.fill(figure);
      this.box.hidden = false;
      this.app.mark();
    }

    fill(figure) {
      const { app } = this;
      const lao = app.delta.language === LiveMap.local;
      const parent = app.fixed.byCode.get(figure.area.parent);
      const head = make("div", undefined, "head");
      head.append(make("strong", LiveMap.name(figure.area, app.delta.language)));
      const other = lao ? figure.area.en : figure.area.lo;
      if (other) head.append(make("span", other));
      if (parent && parent.parent) head.append(make("small", LiveMap.name(parent, app.delta.language)));
      const list = make("dl");
      for (const [label, value] of this.rows(figure)) list.append(make("dt", label), make("dd", value));
      this.box.replaceChildren(head, list);
      const tiles = this.tiles(figure);
      if (tiles.childElementCount) this.box.append(tiles);
      this.box.append(this.buttons(figure.area.pcode));
    }

    tiles(figure) {
      const line = make("div", undefined, "tiles");
      this.app.fixed.goals.forEach((goal, at) => {
        if (!figure.goals[at]) return;
        const tile = make("span", undefined, "goal");
        const badge = make("b", String(goal.number));
        badge.style.background = goal.colour;
        badge.style.color = LiveMap.ink(goal.colour);
        tile.append(badge, make("i", LiveMap.short(figure.goals[at])));
        tile.style.borderColor = goal.colour;
        line.append(tile);
      });
      return line;
    }

    /** Only the sheet shows these: a finger needs a place to press. */
    buttons(pcode) {
      const line = make("div", undefined, "buttons");
      const open = make("button", this.app.words.open, "open");
      const close = make("button", this.app.words.close, "close");
      open.type = close.type = "button";
      open.addEventListener("click", () => this.app.choose(pcode));
      close.addEventListener("click", () => this.hide());
      line.append(open, close);
      return line;
    }

    /** Beside the point, turned over at the frame's edges; a sheet is placed by the style sheet. */
    place(point) {
      if (this.box.hidden) return;
      if (this.app.narrow()) return this.uncover(point);
      const size = this.app.map.getSize();
      const { offsetWidth: w, offsetHeight: h } = this.box;
      const x = point.x + 16 + w > size.x ? point.x - 16 - w : point.x + 16;
      const y = point.y + 12 + h > size.y ? point.y - 12 - h : point.y + 12;
      this.box.style.transform = `translate(${Math.round(Math.max(4, x))}px, ${Math.round(Math.max(4, y))}px)`;
    }

    /** Move the map where the sheet would hide the very area that it tells of. */
    uncover(point) {
      const under = point.y + 40 - (this.app.map.getSize().y - this.box.offsetHeight);
      if (under > 0) this.app.map.panBy([0, under], { animate: !LiveMap.still });
    }

    hide() {
      if (this.box.hidden) return;
      this.box.hidden = true;
      this.pcode = "";
      this.app.mark();
    }

    /** After a delta: the same area with its new figures, or nothing if it has none any more. */
    refresh() {
      if (this.box.hidden) return;
      const figure = this.app.figures.get(this.pcode);
      if (figure) this.fill(figure);
      else this.hide();
    }
  };
})();
