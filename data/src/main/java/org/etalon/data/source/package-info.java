/** Files of problems in the layouts that are in use: rows, and what a row says. */
package org.etalon.data.source;
