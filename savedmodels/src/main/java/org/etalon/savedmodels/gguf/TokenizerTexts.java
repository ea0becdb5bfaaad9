package org.etalon.savedmodels.gguf;

/**
 * A tokenizer as Hugging Face's library reads it.
 *
 * @param tokenizer text of {@code tokenizer.json}
 * @param config text of {@code tokenizer_config.json}, with the chat template if there is one
 */
public record TokenizerTexts(String tokenizer, String config) {}
