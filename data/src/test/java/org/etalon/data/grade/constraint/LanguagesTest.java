package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "en | The weather is lovely today and we would like to walk along the river. Do you want to come with us?",
        "es | Hoy hace muy buen tiempo y nos gustaría caminar junto al río. ¿Quieres venir con nosotros?",
        "pt | O tempo está muito bom hoje e gostaríamos de caminhar ao longo do rio. Você não quer vir conosco?",
        "ar | الطقس جميل اليوم ونود أن نتمشى على ضفاف النهر. هل تريد أن تأتي معنا؟",
        "hi | आज मौसम बहुत अच्छा है और हम नदी के किनारे टहलना चाहते हैं। क्या आप हमारे साथ आना चाहेंगे?",
        "fr | Il fait très beau aujourd'hui et nous aimerions nous promener le long de la rivière. Voulez-vous venir avec nous ?",
        "ru | Сегодня прекрасная погода, и мы хотели бы прогуляться вдоль реки. Хотите пойти с нами?",
        "de | Das Wetter ist heute sehr schön und wir möchten am Fluss entlang spazieren. Willst du mitkommen?",
        "ja | 今日は天気がとても良いので、川沿いを散歩したいと思います。一緒に来ませんか。",
        "it | Oggi il tempo è molto bello e vorremmo passeggiare lungo il fiume. Vuoi venire con noi?",
        "bn | আজ আবহাওয়া খুব সুন্দর এবং আমরা নদীর ধারে হাঁটতে চাই। আপনি কি আমাদের সাথে আসবেন?",
        "uk | Сьогодні чудова погода, і ми хотіли б прогулятися вздовж річки. Хочете піти з нами?",
        "th | วันนี้อากาศดีมากและเราอยากเดินเล่นริมแม่น้ำ คุณอยากไปกับเราไหม",
        "ur | آج موسم بہت اچھا ہے اور ہم دریا کے کنارے چہل قدمی کرنا چاہتے ہیں۔ کیا آپ ہمارے ساتھ آئیں گے؟",
        "ta | இன்று வானிலை மிகவும் நன்றாக உள்ளது, நாங்கள் ஆற்றங்கரையில் நடக்க விரும்புகிறோம்.",
        "te | ఈ రోజు వాతావరణం చాలా బాగుంది మరియు మేము నది ఒడ్డున నడవాలనుకుంటున్నాము.",
        "bg | Днес времето е прекрасно и бихме искали да се разходим край реката. Искате ли да дойдете с нас?",
        "ko | 오늘은 날씨가 매우 좋아서 강을 따라 산책하고 싶습니다. 우리와 함께 가시겠습니까?",
        "pl | Dzisiaj pogoda jest bardzo ładna i chcielibyśmy pospacerować wzdłuż rzeki. Czy chcesz pójść z nami?",
        "he | מזג האוויר היום נפלא ואנחנו רוצים לטייל לאורך הנהר. האם תרצה לבוא איתנו?",
        "fa | امروز هوا بسیار خوب است و ما می‌خواهیم در کنار رودخانه قدم بزنیم. آیا می‌خواهید با ما بیایید؟",
        "vi | Hôm nay thời tiết rất đẹp và chúng tôi muốn đi dạo dọc theo bờ sông. Bạn có muốn đi cùng không?",
        "ne | आज मौसम धेरै राम्रो छ र हामी नदीको किनारमा हिँड्न चाहन्छौं। के तपाईं हामीसँग आउनुहुन्छ?",
        "sw | Hali ya hewa ni nzuri sana leo na tungependa kutembea kando ya mto. Je, unataka kuja pamoja nasi?",
        "kn | ಇಂದು ಹವಾಮಾನ ತುಂಬಾ ಚೆನ್ನಾಗಿದೆ ಮತ್ತು ನಾವು ನದಿಯ ದಡದಲ್ಲಿ ನಡೆಯಲು ಬಯಸುತ್ತೇವೆ.",
        "mr | आज हवामान खूप छान आहे आणि आम्हाला नदीकाठी फिरायला जायचे आहे. तुम्ही आमच्यासोबत येणार का?",
        "gu | આજે હવામાન ખૂબ સરસ છે અને અમે નદી કિનારે ચાલવા માંગીએ છીએ.",
        "pa | ਅੱਜ ਮੌਸਮ ਬਹੁਤ ਵਧੀਆ ਹੈ ਅਤੇ ਅਸੀਂ ਨਦੀ ਦੇ ਕੰਢੇ ਸੈਰ ਕਰਨਾ ਚਾਹੁੰਦੇ ਹਾਂ।",
        "ml | ഇന്ന് കാലാവസ്ഥ വളരെ നല്ലതാണ്, ഞങ്ങൾ നദീതീരത്ത് നടക്കാൻ ആഗ്രഹിക്കുന്നു.",
        "fi | Sää on tänään todella kaunis ja haluaisimme kävellä joen rantaa pitkin. Haluatko tulla mukaan?"
      })
  void everyLanguageOfIfevalIsTold(String code, String text) {
    assertEquals(Optional.of(code), Languages.of(text));
    assertEquals(Optional.of(code), Languages.of(text.toUpperCase(Locale.ROOT)));
    assertEquals(Optional.of(code), Languages.of((text + " ").repeat(300)));
  }

  @Test
  void sameTextGivesTheSameLanguageFromManyThreads() {
    String doubtful = "one two so la de ma";
    Optional<String> language = Languages.of(doubtful);
    assertTrue(
        IntStream.range(0, 200).parallel().allMatch(i -> Languages.of(doubtful).equals(language)));
  }

  @Test
  void textWithoutLettersHasNoLanguage() {
    assertEquals(Optional.empty(), Languages.of("12 34 \u0000 \ud83d !!"));
    assertEquals(Optional.empty(), Languages.of(""));
  }

  @Test
  void languagesHaveCodesAndNames() {
    assertEquals(Optional.of("fr"), Languages.code(" French"));
    assertEquals(Optional.of("zh-cn"), Languages.code("Chinese"));
    assertEquals(Optional.of("pa"), Languages.code("Punjabi"));
    assertEquals(Optional.of("zh-tw"), Languages.code("zh_TW"));
    assertEquals(Optional.empty(), Languages.code("Klingon"));
  }
}
