package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.logging.Level;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.savedmodels.serve.ServerOptions;
import org.etalon.training.report.Report;
import org.etalon.training.report.SyntheticRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The web page in Chromium without a window: what a person does there, and what the server sees.
 */
@Tag("browser")
class PageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int WINDOW = 8192;
  private static final String GENERATED = "etalon_generated_tokens_total";

  @TempDir static Path folder;
  private static ConformanceServer server;
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws Exception {
    Optional<File> chromium = program("chromium");
    Optional<File> driver = program("chromedriver");
    assumeTrue(
        chromium.isPresent() && driver.isPresent(),
        "the page is tested in Chromium: run ci/browser, or sudo apt-get install chromium"
            + " chromium-driver");
    SyntheticRun.write(folder.resolve("run"), 60, 12);
    server = ConformanceServer.start(options(Report.write(folder.resolve("run"))), line -> {});
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).build(),
            headless(chromium.get()));
  }

  private static Optional<File> program(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst();
  }

  private static ChromeOptions headless(File chromium) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    // Its own sandbox refuses to run as root, as whom CI runs; it opens our page alone.
    options.addArguments("--headless=new", "--no-sandbox", "--no-proxy-server");
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  /** A random model that no token ends: an answer lasts until its limit, or until it is stopped. */
  private static ServerOptions options(Path report) throws Exception {
    Path base = Files.createDirectory(folder.resolve("model"));
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      ModelConfig config =
          ModelConfig.qwen2(tokenizer.vocabSize(), 32, 48, 2, 4, 2, 8, 1e4, 1e-6, true, WINDOW);
      try (Program program = new Program(config, ExecutionOptions.defaults())) {
        program.initialize(3, 0.3);
        new SavedModelExporter(config, List.of(), tokenizer.padId())
            .write(base, 1, Bundle.of(program)::save, tokenizer, Map.of());
      }
    }
    return ServerOptions.local(base, "small").withReport(report);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void load() {
    browser.get(url("/"));
    eventually(() -> at("model").getText().equals("small"));
  }

  @AfterEach
  void nothingFailed() {
    assertEquals(
        List.of(),
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().equals(Level.SEVERE))
            .toList());
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + server.restPort() + path;
  }

  private static WebElement at(String id) {
    return browser.findElement(By.id(id));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void eventually(Condition condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.holds()) {
        assertTrue(System.nanoTime() < end, () -> browser.getPageSource());
        Thread.sleep(20);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void ask(String question, int tokens) {
    at("tokens").clear();
    at("tokens").sendKeys(Integer.toString(tokens));
    at("text").sendKeys(question);
    at("send").click();
  }

  private static List<String> said(String role) {
    return browser.findElements(By.cssSelector("#talk ." + role)).stream()
        .map(WebElement::getText)
        .toList();
  }

  private static String answer() {
    List<String> answers = said("assistant");
    return answers.get(answers.size() - 1);
  }

  /** What Prometheus would read under a name, with its labels. */
  private static double metric(String name) throws Exception {
    String text =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url("/monitoring/prometheus/metrics"))).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private static double rows() throws Exception {
    return metric("etalon_rows_running{queue=\"generate\"}")
        + metric("etalon_rows_waiting{queue=\"generate\"}");
  }

  @Test
  void anAnswerGrowsAsItsTokensCome() {
    ask("What is 2+3?", 600);
    TreeSet<Integer> lengths = new TreeSet<>();
    eventually(
        () -> {
          lengths.add(answer().length());
          return at("send").isEnabled();
        });
    lengths.remove(0);
    assertTrue(lengths.size() >= 3, "lengths seen: " + lengths);
    assertEquals(List.of("What is 2+3?"), said("user"));
    assertEquals("600 tokens", at("status").getText());
    assertTrue(answer().length() >= lengths.last());
    assertFalse(at("stop").isEnabled());
  }

  /** Whether nothing is generated any more: between two pieces a row neither runs nor waits. */
  private static boolean idle() throws Exception {
    double before = metric(GENERATED);
    Thread.sleep(300);
    return rows() == 0 && metric(GENERATED) == before;
  }

  @Test
  void stopFreesTheSlotAndTheTalkGoesOn() throws Exception {
    double before = metric(GENERATED);
    ask("Count to a million.", WINDOW - 500);
    eventually(() -> answer().length() > 50 && rows() > 0);
    at("stop").click();
    eventually(() -> at("send").isEnabled());
    assertEquals("stopped", at("status").getText());
    String stopped = answer();
    eventually(PageTest::idle);
    double tokens = metric(GENERATED);
    assertTrue(tokens - before < WINDOW - 500, "generated " + (tokens - before));

    ask("And now?", 8);
    eventually(() -> at("status").getText().equals("8 tokens"));
    assertEquals(List.of("Count to a million.", "And now?"), said("user"));
    assertEquals(stopped, said("assistant").get(0));
    assertEquals(tokens + 8, metric(GENERATED));
  }

  private static double promptTokens(String question) throws Exception {
    double before = metric("etalon_prompt_tokens_total");
    ask(question, 8);
    eventually(() -> at("status").getText().equals("8 tokens"));
    return metric("etalon_prompt_tokens_total") - before;
  }

  @Test
  void anewForgetsWhatWasSaidAlsoWhileAnAnswerComes() throws Exception {
    double alone = promptTokens("Remember this.");
    assertTrue(promptTokens("Remember this.") > 2 * alone);
    ask("Count on.", WINDOW - 500);
    eventually(() -> answer().length() > 20);
    at("reset").click();
    eventually(() -> at("send").isEnabled() && idle());
    assertEquals(List.of(), said("user"));
    assertEquals(List.of(), said("assistant"));
    assertEquals(alone, promptTokens("Remember this."));
  }

  @Test
  void aRefusalIsShownAndTheTalkGoesOn() {
    ask("Too much?", 100_000);
    eventually(() -> !said("error").isEmpty());
    assertTrue(said("error").get(0).contains("max_tokens"), said("error").get(0));
    browser.manage().logs().get(LogType.BROWSER); // tells of the refusal as well
    ask("Enough?", 4);
    eventually(() -> at("status").getText().equals("4 tokens"));
  }

  @Test
  void theReportOfTheRunOpens() {
    at("report").click();
    eventually(() -> browser.getCurrentUrl().equals(url("/report.html")));
    assertTrue(browser.getTitle().contains("run"), browser.getTitle());
    assertTrue(browser.findElement(By.tagName("svg")).isDisplayed());
    assertTrue(browser.findElement(By.tagName("body")).getText().contains("Entropy"));
  }
}
