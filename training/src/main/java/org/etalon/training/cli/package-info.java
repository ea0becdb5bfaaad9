/** The command {@code etalon}: one class per sub-command, common options, errors as one line. */
package org.etalon.training.cli;
