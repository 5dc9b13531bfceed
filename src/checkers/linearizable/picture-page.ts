// Style and script of the page that shows a witness. The page loads nothing.

export const pageStyle = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; color: #1b2733; background: #fff; }
h1 { font-size: 20px; margin: 0 0 8px; }
.scroll { overflow-x: auto; border: 1px solid #d5dce3; border-radius: 6px; }
svg text { font: 12px ui-monospace, monospace; fill: #1b2733; pointer-events: none; }
svg .lane { fill: #607080; }
.bar rect { fill: #dbe7f3; stroke: #8aa5c0; }
.bar.open rect { fill: #fff; stroke-dasharray: 4 3; }
.bar.conflict rect { fill: #9fc0e2; stroke: #33628f; stroke-width: 2; }
.bar.stuck rect { fill: #f6b7b0; stroke: #b3261e; stroke-width: 2; }
.bar:hover rect { stroke: #000; stroke-width: 2; }
.bar.faded { opacity: 0.4; }
.order { display: none; }
.order.shown { display: inline; }
.order polyline { fill: none; stroke: #2e7d32; stroke-width: 2; pointer-events: none; }
.order circle { fill: #2e7d32; }
button { font: inherit; margin: 2px; border: 1px solid #8aa5c0; background: #f4f8fb; }
button.shown { background: #2e7d32; color: #fff; }
pre { background: #f4f6f8; padding: 12px; border-radius: 6px; min-height: 4em; }
pre { white-space: pre-wrap; }
`;

export const pageScript = `
const all = (query) => [...document.querySelectorAll(query)];
const detail = document.getElementById('detail');
const show = (nth) => {
  const own = new Set(all('.order[data-order="' + nth + '"] circle').map((c) => c.dataset.at));
  for (const each of all('.order, button')) {
    each.classList.toggle('shown', each.dataset.order === nth);
  }
  for (const bar of all('.bar')) bar.classList.toggle('faded', !own.has(bar.dataset.at));
};
for (const bar of all('.bar')) {
  bar.addEventListener('mouseenter', () => {
    detail.textContent = bar.dataset.detail;
    const holders = all('.order circle[data-at="' + bar.dataset.at + '"]');
    if (holders.length > 0) detail.textContent += '\\n' + holders[0].textContent;
  });
}
for (const button of all('button')) {
  button.addEventListener('click', () => show(button.dataset.order));
}
if (all('button').length > 0) show('0');
for (const bar of all('.stuck')) bar.scrollIntoView({ inline: 'center', block: 'nearest' });
`;
