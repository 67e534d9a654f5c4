package dev.sluice.autoscale;

import java.util.List;
import java.util.Locale;

/** A picture of lines over time, as SVG: panels one below the other, in colours for a light and for a dark page. */
record Plot(String title, List<Panel> panels) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 120;
    private static final int LEFT = 62;
    private static final int TOP = 58;
    private static final int GAP = 44;
    private static final int PLOT = WIDTH - LEFT - 18;

    private static final String STYLE = """
            <style>
            text{font:12px sans-serif;fill:#1f2328}
            .page{fill:#fff}
            .axis{stroke:#59636e;fill:none}
            .grid{stroke:#d1d9e0}
            .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
            .l0{stroke:#b35900}
            .l1{stroke:#0969da;stroke-dasharray:7 3}
            .l2{stroke:#1a7f37;stroke-dasharray:2 3}
            @media(prefers-color-scheme:dark){
            text{fill:#e6edf3}
            .page{fill:#0d1117}
            .axis{stroke:#9198a1}
            .grid{stroke:#30363d}
            .l0{stroke:#ffa657}
            .l1{stroke:#79c0ff}
            .l2{stroke:#56d364}
            }
            </style>
            """;

    /** One pair of axes, from one second to another; {@code label} is that of the vertical one, with its unit. */
    record Panel(String label, double from, double to, List<Line> lines) {
        double highest() {
            return lines.stream()
                    .mapToDouble(line -> line.values().highest(from, to))
                    .max()
                    .orElse(0);
        }

        double x(double time) {
            return LEFT + (time - from) / (to - from) * PLOT;
        }
    }

    /** A line and its name in the legend. */
    record Line(String name, Series values) {}

    String svg() {
        int height = TOP + panels.size() * (HEIGHT + GAP) + 4;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s<rect class="page" width="%d" height="%d"/>
                <text x="%d" y="22" style="font-weight:bold">%s</text>
                """.formatted(WIDTH, height, title, STYLE, WIDTH, height, LEFT, title));
        legend(svg);
        for (int i = 0; i < panels.size(); i++) {
            panel(svg, panels.get(i), TOP + i * (HEIGHT + GAP));
        }
        return svg.append("</svg>\n").toString();
    }

    private void legend(StringBuilder svg) {
        List<Line> lines = panels.getFirst().lines();
        for (int i = 0; i < lines.size(); i++) {
            int x = LEFT + i * 215;
            svg.append("<path class=\"line l%d\" d=\"M%d 40h28\"/><text x=\"%d\" y=\"44\">%s</text>\n"
                    .formatted(i, x, x + 34, lines.get(i).name()));
        }
    }

    private void panel(StringBuilder svg, Panel panel, int top) {
        double tick = tick(panel.highest());
        int ticks = (int) Math.max(1, Math.ceil(panel.highest() / tick));
        double scale = HEIGHT / (ticks * tick);
        int bottom = top + HEIGHT;
        for (int i = 0; i <= ticks; i++) {
            double y = bottom - i * tick * scale;
            svg.append("<path class=\"grid\" d=\"M%d %sh%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n"
                    .formatted(LEFT, number(y), PLOT, LEFT - 6, number(y + 4), number(i * tick)));
        }
        double range = (panel.to() - panel.from()) / 60;
        double minutes = range <= 6 ? 0.5 : Math.ceil(range / 12);
        for (double minute = panel.from() / 60; minute * 60 <= panel.to(); minute += minutes) {
            double x = panel.x(minute * 60);
            svg.append("<path class=\"axis\" d=\"M%s %dv4\"/>".formatted(number(x), bottom));
            svg.append("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                    .formatted(number(x), bottom + 17, number(minute)));
        }
        svg.append("<path class=\"axis\" d=\"M%d %dV%dh%d\"/>\n".formatted(LEFT, top, bottom, PLOT));
        svg.append("<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
                .formatted(top + HEIGHT / 2, panel.label()));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time (minutes)</text>\n"
                .formatted(LEFT + PLOT / 2, bottom + 31));
        for (int i = 0; i < panel.lines().size(); i++) {
            svg.append("<path class=\"line l%d\" d=\"%s\"/>\n"
                    .formatted(i, path(panel, panel.lines().get(i).values(), bottom, scale)));
        }
    }

    /** Through the value at the end of each step; values like both neighbours are left out. */
    private static String path(Panel panel, Series series, int bottom, double scale) {
        StringBuilder path = new StringBuilder();
        List<Double> values = series.values();
        int last = Math.min(values.size(), (int) Math.round(panel.to() / series.step())) - 1;
        int first = Math.max(0, (int) Math.round(panel.from() / series.step()) - 1);
        for (int i = first; i <= last; i++) {
            boolean same = i > first
                    && i < last
                    && values.get(i).equals(values.get(i - 1))
                    && values.get(i).equals(values.get(i + 1));
            if (!same) {
                path.append(path.isEmpty() ? 'M' : 'L')
                        .append(number(panel.x((i + 1) * series.step())))
                        .append(' ')
                        .append(number(bottom - values.get(i) * scale));
            }
        }
        return path.toString();
    }

    /** 1, 2 or 5 times a power of ten, so that there are three to six of them. */
    private static double tick(double highest) {
        double tick = Math.pow(10, Math.floor(Math.log10(Math.max(highest, 0.001))));
        double most = highest / tick;
        return most > 5 ? 2 * tick : most > 2 ? tick : most > 1 ? tick / 2 : tick / 5;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replace(".0", "");
    }
}
