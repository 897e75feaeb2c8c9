package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
    @Test
    void is_well_formed_and_has_a_bar_for_each_value() throws Exception {
        BarChart.Panel panel = new BarChart.Panel(
                "a < b & c",
                "ns",
                List.of(
                        new BarChart.Bar("Convoke", 50, "50 ns", BarChart.Role.OURS),
                        new BarChart.Bar("<peer>", 100, "100 ns", BarChart.Role.PEER)));

        NodeList bars = parse(BarChart.svg(List.of(panel), List.of("a note"))).getElementsByTagName("rect");

        assertThat(bars.getLength()).isEqualTo(2);
        assertThat(width(bars, 1)).isEqualTo(2 * width(bars, 0));
    }

    @Test
    void an_overview_shows_what_was_measured() throws Exception {
        String svg = Pictures.overview(new Sample().round(20, 10).results());

        assertThat(parse(svg).getElementsByTagName("rect").getLength()).isEqualTo(2);
        assertThat(svg).contains("20.0 ns", "plain loop");
    }

    private static double width(NodeList bars, int index) {
        return Double.parseDouble(((Element) bars.item(index)).getAttribute("width"));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
