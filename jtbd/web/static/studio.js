// Draws the landscape with Vega. Expressions run in an interpreter, so the page needs no eval.
"use strict";
(() => {
  const box = document.getElementById("landscape");
  if (!box) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const room = () => Math.max(220, Math.min(box.clientWidth - 64, 600));
  const specs = {};
  let drawn = 0;
  let view = null;

  // On a phone text is smaller, and the notes along the lines make room for the points.
  function fitted(spec, side) {
    const next = { ...structuredClone(spec), width: side, height: side, padding: 4, title: undefined };
    if (side < 400) {
      next.layer = next.layer.filter((one) => !one.mark.angle);
      for (const one of next.layer) {
        if (one.mark.type === "text") one.mark.fontSize *= 0.82;
      }
    }
    return next;
  }

  async function draw() {
    const theme = dark.matches ? "dark" : "light";
    const side = room();
    drawn = side;
    if (!specs[theme]) {
      const answer = await fetch(box.dataset[theme], { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`the chart's data did not arrive (${answer.status})`);
      specs[theme] = await answer.json();
    }
    const next = await window.vegaEmbed(box, fitted(specs[theme], side), {
      ast: true,
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    });
    if (view) view.finalize();
    view = next;
  }

  function showPicture() {
    const picture = document.createElement("img");
    picture.className = "picture";
    picture.src = box.dataset.picture;
    picture.alt = box.dataset.alt;
    box.replaceChildren(picture);
  }

  const start = () => draw().catch(showPicture);
  dark.addEventListener("change", start);
  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (room() !== drawn) start(); }, 150);
  });
  start();
})();
