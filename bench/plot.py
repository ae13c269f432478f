"""Pictures of bars in panels, with a legend: SVG that needs nothing else."""

from html import escape

WIDTH, LEFT, RIGHT, BAR, HEAD = 860, 130, 170, 17, 50
FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
AIM = "#c62828"


def spoken(ns):
    """A time as people say it."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns < 100 * size else f"{ns / size:,.0f} {unit}"
    return f"{ns:.3g} ns"


def panel(top, heading, note, bars):
    """Lines of SVG and the height of one panel; a bar is (label, ns, colour, aim or None). Bars that would leave it end in a break."""
    ordinary = sorted(ns for _, ns, *_ in bars)
    # One bar a hundred times as long as the others would make them invisible.
    scale = max([ns for ns in ordinary if ns <= 12 * ordinary[len(ordinary) // 3]] or ordinary[:1])
    room = WIDTH - LEFT - RIGHT
    out = [f'<text x="10" y="{top + 16}" font-size="14" font-weight="600">{escape(heading)}</text>',
           f'<text x="10" y="{top + 33}" fill="#555">{escape(note)}</text>']
    y = top + HEAD - 8
    for label, ns, colour, aim in bars:
        wide, broken = max(1.5, min(ns / scale, 1.04) * room), ns > scale * 1.001
        out.append(f'<text x="{LEFT - 8}" y="{y + BAR - 5}" text-anchor="end">{escape(label)}</text>')
        out.append(f'<rect x="{LEFT}" y="{y + 1}" width="{wide:.1f}" height="{BAR - 4}" fill="{colour}"/>')
        if broken:
            out.append(f'<path d="M{LEFT + room - 14} {y - 1} l-6 {BAR} h6 l6 -{BAR} z" fill="white"/>')
        times = f" ({ns / scale:,.0f} times as long as there is room)" if broken else ""
        out.append(f'<text x="{LEFT + wide + 6:.1f}" y="{y + BAR - 5}">{spoken(ns)}{times if wide < room else ""}</text>')
        if aim and aim <= scale * 1.04:
            x = LEFT + aim / scale * room
            out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 1}" y2="{y + BAR - 2}" stroke="{AIM}" stroke-width="2"/>')
        y += BAR
    return out, y - top + 14


def legend(colours, has_aims, top):
    """What each colour is, and the mark of an aim."""
    out, x, y = [], 10, top
    for name, colour in colours.items():
        if x + 24 + 7 * len(name) > WIDTH - 10:
            x, y = 10, y + 20
        out.append(f'<rect x="{x}" y="{y}" width="13" height="13" fill="{colour}"/><text x="{x + 18}" y="{y + 11}">{escape(name)}</text>')
        x += 36 + 7 * len(name)
    if has_aims:
        y += 20
        out.append(f'<line x1="16" x2="16" y1="{y - 1}" y2="{y + 14}" stroke="{AIM}" stroke-width="2"/>'
                   f'<text x="28" y="{y + 11}">the aim: a bar that ends to the left of its red line is fast enough</text>')
    return out, y + 30 - top


def picture(title, how, colours, panels):
    """The whole: `how` says in words how it is read; `panels` are (heading, note, bars)."""
    has_aims = any(aim for _, _, bars in panels for *_, aim in bars)
    out = [f'<text x="10" y="24" font-size="17" font-weight="600">{escape(title)}</text>']
    for number, line in enumerate(how):
        out.append(f'<text x="10" y="{44 + 17 * number}" fill="#333">{escape(line)}</text>')
    top = 58 + 17 * len(how)
    lines, height = legend(colours, has_aims, top)
    out += lines
    top += height
    for heading, note, bars in panels:
        if bars:
            lines, height = panel(top, heading, note, bars)
            out += lines
            top += height
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" font-family="{FONT}" font-size="12">\n'
            '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(out) + "\n</svg>\n")
