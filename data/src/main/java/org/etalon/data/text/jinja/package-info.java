/**
 * An interpreter for the part of the Jinja template language that chat templates use.
 *
 * <p>Our choice: an interpreter of our own, because it must know of every character of the result
 * whether the template wrote it or a user did ({@link org.etalon.data.text.jinja.FramedText}), also
 * after a template has trimmed, split or joined a message. A template library returns plain text.
 *
 * <p>As in the Python library under Hugging Face transformers: {@code trim_blocks} and {@code
 * lstrip_blocks} are on, names that are not defined print as nothing, text methods are Python's.
 * What is not supported is refused by name. Nothing but the given values can be reached.
 */
package org.etalon.data.text.jinja;
