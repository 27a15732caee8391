// The visible texts whose contrast is below WCAG AA: 4.5 : 1, or 3 : 1 for large ones.
() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) =>
    [r, g, b].map((channel, i) => channel * a + under[i] * (1 - a)).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((channel) => {
      const value = channel / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let box = element; box; box = box.parentElement) {
      layers.push(parse(getComputedStyle(box).backgroundColor));
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const opacity = (element) => {
    let product = 1;
    for (let box = element; box; box = box.parentElement) product *= getComputedStyle(box).opacity;
    return product;
  };
  const findings = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const hidden = !text || !element.checkVisibility({ visibilityProperty: true });
    if (hidden || element.closest("style, script, :disabled, [aria-hidden=true]")) continue;
    if (element.getBoundingClientRect().width < 2) continue;
    const style = getComputedStyle(element);
    const [r, g, b, a] = parse(style.color);
    const below = ground(element);
    const above = over([r, g, b, a * opacity(element)], below);
    const [light, dark] = [luminance(above), luminance(below)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) findings.push(`${ratio.toFixed(2)} ${text.slice(0, 60)}`);
  }
  return findings;
}
