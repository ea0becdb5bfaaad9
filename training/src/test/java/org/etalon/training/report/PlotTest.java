package org.etalon.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlotTest {
  private static final CurvePage.Curve RISING =
      new CurvePage.Curve("rising & <bold>", List.of(1.0, 2.0), List.of(0.25, 0.5));

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static String lines(CurvePage.Curve... curves) {
    return Plot.lines(new CurvePage.Figure("Title", "note", "step", List.of(curves)));
  }

  @Test
  void linesHaveTitleNoteAxisAndLegend() throws Exception {
    var other = new CurvePage.Curve("other", List.of(1.0, 2.0), List.of(0.5, 0.25));
    Document svg = parse(lines(RISING, other));
    String text = svg.getDocumentElement().getTextContent();
    for (String word : List.of("Title", "note", "step", "rising & <bold>", "other")) {
      assertTrue(text.contains(word), word);
    }
    assertEquals(4, svg.getElementsByTagName("circle").getLength());
  }

  @Test
  void aSingleLineNeedsNoLegend() throws Exception {
    String text = lines(RISING).replaceAll("<title>.*?</title>", "");
    assertFalse(parse(text).getDocumentElement().getTextContent().contains("rising"));
  }

  @Test
  void theStyleReachesNothingOutside() throws Exception {
    String style = parse(lines(RISING)).getElementsByTagName("style").item(0).getTextContent();
    for (String rule : style.split("}", -1)) {
      assertTrue(rule.isBlank() || rule.strip().startsWith(".etalon-plot "), rule);
    }
  }

  @Test
  void aMatrixHasACellForEachValueTheLargestDarkest() throws Exception {
    String svg =
        Plot.matrix(
            "Title",
            "",
            List.of("a", "b"),
            List.of("x", "y", "z"),
            new double[][] {{0, 1, 2}, {4, 2, 0}});
    // The ground and six cells.
    assertEquals(7, parse(svg).getElementsByTagName("rect").getLength());
    assertTrue(svg.contains("opacity=\"1.00\"><title>4</title>"), svg);
    assertTrue(svg.contains("opacity=\"0.50\"><title>2</title>"), svg);
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    var empty = new CurvePage.Curve("empty", List.<Double>of(), List.<Double>of());
    assertThrows(IllegalArgumentException.class, () -> lines(empty));
    List<String> one = List.of("a");
    assertThrows(
        IllegalArgumentException.class,
        () -> Plot.matrix("Title", "", one, one, new double[][] {{1, 2}}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Plot.matrix("Title", "", one, one, new double[][] {{-1}}));
  }
}
