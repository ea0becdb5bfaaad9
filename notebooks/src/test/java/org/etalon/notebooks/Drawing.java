package org.etalon.notebooks;

import java.io.IOException;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** An SVG as a cell shows it. */
final class Drawing {
  private Drawing() {}

  /**
   * @throws IllegalArgumentException unless it is an SVG element with something in it
   */
  static void requireWellFormed(String svg) {
    try {
      Element root =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)))
              .getDocumentElement();
      int shapes =
          root.getElementsByTagName("path").getLength()
              + root.getElementsByTagName("circle").getLength()
              + root.getElementsByTagName("rect").getLength();
      if (!root.getTagName().equals("svg") || shapes < 2) {
        throw new IllegalArgumentException("a plot must be an svg with shapes, got " + svg);
      }
    } catch (SAXException e) {
      throw new IllegalArgumentException("a plot is no XML: " + e.getMessage() + "\n" + svg, e);
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }
}
