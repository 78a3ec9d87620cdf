/* Legend, layer switches and the home button: plain HTML, every text set as text. */
/* global L */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});

  /** The legend: classes with their number of areas, zero and "no data" apart, the nationwide work named. */
  LiveMap.Legend = class {
    constructor(app) {
      this.app = app;
      this.box = document.getElementById("legend");
      this.box.hidden = false;
      L.DomEvent.disableClickPropagation(this.box);
      this.toggle = LiveMap.make("button", "", "title");
      this.toggle.type = "button";
      this.toggle.addEventListener("click", () => this.open(this.body.hidden));
      this.body = LiveMap.make("div", undefined, "body");
      this.body.id = "legend-body";
      this.toggle.setAttribute("aria-controls", "legend-body");
      this.box.append(this.toggle, this.body);
      this.open(!app.narrow());
    }

    open(yes) {
      this.body.hidden = !yes;
      this.toggle.setAttribute("aria-expanded", String(yes));
    }

    draw() {
      const { delta, words } = this.app;
      this.toggle.textContent = words.legend;
      this.box.setAttribute("aria-label", words.legend);
      const rows = LiveMap.make("ul");
      const order = [...delta.legend.classes].sort((a, b) => (a[0] <= 0) - (b[0] <= 0) || b[0] - a[0]);
      let apart = false;
      for (const [index, label, colour, areas] of order) {
        const row = this.row(index, label, colour, areas);
        if (index <= 0 && !apart) {
          row.classList.add("apart");
          apart = true;
        }
        rows.append(row);
      }
      const parts = [LiveMap.make("p", words[delta.view] || "", "view"), LiveMap.make("p", delta.legend.title, "name"), rows];
      if (delta.legend.nationwide) parts.push(LiveMap.make("p", delta.legend.nationwide, "band"));
      if (this.app.switches.points) parts.push(LiveMap.make("p", words.pointsNote, "note"));
      this.body.replaceChildren(...parts);
    }

    row(index, label, colour, areas) {
      const row = LiveMap.make("li");
      row.dataset.index = String(index);
      const swatch = LiveMap.make("span", undefined, index < 0 ? "swatch hatched" : "swatch");
      if (index >= 0) swatch.style.background = colour;
      const count = LiveMap.make("span", String(areas), "areas");
      count.title = areas + " " + this.app.words.areas;
      row.append(swatch, LiveMap.make("span", label, "label"), count);
      return row;
    }
  };

  /** The layer switches; what they hold is `app.switches`. */
  LiveMap.Switches = class {
    constructor(app) {
      this.app = app;
      const Control = L.Control.extend({ onAdd: () => this.build() });
      app.map.addControl(new Control({ position: "topright" }));
    }

    build() {
      this.box = LiveMap.make("div", undefined, "switches leaflet-bar");
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      this.toggle = LiveMap.make("button", "", "title");
      this.toggle.type = "button";
      this.body = LiveMap.make("div", undefined, "body");
      this.body.id = "switches-body";
      this.body.hidden = true;
      this.toggle.setAttribute("aria-controls", "switches-body");
      this.toggle.setAttribute("aria-expanded", "false");
      this.toggle.addEventListener("click", () => {
        this.body.hidden = !this.body.hidden;
        this.toggle.setAttribute("aria-expanded", String(!this.body.hidden));
      });
      this.box.append(this.toggle, this.body);
      return this.box;
    }

    /** Build the list anew; cheap, and the language or the basemap may have changed. */
    draw() {
      const { words, delta, switches, points } = this.app;
      this.toggle.textContent = words.layers;
      const names = ["labels", "borders"].concat(points.size ? ["points"] : [], delta.basemap.url ? ["basemap"] : []);
      const rows = names.map((name) => this.check(words[name], switches[name], (on) => (switches[name] = on), name));
      const all = this.app.fixed.goals.map((goal) => goal.number);
      const every = this.check(
        words.goalsAll,
        switches.goals.size === all.length,
        (on) => (switches.goals = new Set(on ? all : [])),
        "goals"
      );
      every.querySelector("input").indeterminate = switches.goals.size > 0 && switches.goals.size < all.length;
      const focused = document.activeElement && document.activeElement.dataset.layer;
      this.body.replaceChildren(...rows, every, this.goals());
      const again = focused && this.body.querySelector(`[data-layer="${focused}"]`);
      if (again) again.focus();
    }

    check(text, on, set, name) {
      const row = LiveMap.make("label");
      const box = LiveMap.make("input");
      box.type = "checkbox";
      box.checked = on;
      box.dataset.layer = name;
      box.addEventListener("change", () => {
        set(box.checked);
        this.app.redraw();
      });
      row.append(box, LiveMap.make("span", text));
      return row;
    }

    goals() {
      const { fixed, switches, delta, words } = this.app;
      const grid = LiveMap.make("div", undefined, "goals");
      grid.setAttribute("role", "group");
      grid.setAttribute("aria-label", words.goals);
      for (const goal of fixed.goals) {
        const on = switches.goals.has(goal.number);
        const tile = LiveMap.make("button", String(goal.number));
        tile.type = "button";
        tile.dataset.layer = "goal-" + goal.number;
        tile.title = goal.number + " " + LiveMap.name(goal, delta.language);
        tile.setAttribute("aria-label", tile.title);
        tile.setAttribute("aria-pressed", String(on));
        tile.style.background = on ? goal.colour : "#ffffff";
        tile.style.color = on ? LiveMap.ink(goal.colour) : "#33434f";
        tile.style.borderColor = goal.colour;
        tile.addEventListener("click", () => {
          if (!switches.goals.delete(goal.number)) switches.goals.add(goal.number);
          this.app.redraw();
        });
        grid.append(tile);
      }
      return grid;
    }
  };

  /** Zoom buttons and home, with words for those who hear them. */
  LiveMap.Buttons = class {
    constructor(app) {
      const bar = LiveMap.make("div", undefined, "leaflet-bar buttons");
      const make = (sign, act) => {
        const button = LiveMap.make("button", sign);
        button.type = "button";
        button.addEventListener("click", act);
        bar.append(button);
        return button;
      };
      this.app = app;
      this.in = make("+", () => app.map.zoomIn());
      this.out = make("−", () => app.map.zoomOut());
      this.home = make("", () => app.fit());
      this.home.className = "home";
      L.DomEvent.disableClickPropagation(bar);
      const Control = L.Control.extend({ onAdd: () => bar });
      app.map.addControl(new Control({ position: "topleft" }));
    }

    draw() {
      for (const [button, key] of [[this.in, "zoomIn"], [this.out, "zoomOut"], [this.home, "home"]]) {
        button.title = this.app.words[key];
        button.setAttribute("aria-label", this.app.words[key]);
      }
    }
  };
})();
