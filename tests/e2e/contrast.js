// Words of the Search page whose contrast with their ground is below 4.5 (WCAG 2.1, level AA).
() => {
    const light = (rgb) => {
        const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = rgb.map((v) => linear(v / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const parse = (text) => {
        const n = text.match(/[\d.]+/g).map(Number);
        return text.startsWith("color(") ? [...n.slice(0, 3).map((v) => v * 255), n[3] ?? 1] : [...n.slice(0, 3), n[3] ?? 1];
    };
    const behind = (node) => {
        const layers = [];
        for (; node; node = node.parentElement) {
            const c = parse(getComputedStyle(node).backgroundColor);
            if (c[3] > 0) layers.push(c);
            if (c[3] === 1) break;
        }
        return layers.reverse().reduce((below, c) => below.map((v, i) => v * (1 - c[3]) + c[i] * c[3]), [255, 255, 255]);
    };
    const bad = [];
    const walk = document.createTreeWalker(document.querySelector("#x-search"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest(".x-sr, .x-face, .x-ghost, [disabled]")) continue;
        const style = getComputedStyle(node);
        const [a, b] = [light(parse(style.color)), light(behind(node))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) bad.push([walk.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
    }
    return bad;
}
