"use strict";
const form = document.getElementById("filters");
const items = Array.from(document.querySelectorAll(".item"));
const shown = document.getElementById("shown");
const filter = () => {
  const text = form.elements.text.value.trim().toLowerCase();
  const severities = new Set(Array.from(form.querySelectorAll("input[name=severity]:checked"), (box) => box.value));
  const reach = form.elements.reach.value;
  let count = 0;
  for (const item of items) {
    const fits = severities.has(item.dataset.severity)
      && (reach === "" || item.dataset.reach === reach)
      && (text === "" || item.textContent.toLowerCase().includes(text));
    item.hidden = !fits;
    count += fits ? 1 : 0;
  }
  shown.textContent = `${count} of ${items.length} shown`;
};
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.elements.unfold.addEventListener("click", () => {
  const all = items.filter((item) => !item.hidden).map((item) => item.querySelector("details"));
  const open = all.some((details) => !details.open);
  for (const details of all) details.open = open;
});
form.hidden = false;
filter();
