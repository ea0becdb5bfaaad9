package org.etalon.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.etalon.data.DataException;
import org.etalon.training.config.Configuration;
import org.etalon.training.run.RunFolder;
import org.etalon.training.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path temp;

  @Test
  void finishedRunShowsEveryPart() throws IOException {
    Path run = temp.resolve("my <run>");
    SyntheticRun.write(run, 600, 120);
    Path file = Report.write(run);
    String html = Files.readString(file);
    assertFalse(html.contains("Not yet run"));
    for (String part :
        List.of(
            "<b>Loss</b>",
            "<b>algebra</b>",
            "specialist: step",
            "<b>Reward</b>",
            "<b>Entropy</b>",
            "<b>Held-out accuracy</b>",
            "<b>Correct rollouts per group</b>",
            "<b>Mean weight w_ME</b>",
            "<b>Response length</b>",
            "<b>Cut off</b>",
            "96 tokens",
            "geometry specialist",
            "54.8 to 61.4",
            "promptsPerStep: 64",
            "GiB of memory")) {
      assertTrue(html.contains(part), part);
    }
    assertEquals(count("class=\"dot c1 chosen\"", html), SyntheticRun.SUBDOMAINS.size());
    assertTrue(html.contains("my &lt;run&gt;"));
  }

  @Test
  void benchmarksStandBesideThePapersTables() throws IOException {
    SyntheticRun.write(temp, 60, 12);
    assertFalse(Report.html(temp).contains("Benchmarks"));
    var score = new Interval(0.4251, 0.31, 0.5204);
    var tokens = new BenchmarkResult.Tokens(new Interval(812.4, 700, 900), 800, 1500, Map.of());
    var result =
        new BenchmarkResult(
            "aime24",
            "AIME24",
            "my <model>",
            1_543_714_304L,
            new BenchmarkResult.Sampling(64, 1, 0.95, 40960, 1),
            30,
            0.95,
            score,
            Map.of(1, score, 64, new Interval(0.7, 0.5333, 0.8667)),
            Map.of(64, new Interval(0.5, 0.3, 0.7)),
            tokens,
            new Interval(0.05, 0, 0.1),
            0,
            0,
            0,
            0);
    BenchmarkResult.writeAll(temp.resolve("eval"), List.of(result));
    assertEquals(List.of(result), BenchmarkResult.readAll(temp.resolve("eval")));
    String html = Report.html(temp);
    for (String part :
        List.of(
            "42.5\u00a0%<small>31.0 to 52.0</small>",
            "70.0\u00a0%<small>53.3 to 86.7</small>",
            "<th>my &lt;model&gt;</th><td>1.54B</td><td>42.5</td><td>–</td>",
            "arXiv 2511.06221, table 3: large reasoning models",
            "<th>DeepSeek R1-0120</th><td>671B</td><td>79.8</td><td>70.0</td><td>41.7</td>")) {
      assertTrue(html.contains(part), part);
    }
  }

  @Test
  void reportNeedsNothingFromOutside() throws IOException {
    SyntheticRun.write(temp, 60, 12);
    String html = Report.html(temp);
    assertEquals(0, count("<script|https?://|url\\(|@import|<link|<img| on[a-z]+=", html));
    assertTrue(html.contains("prefers-color-scheme: dark"));
    assertTrue(html.contains("width=device-width"));
  }

  @Test
  void everyDrawingIsWellFormedAndInsideItsFrame() throws Exception {
    SyntheticRun.write(temp, 6000, 400);
    String html = Report.html(temp);
    var svgs = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL).matcher(html);
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    int drawings = 0;
    while (svgs.find()) {
      byte[] xml = svgs.group().getBytes(StandardCharsets.UTF_8);
      var circles = builder.parse(new ByteArrayInputStream(xml)).getElementsByTagName("circle");
      for (int i = 0; i < circles.getLength(); i++) {
        var circle = (org.w3c.dom.Element) circles.item(i);
        double x = Double.parseDouble(circle.getAttribute("cx"));
        double y = Double.parseDouble(circle.getAttribute("cy"));
        assertTrue(x >= 0 && x <= LineChart.WIDTH && y >= 0 && y <= 200, x + " " + y);
      }
      drawings++;
    }
    assertTrue(drawings >= 18, "drawings: " + drawings);
    assertTrue(html.length() < 400_000, "a long run must not make a huge file: " + html.length());
  }

  @Test
  void sampleTextCannotBecomeMarkup() throws IOException {
    SyntheticRun.write(temp, 60, 12);
    String html = Report.html(temp);
    assertFalse(html.contains("<b>blue</b>"));
    assertTrue(html.contains("&lt;b&gt;blue&lt;/b&gt;"));
    assertTrue(html.contains("1/4 &amp; so on"));
  }

  @Test
  void partsThatHaveNotRunAreShownAsSuch() {
    RunFolder.open(temp, Configuration.defaults()).close();
    String html = Report.html(temp);
    for (String stage : List.of("sft", "probe", "mgpo", "eval")) {
      assertTrue(html.contains("Not yet run: <code>etalon " + stage + "</code>"), stage);
    }
    assertFalse(html.contains("<svg"));
  }

  @Test
  void findingsSayHonestlyWhatTheIntervalsShow() {
    String apart = findings(0.37, 0.58, 0.70, 0.69);
    assertTrue(
        apart.contains(
            "<b>+21.0 points</b> (37.0\u00a0% → 58.0\u00a0%), the intervals are apart."));
    assertTrue(apart.contains("Pass@8 70.0\u00a0% against 69.0\u00a0%, at least as good."), apart);
    String overlap = findings(0.37, 0.40, 0.70, 0.72);
    assertTrue(
        overlap.contains("<b>+3.0 points</b> (37.0\u00a0% → 40.0\u00a0%), the intervals overlap."));
    assertTrue(overlap.contains("against 72.0\u00a0%, lower, within its interval."), overlap);
    String worse = findings(0.58, 0.37, 0.60, 0.72);
    assertTrue(
        worse.contains("<b>-21.0 points</b> (58.0\u00a0% → 37.0\u00a0%), worse, intervals apart."));
    assertTrue(worse.contains("against 72.0\u00a0%, lower."), worse);
  }

  @Test
  void damagedResultFileIsNamedWithItsLine() throws IOException {
    SyntheticRun.write(temp, 60, 12);
    Path file = temp.resolve("probe/result.json");
    Files.writeString(file, "{\"k\": 8,\n\"samples\": }");
    DataException e = assertThrows(DataException.class, () -> Report.write(temp));
    assertTrue(e.getMessage().startsWith(file + ":2: "), e.getMessage());
    Files.writeString(file, "{\"k\": 8}");
    e = assertThrows(DataException.class, () -> Report.write(temp));
    assertTrue(e.getMessage().contains("samples"), e.getMessage());
    assertFalse(Files.exists(temp.resolve("report.html")));
  }

  @Test
  void folderThatIsNoRunIsRefused() {
    DataException e = assertThrows(DataException.class, () -> Report.write(temp));
    assertTrue(e.getMessage().contains("is not a run of Etalon"), e.getMessage());
    Path none = temp.resolve("none");
    assertThrows(DataException.class, () -> Report.write(none));
  }

  private String findings(double fused, double mgpo, double fusedK, double singleK) {
    var models =
        List.of(
            SyntheticRun.model("algebra specialist", 0.3, singleK),
            SyntheticRun.model("fused", fused, fusedK),
            SyntheticRun.model("mgpo", mgpo, 0.8));
    Path run = temp.resolve("run" + fused + mgpo);
    RunFolder.open(run, Configuration.defaults()).close();
    new EvalResult(8, 16, 0.95, models).write(run.resolve("eval"));
    return Report.html(run);
  }

  private static long count(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().count();
  }
}
