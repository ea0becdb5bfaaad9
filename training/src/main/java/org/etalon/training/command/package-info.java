/** What every command shares: options, exit codes, and errors as one line. */
package org.etalon.training.command;
